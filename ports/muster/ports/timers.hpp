#pragma once

#include <memory>

#include <muster/base/time.hpp>
#include <muster/base/unique_function.hpp>

namespace muster {

/// One timer. Loop thread only. Destroying it disarms it: its function then never runs.
class Timer {
public:
    virtual ~Timer() = default;

    /// Runs the function once, on the loop, not before `at`; arming again replaces the time. A time
    /// that is past runs it on the loop's next turn, never inside this call.
    virtual void arm(SteadyTime at) = 0;

    /// The function does not run until armed again.
    virtual void disarm() = 0;
};

/// Makes timers that fire on the loop that owns this object. Functions must not throw. Timers of
/// equal time fire in the order in which they were armed.
class Timers {
public:
    virtual ~Timers() = default;

    [[nodiscard]] virtual std::unique_ptr<Timer> make(UniqueFunction<void()> fire) = 0;
};

}  // namespace muster
