#pragma once

#include <memory>
#include <string>
#include <vector>

#include <muster/base/time.hpp>
#include <muster/base/unique_function.hpp>
#include <muster/ports/clock.hpp>
#include <muster/ports/log.hpp>
#include <muster/ports/timers.hpp>

namespace muster {

/// The orderly end of a program: named steps, run last in first out, each when the one before has
/// ended or used up its time. A step that does not end is told in the log and left behind. Loop
/// thread only.
class StopSteps {
public:
    /// Calls its argument when the step has ended; it may do so at once, and at most once counts.
    using Step = UniqueFunction<void(UniqueFunction<void()> ended)>;

    StopSteps(Clock const& clock, Timers& timers, Log& log);
    ~StopSteps();
    StopSteps(StopSteps const&) = delete;
    StopSteps& operator=(StopSteps const&) = delete;

    void add(std::string name, Step step);

    /// Runs all steps within `limit` together, then `finished`. A second call does nothing.
    void stop(Millis limit, UniqueFunction<void(bool in_time)> finished);

    [[nodiscard]] bool stopping() const noexcept;

private:
    struct Run;
    void next();

    Clock const& clock_;
    Log& log_;
    struct Named {
        std::string name;
        Step step;
    };
    std::vector<Named> steps_;
    std::shared_ptr<Run> run_;
    std::unique_ptr<Timer> watchdog_;  // last: it calls back
};

}  // namespace muster
