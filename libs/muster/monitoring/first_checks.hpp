#pragma once

#include <cstdint>

#include <muster/base/time.hpp>

namespace muster {

/// Paces the first checks of services that are new or known from before a restart: at once while
/// there are few, and never more than max(50, 1.2 x the fleet's steady rate) a second, so that a
/// large fleet starts without a burst (contract, section 1). A little is left of that for the
/// jitter of their way.
///
/// Ask for newcomers in the order of their phases: above the steady rate each then gets its first
/// check shortly before its regular time, which second_due() skips.
class FirstChecks {
public:
    /// The rate of regular checks of the whole fleet, newcomers included; checks a second.
    void set_steady_rate(double checks_per_second) noexcept { steady_rate_ = checks_per_second; }

    [[nodiscard]] SteadyTime next(SteadyTime now);

    /// When a first check may start that the loop was to start at `due`: now. One that is late goes
    /// behind the others instead: the loop stood still, and all that became due meanwhile would
    /// come at once.
    [[nodiscard]] SteadyTime start(SteadyTime due, SteadyTime now);

    /// The regular time that follows a first check: in phase, and not right after it.
    [[nodiscard]] static SteadyTime second_due(SteadyTime first, Millis interval,
                                               std::uint64_t identity);

private:
    [[nodiscard]] double rate() const noexcept;

    double steady_rate_{0};
    SteadyTime free_at_{};
};

}  // namespace muster
