#include <muster/stats/histogram.hpp>

#include <gtest/gtest.h>

namespace muster {
namespace {

TEST(DurationHistogram, IsEmptyAtFirst) {
    DurationHistogram const histogram;
    EXPECT_EQ(histogram.count(), 0U);
    EXPECT_EQ(histogram.quantile(0.99), Micros(0));
}

TEST(DurationHistogram, QuantilesLieWithinTheirBucket) {
    DurationHistogram histogram;
    for (int index = 0; index < 99; ++index) {
        histogram.record(Micros(100));
    }
    histogram.record(Micros(70'000));
    EXPECT_EQ(histogram.count(), 100U);
    EXPECT_GE(histogram.quantile(0.5), Micros(100));
    EXPECT_LT(histogram.quantile(0.99), Micros(200));
    EXPECT_EQ(histogram.quantile(1.0), Micros(70'000));
    EXPECT_EQ(histogram.longest(), Micros(70'000));
}

TEST(DurationHistogram, TakesWhatIsNegativeAsZeroAndWhatIsHugeAsItsLastBucket) {
    DurationHistogram histogram;
    histogram.record(Micros(-5));
    EXPECT_EQ(histogram.quantile(1.0), Micros(0));
    histogram.record(std::chrono::hours(24 * 365));
    EXPECT_EQ(histogram.longest(), std::chrono::hours(24 * 365));
    EXPECT_GT(histogram.quantile(1.0), std::chrono::hours(4));
}

}  // namespace
}  // namespace muster
