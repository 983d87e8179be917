#include <muster/monitoring/stall_watch.hpp>

#include <gtest/gtest.h>

#include <muster/memory/simulated_loop.hpp>

namespace muster {
namespace {

TEST(StallWatch, ALoopThatRunsStandsNeverStill) {
    SimulatedLoop loop;
    StallWatch watch(loop, loop);
    watch.start();
    loop.run_for(1h);
    EXPECT_EQ(watch.count(), 0U);
    EXPECT_EQ(watch.until(), SteadyTime{});
}

TEST(StallWatch, ASecondAndAHalfWithoutABeatIsToldOnce) {
    SimulatedLoop loop;
    StallWatch watch(loop, loop);
    watch.start();
    loop.run_for(10s);
    loop.stand_still(1s);
    loop.run_for(1s);
    EXPECT_EQ(watch.count(), 0U) << "a busy loop is late, and no more";
    loop.stand_still(5s);
    auto const back = loop.now().steady;
    watch.notice(back);
    EXPECT_EQ(watch.count(), 1U);
    EXPECT_EQ(watch.until(), back);
    loop.run_for(10s);
    EXPECT_EQ(watch.count(), 1U);
    EXPECT_EQ(watch.until(), back);
}

TEST(StallWatch, NoticesByItselfToo) {
    SimulatedLoop loop;
    StallWatch watch(loop, loop);
    watch.start();
    loop.run_for(10s);
    loop.stand_still(5s);
    loop.run_for(0s);
    EXPECT_EQ(watch.count(), 1U);
    watch.stop();
    EXPECT_EQ(loop.waiting(), 0U);
}

TEST(StallWatch, BeforeItBeganNothingIsKnown) {
    SimulatedLoop loop;
    StallWatch watch(loop, loop);
    loop.run_for(10s);
    watch.notice(loop.now().steady);
    EXPECT_EQ(watch.count(), 0U);
}

}  // namespace
}  // namespace muster
