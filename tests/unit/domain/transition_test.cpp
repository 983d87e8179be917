#include <muster/domain/transition.hpp>

#include <string>

#include <gtest/gtest.h>

namespace muster {
namespace {

Transition change(HealthStatus from, HealthStatus to, Cause cause) {
    Transition transition;
    transition.from = from;
    transition.to = to;
    transition.reason.cause = cause;
    transition.reason.count = 1;
    transition.reason.threshold = 1;
    return transition;
}

TEST(Describe, DownSaysAfterHowManyFailuresAndWhy) {
    auto transition = change(HealthStatus::up, HealthStatus::down, Cause::failures);
    transition.reason.error = "HTTP error: 503";
    EXPECT_EQ(describe(transition), "down after 1 failed check: HTTP error: 503");
    transition.reason.count = 4;
    transition.reason.error = "connection refused";
    EXPECT_EQ(describe(transition), "down after 4 failed checks: connection refused");
    transition.reason.error.clear();
    EXPECT_EQ(describe(transition), "down after 4 failed checks");
}

TEST(Describe, DownSaysOfHowManyAndWhoIsAtFault) {
    auto transition = change(HealthStatus::up, HealthStatus::down, Cause::failures_of_last);
    transition.reason.count = 3;
    transition.reason.of = 5;
    transition.reason.error = "connection refused";
    EXPECT_EQ(describe(transition), "down after 3 of the last 5 checks failed: connection refused");
    transition.reason.root = "shop/db";
    EXPECT_EQ(describe(transition),
              "down after 3 of the last 5 checks failed: connection refused (shop/db is down)");
}

TEST(Describe, FastAgainSaysUnderWhichMark) {
    auto transition = change(HealthStatus::degraded, HealthStatus::up, Cause::normal_again);
    transition.reason.response_time = 700ms;
    transition.reason.normal_below = 800ms;
    EXPECT_EQ(describe(transition), "up again: answered in 700 ms, under 800 ms");
}

TEST(Describe, UpSaysWhetherItIsSoAgain) {
    EXPECT_EQ(describe(change(HealthStatus::unknown, HealthStatus::up, Cause::passed)), "up");
    EXPECT_EQ(describe(change(HealthStatus::down, HealthStatus::up, Cause::passed)), "up again");
    EXPECT_EQ(describe(change(HealthStatus::degraded, HealthStatus::up, Cause::normal_again)),
              "up again");
    auto transition = change(HealthStatus::down, HealthStatus::up, Cause::passed);
    transition.reason.count = 3;
    transition.reason.threshold = 3;
    EXPECT_EQ(describe(transition), "up again after 3 passing checks");
}

TEST(Describe, DegradedSaysByWhat) {
    auto transition = change(HealthStatus::up, HealthStatus::degraded, Cause::slow);
    transition.reason.response_time = 1530ms;
    transition.reason.degraded_above = 1s;
    EXPECT_EQ(describe(transition), "degraded: answered in 1530 ms, over 1000 ms");
    transition.from = HealthStatus::down;
    EXPECT_EQ(describe(transition),
              "no longer down but degraded: answered in 1530 ms, over 1000 ms");
    EXPECT_EQ(describe(change(HealthStatus::up, HealthStatus::degraded, Cause::body_says_degraded)),
              "degraded: its answer says so");
}

}  // namespace
}  // namespace muster
