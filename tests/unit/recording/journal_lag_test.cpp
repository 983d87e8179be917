#include <muster/recording/journal_lag.hpp>

#include <gtest/gtest.h>

namespace muster {
namespace {

SteadyTime at(double seconds) {
    return SteadyTime(
        std::chrono::duration_cast<SteadyTime::duration>(std::chrono::duration<double>(seconds)));
}

double seconds(Micros lag) {
    return std::chrono::duration<double>(lag).count();
}

TEST(JournalLag, IsTheAgeOfTheOldestRecordThatWasNotTaken) {
    JournalLag lag;
    EXPECT_EQ(lag.behind(0, at(1)), Micros(0));
    lag.wrote(10, at(1));
    lag.wrote(20, at(2));
    EXPECT_DOUBLE_EQ(seconds(lag.behind(0, at(5))), 4);
    EXPECT_DOUBLE_EQ(seconds(lag.behind(9, at(5))), 4);
    EXPECT_DOUBLE_EQ(seconds(lag.behind(10, at(5))), 3);
    EXPECT_EQ(lag.behind(20, at(5)), Micros(0));
}

TEST(JournalLag, TakesWritesThatAreCloseTogetherAsOne) {
    JournalLag lag;
    lag.wrote(1, at(1));
    lag.wrote(2, at(1.04));
    EXPECT_DOUBLE_EQ(seconds(lag.behind(1, at(2))), 1) << "at most 50 ms too much";
    lag.wrote(3, at(1.06));
    EXPECT_NEAR(seconds(lag.behind(2, at(2))), 0.94, 1e-6);
}

TEST(JournalLag, ForgetsWhatAllHavePassed) {
    JournalLag lag;
    lag.wrote(10, at(1));
    lag.wrote(20, at(2));
    lag.passed(10);
    EXPECT_DOUBLE_EQ(seconds(lag.behind(0, at(5))), 3);
    lag.passed(20);
    EXPECT_EQ(lag.behind(0, at(5)), Micros(0));
}

TEST(JournalLag, IsNeverTooLittleAndHardlyTooMuchOverDays) {
    JournalLag lag;
    constexpr int kWrites = 3 * 24 * 3600;  // one a second
    for (int second = 1; second <= kWrites; ++second) {
        lag.wrote(static_cast<std::uint64_t>(second), at(second));
    }
    auto const now = at(kWrites);
    for (int position = 0; position < kWrites - 1; position += 997) {
        double const truth = kWrites - (position + 1);
        auto const told = seconds(lag.behind(static_cast<std::uint64_t>(position), now));
        ASSERT_GE(told, truth) << position;
        ASSERT_LE(told, truth * 1.13 + 2) << position;
    }
}

}  // namespace
}  // namespace muster
