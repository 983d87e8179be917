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
        histogram.record(Micros(150));
    }
    histogram.record(Micros(70'000));
    EXPECT_EQ(histogram.count(), 100U);
    EXPECT_EQ(histogram.sum(), Micros(99 * 150 + 70'000));
    EXPECT_EQ(histogram.quantile(0.5), Micros(250));
    EXPECT_EQ(histogram.quantile(0.99), Micros(250));
    EXPECT_EQ(histogram.quantile(1.0), Micros(70'000));
    EXPECT_EQ(histogram.longest(), Micros(70'000));
}

TEST(DurationHistogram, BoundsBelongToTheirBucketAsPrometheusHasIt) {
    DurationHistogram histogram;
    histogram.record(Micros(100));
    histogram.record(Micros(101));
    histogram.record(Millis(60'000));
    EXPECT_EQ(histogram.buckets()[0], 1U);
    EXPECT_EQ(histogram.buckets()[1], 1U);
    EXPECT_EQ(histogram.buckets()[DurationHistogram::kBounds.size() - 1], 1U);
}

TEST(DurationHistogram, TakesWhatIsNegativeAsZeroAndWhatIsHugeAsItsLastBucket) {
    DurationHistogram histogram;
    histogram.record(Micros(-5));
    EXPECT_EQ(histogram.quantile(1.0), Micros(0));
    EXPECT_EQ(histogram.sum(), Micros(0));
    histogram.record(std::chrono::hours(24 * 365));
    EXPECT_EQ(histogram.longest(), std::chrono::hours(24 * 365));
    EXPECT_GT(histogram.quantile(1.0), std::chrono::hours(4));
    EXPECT_EQ(histogram.buckets().back(), 1U);
}

}  // namespace
}  // namespace muster
