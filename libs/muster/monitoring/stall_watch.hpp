#pragma once

#include <cstdint>
#include <memory>
#include <optional>

#include <muster/base/time.hpp>
#include <muster/ports/clock.hpp>
#include <muster/ports/timers.hpp>

namespace muster {

/// Notices that a loop stood still: stopped, suspended or starved. A loop that runs beats twice a
/// second; where nothing of it ran for more than 1.5 s it did not. Loop thread only.
class StallWatch {
public:
    /// Both must outlive it.
    StallWatch(Clock const& clock, Timers& timers);

    /// Begins to beat; once is enough.
    void start();
    void stop();

    /// Something else runs on the loop, and is to know what came before.
    void notice(SteadyTime now);

    /// The loop stood still up to here: what began before was held up.
    [[nodiscard]] SteadyTime until() const noexcept { return until_; }

    /// Times that it stood still.
    [[nodiscard]] std::uint64_t count() const noexcept { return count_; }

private:
    void beat();

    Clock const& clock_;
    std::optional<SteadyTime> last_beat_;
    SteadyTime until_{};
    std::uint64_t count_{0};
    std::unique_ptr<Timer> timer_;  // last: it calls back
};

}  // namespace muster
