#pragma once

#include <cstddef>
#include <memory>

#include <muster/ports/prober.hpp>

namespace muster {

class HttpClient;

/// Checks by HTTP (docs/probes.md): one URL or several at once, all of which must pass. Loop thread
/// only.
class HttpProber final : public Prober {
public:
    static constexpr std::size_t kMostUrls = 32;  ///< Of one probe: they are asked at once.
    static constexpr std::uint8_t kMostRedirects = 10;

    /// `client` must outlive the prober.
    explicit HttpProber(HttpClient& client) : client_(client) {}
    ~HttpProber() override;  ///< No probe may be left.
    HttpProber(HttpProber const&) = delete;
    HttpProber& operator=(HttpProber const&) = delete;

    /// Errors: also unavailable, when TLS cannot be set up.
    [[nodiscard]] Result<std::unique_ptr<Probe>> prepare(ProbeSpec const& spec,
                                                         bool reuse) override;

private:
    HttpClient& client_;
    std::size_t probes_{0};
};

}  // namespace muster
