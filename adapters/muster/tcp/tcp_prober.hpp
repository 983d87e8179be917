#pragma once

#include <memory>

#include <muster/ports/clock.hpp>
#include <muster/ports/prober.hpp>
#include <muster/runtime/loop.hpp>
#include <muster/tcp/resolver.hpp>

namespace muster {

/// Checks that something accepts TCP connections. The connection ends in good order, not by a
/// reset: many servers log a reset before the first byte as an error. Loop thread only.
class TcpProber final : public Prober {
public:
    /// All must outlive the prober.
    TcpProber(Loop& loop, Clock const& clock, Resolver& resolver);
    ~TcpProber() override;  ///< No probe may be left.
    TcpProber(TcpProber const&) = delete;
    TcpProber& operator=(TcpProber const&) = delete;

    /// `reuse` does not matter here: to connect is what is checked.
    [[nodiscard]] Result<std::unique_ptr<Probe>> prepare(ProbeSpec const& spec,
                                                         bool reuse) override;

private:
    struct Impl;
    std::unique_ptr<Impl> impl_;
};

}  // namespace muster
