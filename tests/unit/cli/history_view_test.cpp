#include <cli/ask/history_view.hpp>

#include <gtest/gtest.h>

namespace muster {
namespace {

WallTime const kStart(1'700'000'000'000ms);

AnsweredBucket bucket(Millis from, Millis to, std::uint64_t up, std::uint64_t down, double mean) {
    AnsweredBucket made;
    made.service = "app";
    made.from = kStart + from;
    made.to = kStart + to;
    made.checks = up + down;
    made.up = up;
    made.down = down;
    made.mean_ms = mean;
    made.longest_ms = 2 * mean;
    return made;
}

HistorySpan four_minutes() {
    return {kStart, kStart + 4min, 4};
}

TEST(ServiceHistories, PutEachBucketIntoItsColumn) {
    auto const histories = service_histories(
        {bucket(0min, 1min, 10, 0, 5), bucket(2min, 3min, 5, 5, 15)}, four_minutes());
    ASSERT_EQ(histories.size(), 1U);
    auto const& app = histories.front();
    EXPECT_EQ(app.service, "app");
    EXPECT_EQ(app.points, (std::vector<SparkPoint>{
                              {5.0, HealthStatus::up}, {}, {15.0, HealthStatus::down}, {}}));
    EXPECT_EQ(app.checks, 20U);
    EXPECT_DOUBLE_EQ(app.mean_ms.value(), 10);
    EXPECT_DOUBLE_EQ(app.longest_ms.value(), 30);
    EXPECT_DOUBLE_EQ(app.available_percent.value(), 75);
    EXPECT_DOUBLE_EQ(app.coverage_percent, 50);
}

TEST(ServiceHistories, LetALongBucketFillAllItsColumnsAndCutWhatLiesOutside) {
    auto const histories = service_histories({bucket(-2min, 2min, 40, 0, 8)}, four_minutes());
    ASSERT_EQ(histories.size(), 1U);
    EXPECT_EQ(histories[0].points[0].value, 8.0);
    EXPECT_EQ(histories[0].points[1].value, 8.0);
    EXPECT_FALSE(histories[0].points[2].value);
    EXPECT_DOUBLE_EQ(histories[0].coverage_percent, 50);
}

TEST(ServiceHistories, TakeTimeThatNobodySawForNeither) {
    auto half = bucket(0min, 4min, 1, 1, 8);
    half.unobserved = 2min;
    auto const histories = service_histories({half}, four_minutes());
    EXPECT_DOUBLE_EQ(histories.at(0).available_percent.value(), 50);
    EXPECT_DOUBLE_EQ(histories.at(0).coverage_percent, 50);

    AnsweredBucket unseen = bucket(0min, 4min, 0, 0, 0);
    unseen.mean_ms.reset();
    unseen.unobserved = 4min;
    auto const nothing = service_histories({unseen}, four_minutes());
    EXPECT_FALSE(nothing.at(0).available_percent);
    EXPECT_FALSE(nothing.at(0).mean_ms);
    EXPECT_EQ(history_text(nothing, false),
              "SERVICE  CHECKS  MEAN  LONGEST  AVAILABLE  COVERAGE  RESPONSE TIME\n"
              "app           0     -        -          -        0%\n");
}

TEST(HistoryText, EndsWithTheSparkline) {
    auto const histories = service_histories(
        {bucket(0min, 1min, 9, 0, 4), bucket(1min, 2min, 0, 1, 8)}, four_minutes());
    EXPECT_EQ(history_text(histories, false),
              "SERVICE  CHECKS    MEAN  LONGEST  AVAILABLE  COVERAGE  RESPONSE TIME\n"
              "app          10  4.4 ms    16 ms        50%       50%  ▄×\n");
}

}  // namespace
}  // namespace muster
