#include <muster/postgres/partitions.hpp>

#include <gtest/gtest.h>

#include <muster/testing/record_story.hpp>

namespace muster::postgres {
namespace {

using muster::testing::kStart;

std::string name_at(Facts facts, WallTime at) {
    return Partitions::name_of(Partitions::place_of(facts, at));
}

TEST(Partitions, AreDaysOfChecksAndMinutes) {
    EXPECT_EQ(name_at(Facts::passed, kStart), "check_passed_20261122");
    EXPECT_EQ(name_at(Facts::failed, kStart + 18h), "check_failed_20261122");
    EXPECT_EQ(name_at(Facts::minutes, kStart + 18h + 5min), "rollup_minute_20261123");
    auto const place = Partitions::place_of(Facts::passed, kStart);
    EXPECT_EQ(Partitions::start_of(place), kStart - 5h - 55min);
    EXPECT_EQ(Partitions::end_of(place), kStart + 18h + 5min);
}

TEST(Partitions, AreFourWeeksOfHours) {
    auto const place = Partitions::place_of(Facts::hours, kStart);
    EXPECT_EQ(Partitions::end_of(place) - Partitions::start_of(place), 28 * 24h);
    EXPECT_LE(Partitions::start_of(place), kStart);
    EXPECT_GT(Partitions::end_of(place), kStart);
}

TEST(Partitions, HoldEveryMomentHoweverWrongTheClock) {
    EXPECT_EQ(name_at(Facts::passed, WallTime(Millis(-1))), "check_passed_19691231");
    EXPECT_EQ(name_at(Facts::passed, WallTime(Millis(0))), "check_passed_19700101");
    EXPECT_EQ(name_at(Facts::passed, WallTime::min()), "check_passed_00010101");
    EXPECT_EQ(name_at(Facts::failed, WallTime::max()), "check_failed_99991231");
}

}  // namespace
}  // namespace muster::postgres
