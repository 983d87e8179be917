#pragma once

#include <cstddef>
#include <cstdint>
#include <map>
#include <memory>
#include <utility>

#include <muster/base/time.hpp>
#include <muster/base/unique_function.hpp>
#include <muster/ports/clock.hpp>
#include <muster/ports/lane.hpp>
#include <muster/ports/timers.hpp>

namespace muster {

/// Simulated time: a clock and a loop that jumps from one due function to the next. Functions run
/// in the order of their times, those of equal time in the order in which they were asked for, so a
/// run repeats exactly. One thread. Must outlive the timers and lanes made from it.
class SimulatedLoop final : public Clock, public Timers {
public:
    /// Simulated life starts at this moment.
    explicit SimulatedLoop(WallTime start = WallTime(Millis(1'700'000'000'000)));

    [[nodiscard]] Instant now() const override;
    [[nodiscard]] std::unique_ptr<Timer> make(UniqueFunction<void()> fire) override;

    /// Runs `function` once at `at`, or as soon as possible when that is past. Not cancellable.
    void at(SteadyTime at, UniqueFunction<void()> function);
    void after(SteadyTime::duration delay, UniqueFunction<void()> function);

    /// Runs what is due up to `until`, then stands at `until`.
    void run_until(SteadyTime until);
    void run_for(SteadyTime::duration length);

    /// Runs the next due function, if there is any; false: nothing was left to run.
    bool run_one();

    /// Time goes on and nothing runs: the process is stopped. What fell due runs late afterwards.
    void stand_still(SteadyTime::duration length) { steady_ += length; }

    /// The wall clock jumps; the steady one does not: the clock was set, or the machine slept.
    void step_wall_clock(Millis by) { wall_offset_ += by; }

    /// How far all those steps took it from where it would be.
    [[nodiscard]] Millis wall_offset() const noexcept { return wall_offset_; }

    /// Functions waiting.
    [[nodiscard]] std::size_t waiting() const noexcept { return queue_.size(); }

private:
    class SimulatedTimer;
    using Key = std::pair<SteadyTime, std::uint64_t>;

    Key enqueue(SteadyTime at, UniqueFunction<void()> function);

    WallTime const start_;
    SteadyTime steady_{};
    Millis wall_offset_{0};
    std::uint64_t order_{0};
    std::map<Key, UniqueFunction<void()>> queue_;
};

/// A lane in simulated time: a job is applied `apply_after` its turn came, and answered
/// `answer_after` that. Jobs are done one after another.
class SimulatedLane final : public Lane {
public:
    struct Options {
        Micros apply_after{0};
        Micros answer_after{0};
        std::size_t queue_limit{1024};
    };

    explicit SimulatedLane(SimulatedLoop& loop) : SimulatedLane(loop, Options{}) {}
    SimulatedLane(SimulatedLoop& loop, Options options);
    ~SimulatedLane() override;

    [[nodiscard]] bool submit(UniqueFunction<void()> job, UniqueFunction<void()> done) override;
    [[nodiscard]] std::size_t pending() const override;

    /// For what follows; jobs already taken keep their times.
    void set_options(Options options);

private:
    struct State;
    std::shared_ptr<State> state_;
};

}  // namespace muster
