#pragma once

#include <cstddef>
#include <memory>
#include <string>

#include <muster/ports/clock.hpp>
#include <muster/ports/prober.hpp>

namespace muster {

class HttpClient;
class Loop;

/// The probers of all kinds that are built in (`http`, `tcp`), over one resolver, one budget of
/// kept connections and one set of trusted authorities; kinds of one's own are added to them. Loop
/// thread only.
class BuiltInProbers final : public Prober {
public:
    /// Both must outlive the probers. Names go by /etc/hosts and the name servers of
    /// /etc/resolv.conf. `shards`: so many in this process share the places for idle connections,
    /// for names and for questions about them.
    BuiltInProbers(Loop& loop, Clock const& clock, std::size_t shards = 1);
    ~BuiltInProbers() override;  ///< No probe may be left.
    BuiltInProbers(BuiltInProbers const&) = delete;
    BuiltInProbers& operator=(BuiltInProbers const&) = delete;

    /// As ProberSet::add().
    void add(std::string kind, Prober& prober);

    /// Errors: as the prober of the kind says; unsupported where there is none.
    [[nodiscard]] Result<std::unique_ptr<Probe>> prepare(ProbeSpec const& spec,
                                                         bool reuse) override;

    /// What the HTTP probes go by, for other requests of the same loop. Lives as long as this.
    [[nodiscard]] HttpClient& http_client() const noexcept;

private:
    struct Impl;
    std::unique_ptr<Impl> impl_;
};

}  // namespace muster
