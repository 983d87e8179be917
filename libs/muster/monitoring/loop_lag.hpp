#pragma once

#include <memory>

#include <muster/base/time.hpp>
#include <muster/ports/clock.hpp>
#include <muster/ports/timers.hpp>

namespace muster {

/// Measures how late a loop comes to what is due: a timer every 100 ms, and by how much it was
/// missed. A loop that something blocks shows it here. Loop thread only.
class LoopLag {
public:
    /// Begins to measure. Both must outlive it.
    LoopLag(Clock const& clock, Timers& timers);

    /// The longest lateness of the last 10 to 20 seconds, the one going on now included.
    [[nodiscard]] Micros longest() const;

private:
    void tick();
    void arm(SteadyTime now);
    [[nodiscard]] Micros lateness(SteadyTime now) const;

    Clock const& clock_;
    SteadyTime due_{};
    SteadyTime window_began_{};
    Micros in_window_{0};
    Micros in_window_before_{0};
    std::unique_ptr<Timer> timer_;  // last: it calls back
};

}  // namespace muster
