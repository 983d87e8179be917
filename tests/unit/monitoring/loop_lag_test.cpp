#include <muster/monitoring/loop_lag.hpp>

#include <gtest/gtest.h>

#include <muster/memory/simulated_loop.hpp>

namespace muster {
namespace {

/// A clock that stands still for a while and then is late, as a blocked loop sees it.
class LaggingClock final : public Clock {
public:
    explicit LaggingClock(SimulatedLoop& loop) : loop_(loop) {}
    [[nodiscard]] Instant now() const override {
        auto now = loop_.now();
        now.steady += late;
        return now;
    }

    Millis late{0};

private:
    SimulatedLoop& loop_;
};

TEST(LoopLag, IsNothingWhereNothingIsLate) {
    SimulatedLoop loop;
    LoopLag const lag(loop, loop);
    loop.run_for(60s);
    EXPECT_EQ(lag.longest(), Micros(0));
}

TEST(LoopLag, IsTheLongestOfTheLastTenToTwentySeconds) {
    SimulatedLoop loop;
    LaggingClock clock(loop);
    LoopLag const lag(clock, loop);
    loop.run_for(1s);
    clock.late = 300ms;  // the next tick finds that much time gone
    EXPECT_GE(lag.longest(), Millis(200)) << "while it still goes on";
    loop.run_for(200ms);
    EXPECT_EQ(lag.longest(), Millis(300));
    clock.late = 0ms;
    loop.run_for(9s);
    EXPECT_EQ(lag.longest(), Millis(300));
    loop.run_for(25s);
    EXPECT_EQ(lag.longest(), Micros(0));
}

}  // namespace
}  // namespace muster
