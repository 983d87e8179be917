#include <muster/memory/simulated_loop.hpp>

#include <string>
#include <vector>

#include <gtest/gtest.h>

namespace muster {
namespace {

TEST(SimulatedLoop, JumpsFromOneDueFunctionToTheNext) {
    SimulatedLoop loop;
    std::vector<SteadyTime> times;
    auto timer = loop.make([&] { times.push_back(loop.now().steady); });
    timer->arm(SteadyTime(1h));
    loop.run_for(2h);
    EXPECT_EQ(times, std::vector<SteadyTime>{SteadyTime(1h)});
    EXPECT_EQ(loop.now().steady, SteadyTime(2h));
}

TEST(SimulatedLoop, KeepsTheOrderOfThoseDueAtTheSameMoment) {
    SimulatedLoop loop;
    std::string order;
    for (char const name : {'a', 'b', 'c'}) {
        loop.after(1s, [&order, name] { order += name; });
    }
    loop.run_for(1s);
    EXPECT_EQ(order, "abc");
}

TEST(SimulatedLoop, StepsOnlyTheWallClock) {
    SimulatedLoop loop;
    auto const before = loop.now();
    loop.step_wall_clock(-1h);
    EXPECT_EQ(loop.now().steady, before.steady);
    EXPECT_EQ(loop.now().wall, before.wall - 1h);
}

TEST(SimulatedLoop, ATimerMayDestroyItselfWhileItFires) {
    SimulatedLoop loop;
    std::unique_ptr<Timer> timer;
    int fired = 0;
    timer = loop.make([&] {
        timer.reset();
        ++fired;
    });
    timer->arm(SteadyTime(1s));
    loop.run_for(1h);
    EXPECT_EQ(fired, 1);
}

TEST(SimulatedLane, AppliesLateAnswersLaterAndOneAfterAnother) {
    SimulatedLoop loop;
    SimulatedLane lane(loop, {.apply_after = 10ms, .answer_after = 5ms, .queue_limit = 2});
    std::vector<std::pair<std::string, Millis>> trace;
    auto const note = [&](std::string what) {
        trace.emplace_back(std::move(what),
                           std::chrono::floor<Millis>(loop.now().steady.time_since_epoch()));
    };
    EXPECT_TRUE(lane.submit([&] { note("first"); }, [&] { note("first done"); }));
    EXPECT_TRUE(lane.submit([&] { note("second"); }, [&] { note("second done"); }));
    EXPECT_FALSE(lane.submit([] {}, [] {}));
    EXPECT_EQ(lane.pending(), 2U);
    loop.run_for(1s);
    std::vector<std::pair<std::string, Millis>> const expected{
        {"first", 10ms}, {"first done", 15ms}, {"second", 25ms}, {"second done", 30ms}};
    EXPECT_EQ(trace, expected);
}

TEST(SimulatedLane, DestroyedItAppliesAndAnswersNothingMore) {
    SimulatedLoop loop;
    int touched = 0;
    {
        SimulatedLane lane(loop, {.apply_after = 10ms, .answer_after = 10ms});
        (void)lane.submit([&] { ++touched; }, [&] { ++touched; });
        loop.run_for(15ms);
    }
    loop.run_for(1s);
    EXPECT_EQ(touched, 1) << "the job was applied, its answer is lost";
}

}  // namespace
}  // namespace muster
