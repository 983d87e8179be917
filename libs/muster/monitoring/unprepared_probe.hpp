#pragma once

#include <memory>
#include <string>

#include <muster/ports/clock.hpp>
#include <muster/ports/prober.hpp>
#include <muster/ports/timers.hpp>

namespace muster {

/// Stands in for a probe that could not be prepared (the file of its authorities is gone, say):
/// each run ends on the loop's next turn, is our own failure and says why.
class UnpreparedProbe final : public Probe {
public:
    UnpreparedProbe(Clock const& clock, Timers& timers, std::string why);

    void start(ProbeRun const& run, ProbeObserver& observer, std::uint64_t token) override;
    void cancel() override;

private:
    void end();

    Clock const& clock_;
    std::string const why_;
    ProbeObserver* observer_{nullptr};
    std::uint64_t token_{0};
    std::unique_ptr<Timer> timer_;  // last: it calls back
};

}  // namespace muster
