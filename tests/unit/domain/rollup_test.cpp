#include <muster/domain/rollup.hpp>

#include <gtest/gtest.h>

namespace muster {
namespace {

constexpr Millis kMinute{60'000};

TEST(RollupTest, CountsChecksByTheStatusAfterThem) {
    Rollup rollup;
    add_check(rollup, HealthStatus::up, Micros(3'000));
    add_check(rollup, HealthStatus::degraded, Micros(1'000));
    add_check(rollup, HealthStatus::down, Micros(5'000));
    add_check(rollup, HealthStatus::unknown, Micros(7'000));
    EXPECT_EQ(rollup.checks, 4U);
    EXPECT_EQ(rollup.up, 1U);
    EXPECT_EQ(rollup.degraded, 1U);
    EXPECT_EQ(rollup.down, 1U);
    EXPECT_EQ(rollup.shortest, Micros(1'000));
    EXPECT_EQ(rollup.longest, Micros(7'000));
    EXPECT_EQ(mean_of(rollup), Micros(4'000));
}

TEST(RollupTest, WithoutChecksHasNoTimes) {
    EXPECT_EQ(mean_of({}), Micros(0));
    EXPECT_EQ(quantile_of({}, 0.95), Micros(0));
}

TEST(RollupTest, PartsMergeInAnyOrder) {
    Rollup first;
    add_check(first, HealthStatus::up, Micros(3'000));
    first.observed = Millis(10'000);
    Rollup second;
    second.observed = Millis(20'000);
    second.down_time = Millis(5'000);
    Rollup third;
    add_check(third, HealthStatus::down, Micros(1'000));
    Rollup forward;
    Rollup backward;
    for (auto const* const part : {&first, &second, &third}) {
        merge(forward, *part, kMinute);
    }
    for (auto const* const part : {&third, &second, &first}) {
        merge(backward, *part, kMinute);
    }
    EXPECT_EQ(forward, backward);
    EXPECT_EQ(forward.checks, 2U);
    EXPECT_EQ(forward.observed, Millis(30'000));
    EXPECT_EQ(forward.down_time, Millis(5'000));
    EXPECT_EQ(forward.shortest, Micros(1'000));
}

TEST(RollupTest, ATimeThatIsShownTwiceIsObservedOnce) {
    Rollup whole;
    Rollup part;
    part.observed = Millis(40'000);
    part.down_time = Millis(40'000);
    merge(whole, part, kMinute);
    merge(whole, part, kMinute);
    EXPECT_EQ(whole.observed, kMinute);
    EXPECT_EQ(whole.down_time, kMinute);
}

TEST(RollupTest, QuantilesStayBetweenTheShortestAndTheLongest) {
    Rollup rollup;
    add_check(rollup, HealthStatus::up, Micros(100'000));
    EXPECT_EQ(quantile_of(rollup, 0.5), Micros(100'000));
    EXPECT_EQ(quantile_of(rollup, 0.99), Micros(100'000));
}

}  // namespace
}  // namespace muster
