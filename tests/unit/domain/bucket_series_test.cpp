#include <muster/domain/bucket_series.hpp>

#include <gtest/gtest.h>

namespace muster {
namespace {

constexpr Millis kMinute{60'000};
constexpr Millis kHour{3'600'000};
/// A whole hour.
constexpr WallTime kFirst{Millis(1'795'323'600'000)};
constexpr ServiceId kApp{7};

TEST(ChooseLevel, TakesTheCoarsestThatAnswers) {
    auto const level = [](Millis step, WallTime from) {
        return choose_level(step, from, {kFirst - 7 * 24h, kFirst - 90 * 24h, {}}).level;
    };
    EXPECT_EQ(level(kHour, kFirst), HistoryLevel::hours);
    EXPECT_EQ(level(24 * kHour, kFirst), HistoryLevel::hours);
    EXPECT_EQ(level(kMinute, kFirst), HistoryLevel::minutes);
    EXPECT_EQ(level(90 * kMinute, kFirst), HistoryLevel::minutes);
    EXPECT_EQ(level(10s, kFirst), HistoryLevel::checks);
    EXPECT_EQ(level(90s, kFirst), HistoryLevel::checks);
}

TEST(ChooseLevel, RoundsTheStepUpWhereOnlyCoarserIsLeft) {
    auto const old = choose_level(90s, kFirst - 8 * 24h, {kFirst - 7 * 24h, kFirst - 90 * 24h, {}});
    EXPECT_EQ(old.level, HistoryLevel::minutes);
    EXPECT_EQ(old.step, 2 * kMinute);
    auto const older = choose_level(90s, kFirst - 100 * 24h, {kFirst, kFirst - 90 * 24h, {}});
    EXPECT_EQ(older.level, HistoryLevel::hours);
    EXPECT_EQ(older.step, kHour);
}

TEST(ChooseLevel, TakesSingleChecksFromBeforeThereWereRollups) {
    LevelsKept kept{{}, kFirst, kFirst};
    for (auto const step : {90 * kMinute, kHour}) {
        auto const old = choose_level(step, kFirst - 24h, kept);
        EXPECT_EQ(old.level, HistoryLevel::checks);
        EXPECT_EQ(old.step, step);
    }
    EXPECT_EQ(choose_level(kMinute, kFirst, kept).level, HistoryLevel::minutes);
    EXPECT_EQ(choose_level(kHour, kFirst, kept).level, HistoryLevel::hours);
    kept.checks_since = kFirst;
    EXPECT_EQ(choose_level(kHour, kFirst - 24h, kept).level, HistoryLevel::hours)
        << "these checks are gone by now";
}

TEST(BucketSeriesTest, BeginsWithAWholeStepAndEndsWithTheOneUnderWay) {
    BucketSeries series(kFirst + 90s, kFirst + 150s, kMinute);
    EXPECT_EQ(series.from(), kFirst + kMinute);
    series.begin({kApp, kFirst - 24h, kFirst + 150s});
    auto const buckets = series.take();
    ASSERT_EQ(buckets.size(), 2U);
    EXPECT_EQ(buckets[0].from, kFirst + kMinute);
    EXPECT_EQ(buckets[1].to, kFirst + 3 * kMinute);
    EXPECT_EQ(buckets[0].unobserved, kMinute);
    EXPECT_EQ(buckets[1].unobserved, Millis(30'000)) << "the rest is not known yet";
}

TEST(BucketSeriesTest, CutsTimeAtTheBordersOfBuckets) {
    BucketSeries series(kFirst, kFirst + 3 * kMinute, kMinute);
    series.begin({kApp, kFirst, kFirst + 3 * kMinute});
    series.add_time({{kFirst - 10s, kFirst + 90s, false}, {kFirst + 90s, kFirst + 10min, true}});
    auto const buckets = series.take();
    ASSERT_EQ(buckets.size(), 3U);
    EXPECT_EQ(buckets[0].seen.observed, kMinute);
    EXPECT_EQ(buckets[1].seen.observed, kMinute);
    EXPECT_EQ(buckets[1].seen.down_time, Millis(30'000));
    EXPECT_EQ(buckets[2].seen.down_time, kMinute);
    EXPECT_EQ(buckets[2].unobserved, Millis(0));
}

TEST(BucketSeriesTest, DoesNotShowTheTimeBeforeAServiceWasThere) {
    BucketSeries series(kFirst, kFirst + 3 * kMinute, kMinute);
    series.begin({kApp, kFirst + 90s, kFirst + 3 * kMinute});
    auto const buckets = series.take();
    ASSERT_EQ(buckets.size(), 2U);
    EXPECT_EQ(buckets[0].from, kFirst + kMinute);
    EXPECT_EQ(buckets[0].unobserved, Millis(30'000));
}

TEST(BucketSeriesTest, GivesOldestFirstThenByService) {
    BucketSeries series(kFirst, kFirst + 2 * kMinute, kMinute);
    series.begin({ServiceId{9}, kFirst, kFirst + 2 * kMinute});
    series.begin({ServiceId{3}, kFirst, kFirst + 2 * kMinute});
    auto const buckets = series.take();
    ASSERT_EQ(buckets.size(), 4U);
    EXPECT_EQ(buckets[0].service, ServiceId{9});
    EXPECT_EQ(buckets[0].number, 0U);
    EXPECT_EQ(buckets[1].service, ServiceId{3});
    EXPECT_EQ(buckets[2].from, kFirst + kMinute);
}

TEST(CheckSeriesTest, SaysWhatSingleChecksSay) {
    BucketSeries series(kFirst, kFirst + kMinute, Millis(20'000));
    series.begin({kApp, kFirst, kFirst + kMinute});
    CheckSeries checks(series, Millis(25'000));
    checks.add(kFirst - 5s, HealthStatus::up, Micros(1'000), false);
    checks.add(kFirst + 5s, HealthStatus::up, Micros(2'000), true);
    checks.add(kFirst + 15s, HealthStatus::down, Micros(3'000), true);
    checks.finish();
    auto const buckets = series.take();
    ASSERT_EQ(buckets.size(), 3U);
    EXPECT_EQ(buckets[0].seen.checks, 2U) << "the one before is not of this time";
    EXPECT_EQ(buckets[0].seen.down_time, Millis(15'000)) << "from the run's first failure on";
    EXPECT_EQ(buckets[1].seen.down_time, Millis(20'000));
    EXPECT_EQ(buckets[1].unobserved, Millis(0));
    EXPECT_EQ(buckets[2].unobserved, Millis(20'000)) << "beyond the last check's reach";
}

TEST(CheckSeriesTest, FailuresThatLeaveTheStatusUnknownAreExcused) {
    BucketSeries series(kFirst, kFirst + kMinute, kMinute);
    series.begin({kApp, kFirst, kFirst + kMinute});
    CheckSeries checks(series, Millis(25'000));
    checks.add(kFirst, HealthStatus::unknown, Micros(1'000), true);
    checks.add(kFirst + 20s, HealthStatus::up, Micros(1'000), false);
    checks.add(kFirst + 40s, HealthStatus::down, Micros(1'000), true);
    checks.finish();
    auto const bucket = series.take().at(0);
    EXPECT_EQ(bucket.seen.checks, 3U);
    EXPECT_EQ(bucket.unobserved, Millis(20'000));
    EXPECT_EQ(bucket.seen.down_time, Millis(20'000));
}

}  // namespace
}  // namespace muster
