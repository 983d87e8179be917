#include <muster/monitoring/own_faults.hpp>

#include <string>
#include <vector>

#include <gtest/gtest.h>

namespace muster {
namespace {

Outcome ours(OwnFault fault, std::string error = "away") {
    Outcome outcome;
    outcome.verdict = Verdict::not_counted;
    outcome.own_fault = fault;
    outcome.error = std::move(error);
    return outcome;
}

Outcome passed() {
    Outcome outcome;
    outcome.verdict = Verdict::passed;
    return outcome;
}

/// What was told, as `network`, `-network`.
std::string told(OwnFaults& faults, Outcome const& outcome, bool remote = true) {
    std::string text;
    for (auto const& one : faults.take(outcome, remote)) {
        text += (one.over ? " -" : " ") + std::string(part_of(one.fault));
    }
    return text;
}

TEST(OwnFaults, AreToldAtTheThirdInARowOnceAndWhenTheyEnd) {
    OwnFaults faults;
    EXPECT_EQ(told(faults, ours(OwnFault::network)), "");
    EXPECT_EQ(told(faults, ours(OwnFault::network)), "");
    auto const third = faults.take(ours(OwnFault::network, "no route"), true);
    ASSERT_EQ(third.size(), 1U);
    EXPECT_EQ(third[0].description, "checks do not count: no route");
    EXPECT_EQ(told(faults, ours(OwnFault::network)), "");
    EXPECT_EQ(told(faults, passed()), " -network");
    EXPECT_EQ(told(faults, passed()), "");
}

TEST(OwnFaults, EndOnlyWithACheckThatCouldTell) {
    OwnFaults faults;
    for (int check = 0; check < 3; ++check) {
        (void)faults.take(ours(OwnFault::network), true);
        (void)faults.take(ours(OwnFault::descriptors), true);
        (void)faults.take(ours(OwnFault::resolver), true);
    }
    auto here = passed();
    here.connection = ConnectionUse::reused;
    EXPECT_EQ(told(faults, here, false), "") << "loopback, a kept connection, no name";
    auto there = here;
    EXPECT_EQ(told(faults, there, true), " -network");
    there.connection = ConnectionUse::fresh;
    EXPECT_EQ(told(faults, there, true), " -descriptors");
    there.phases.dns = 1ms;
    EXPECT_EQ(told(faults, there, true), " -resolver");
}

TEST(OwnFaults, AreCountedEachForItself) {
    OwnFaults faults;
    EXPECT_EQ(told(faults, ours(OwnFault::network)), "");
    EXPECT_EQ(told(faults, ours(OwnFault::descriptors)), "");
    EXPECT_EQ(told(faults, ours(OwnFault::network)), "");
    EXPECT_EQ(told(faults, ours(OwnFault::descriptors)), "");
    EXPECT_EQ(told(faults, ours(OwnFault::descriptors)), " descriptors");
    EXPECT_EQ(told(faults, ours(OwnFault::network)), " network");
}

TEST(OwnFaults, OfNoKnownPartAreProbings) {
    OwnFaults faults;
    (void)told(faults, ours(OwnFault::none));
    (void)told(faults, ours(OwnFault::other));
    EXPECT_EQ(told(faults, ours(OwnFault::none)), " probing");
    EXPECT_TRUE(faults.touched_by(passed()));
    EXPECT_EQ(told(faults, passed()), " -probing");
    EXPECT_FALSE(faults.touched_by(passed()));
    EXPECT_TRUE(faults.touched_by(ours(OwnFault::network)));
}

}  // namespace
}  // namespace muster
