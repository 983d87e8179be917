#include <muster/runtime/loop.hpp>

#include <memory>
#include <stdexcept>
#include <thread>
#include <vector>

#include <gtest/gtest.h>

#include <muster/runtime/loop_thread.hpp>
#include <muster/runtime/system_clock.hpp>

namespace muster {
namespace {

TEST(Loop, RunsPostedFunctionsInOrderAndEndsWhenFinished) {
    Loop loop;
    std::vector<int> order;
    loop.post([&] {
        order.push_back(1);
        loop.post([&] { order.push_back(3); });
        order.push_back(2);
    });
    loop.finish();
    loop.run();
    EXPECT_EQ(order, (std::vector<int>{1, 2, 3}));
}

TEST(Loop, FiresTimersInTheOrderOfTheirTimesNotBeforeThem) {
    Loop loop;
    SystemClock const clock;
    auto const start = clock.now().steady;
    std::vector<int> order;
    SteadyTime fired_at{};
    auto late = loop.make([&] {
        order.push_back(2);
        fired_at = clock.now().steady;
    });
    auto early = loop.make([&] { order.push_back(1); });
    late->arm(start + 20ms);
    early->arm(start - 1h);
    loop.finish();
    loop.run();
    EXPECT_EQ(order, (std::vector<int>{1, 2}));
    EXPECT_GE(fired_at, start + 20ms);
}

TEST(Loop, ATimerArmedAgainFiresOnceAtTheNewTime) {
    Loop loop;
    SystemClock const clock;
    int fired = 0;
    auto timer = loop.make([&] { ++fired; });
    timer->arm(clock.now().steady);
    timer->arm(clock.now().steady + 5ms);
    timer->arm(clock.now().steady + 1ms);
    loop.finish();
    loop.run();
    EXPECT_EQ(fired, 1);
}

TEST(Loop, ADisarmedOrDestroyedTimerNeverFires) {
    Loop loop;
    SystemClock const clock;
    int fired = 0;
    auto disarmed = loop.make([&] { ++fired; });
    auto destroyed = loop.make([&] { ++fired; });
    disarmed->arm(clock.now().steady);
    destroyed->arm(clock.now().steady);
    disarmed->disarm();
    destroyed.reset();
    loop.finish();
    loop.run();
    EXPECT_EQ(fired, 0);
}

TEST(Loop, ATimerMayDestroyItselfWhileItFires) {
    Loop loop;
    std::unique_ptr<Timer> timer;
    auto const alive = std::make_shared<int>(7);
    int seen = 0;
    timer = loop.make([&timer, &seen, held = alive] {
        timer.reset();
        seen = *held;
    });
    timer->arm(SteadyTime{});
    loop.finish();
    loop.run();
    EXPECT_EQ(seen, 7);
}

TEST(LoopThread, TellsWhatEscapedFromALoop) {
    std::string told;
    {
        LoopThread thread("edge", [&told](std::string const& message) { told = message; });
        thread.loop().post([] { throw std::runtime_error("broken"); });
    }
    EXPECT_EQ(told, "edge: broken");
}

}  // namespace
}  // namespace muster
