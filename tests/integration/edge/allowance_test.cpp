#include <muster/edge/allowance.hpp>

#include <gtest/gtest.h>

namespace muster {
namespace {

TEST(Allowance, IsSpentAndGrowsWithTime) {
    SteadyTime now{};
    Allowance allowance(10, 3);
    for (int spent = 0; spent < 3; ++spent) {
        EXPECT_TRUE(allowance.any_left(now));
        allowance.spend(1, now);
    }
    EXPECT_FALSE(allowance.any_left(now));
    now += 50ms;
    EXPECT_TRUE(allowance.any_left(now)) << "half of one";
    allowance.spend(1, now);
    EXPECT_FALSE(allowance.any_left(now + 50ms));
    EXPECT_TRUE(allowance.any_left(now + 60ms));
}

TEST(Allowance, NeverGrowsBeyondWhatItMayBe) {
    SteadyTime now{};
    Allowance allowance(10, 3);
    now += 1h;
    allowance.spend(3, now);
    EXPECT_FALSE(allowance.any_left(now));
}

TEST(Allowance, WhatIsAskedForAtOnceIsPaidForLater) {
    SteadyTime now{};
    Allowance allowance(10, 3);
    allowance.spend(13, now);
    EXPECT_FALSE(allowance.any_left(now + 1s));
    EXPECT_TRUE(allowance.any_left(now + 1001ms));
}

}  // namespace
}  // namespace muster
