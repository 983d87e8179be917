#include <muster/monitoring/network_watch.hpp>

#include <gtest/gtest.h>

namespace muster {
namespace {

Outcome unreachable() {
    Outcome outcome;
    outcome.verdict = Verdict::failed;
    outcome.error = "host unreachable";
    outcome.own_fault = OwnFault::network;
    outcome.response_time = 900ms;
    return outcome;
}

Outcome silent() {
    Outcome outcome;
    outcome.verdict = Verdict::failed;
    outcome.error = "timed out after 5000 ms";
    outcome.response_time = 5s;
    return outcome;
}

Outcome refused() {
    Outcome outcome;
    outcome.verdict = Verdict::failed;
    outcome.error = "connection refused";
    outcome.response_time = 300us;
    return outcome;
}

Verdict after(NetworkWatch& watch, Outcome outcome, NetworkWatch::Host host) {
    watch.judge(outcome, host, 5s);
    return outcome.verdict;
}

TEST(NetworkWatch, ThreeHostsInARowThatAreNotReachedAreOurNetwork) {
    NetworkWatch watch;
    EXPECT_EQ(after(watch, unreachable(), 1), Verdict::failed);
    EXPECT_EQ(after(watch, silent(), 2), Verdict::failed);
    EXPECT_FALSE(watch.away());
    auto third = unreachable();
    watch.judge(third, 3, 5s);
    EXPECT_TRUE(watch.away());
    EXPECT_EQ(third.verdict, Verdict::not_counted);
    EXPECT_EQ(third.own_fault, OwnFault::network);
    EXPECT_EQ(third.error, "host unreachable (not counted: no other host is reached either)");
    EXPECT_EQ(after(watch, silent(), 1), Verdict::not_counted);
}

TEST(NetworkWatch, OneHostHoweverOftenIsTheTargets) {
    NetworkWatch watch;
    for (int check = 0; check < 20; ++check) {
        EXPECT_EQ(after(watch, unreachable(), 1), Verdict::failed);
        EXPECT_EQ(after(watch, silent(), 2), Verdict::failed);
    }
}

TEST(NetworkWatch, AnyAnswerEvenARefusalProvesTheNetwork) {
    NetworkWatch watch;
    for (NetworkWatch::Host host = 1; host < 20; ++host) {
        EXPECT_EQ(after(watch, unreachable(), host), Verdict::failed);
        if (host % 2 == 0) {
            EXPECT_EQ(after(watch, refused(), 99), Verdict::failed);
        }
    }
    for (NetworkWatch::Host host = 1; host < 5; ++host) {
        (void)after(watch, unreachable(), host);
    }
    EXPECT_TRUE(watch.away());
    EXPECT_EQ(after(watch, refused(), 99), Verdict::failed);
    EXPECT_FALSE(watch.away());
}

TEST(NetworkWatch, WhoWasConnectedAndThenSilentWasReached) {
    NetworkWatch watch;
    auto slow = silent();
    slow.phases.connect = 1ms;
    auto kept = silent();
    kept.connection = ConnectionUse::reused;
    for (NetworkWatch::Host host = 1; host < 10; ++host) {
        EXPECT_EQ(after(watch, slow, host), Verdict::failed);
        EXPECT_EQ(after(watch, kept, host), Verdict::failed);
    }
    EXPECT_FALSE(watch.away());
}

TEST(NetworkWatch, WhatDoesNotCountSaysNothing) {
    NetworkWatch watch;
    (void)after(watch, unreachable(), 1);
    (void)after(watch, unreachable(), 2);
    Outcome ours = unreachable();
    ours.verdict = Verdict::not_counted;
    EXPECT_EQ(after(watch, ours, 3), Verdict::not_counted);
    EXPECT_FALSE(watch.away());
}

}  // namespace
}  // namespace muster
