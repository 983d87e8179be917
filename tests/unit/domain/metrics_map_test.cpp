#include <muster/domain/metrics_map.hpp>

#include <string>

#include <gtest/gtest.h>

namespace muster {
namespace {

MetricsMap compiled(std::map<std::string, std::string> const& expressions) {
    auto map = MetricsMap::compile(expressions);
    EXPECT_TRUE(map) << (map ? "" : map.error().message);
    return map.value_or(MetricsMap());
}

TEST(MetricsMap, GivesEachFigureItsExpression) {
    auto const map = compiled({{"requestsPerSecond", "rate(requests_total)"},
                               {"memoryUsagePercent", "memory_used / memory_size * 100"},
                               {"apiUsage.sendgrid_emails", "sendgrid_emails_total"}});
    // In the order of the figures' names: apiUsage, memory, requests.
    ASSERT_EQ(map.readings().size(), 4U);
    EXPECT_EQ(map.readings()[0].series.name, "sendgrid_emails_total");
    auto const sample = map.sample(std::vector<double>{450, 1, 4, 60}, 30);
    EXPECT_DOUBLE_EQ(sample.api_usage.at("sendgrid_emails"), 450);
    EXPECT_DOUBLE_EQ(sample.memory_usage_percent, 25);
    EXPECT_DOUBLE_EQ(sample.requests_per_second, 2);
    EXPECT_DOUBLE_EQ(sample.error_rate, 0) << "no expression gives it";
}

TEST(MetricsMap, NamesTheFigureThatIsWrong) {
    auto const broken = MetricsMap::compile({{"errorRate", "ratio(a"}});
    ASSERT_FALSE(broken);
    EXPECT_EQ(broken.error().message,
              "errorRate: column 8: the expression ends where ',' is expected");
    auto const unknown = MetricsMap::compile({{"errorsRate", "a"}});
    ASSERT_FALSE(unknown);
    EXPECT_TRUE(unknown.error().message.starts_with(
        "'errorsRate' is none of the figures: requestsPerSecond, errorRate,"))
        << unknown.error().message;
    EXPECT_FALSE(MetricsMap::compile({{"apiUsage.", "a"}}));
    EXPECT_FALSE(MetricsMap::compile({{"apiUsage", "a"}}));
}

class Growth : public ::testing::Test {
protected:
    /// Takes what one series shows; gives its growth.
    double take(std::vector<CounterReading> counters, int after_seconds = 30) {
        now += std::chrono::seconds(after_seconds);
        SeriesReadings readings;
        readings.values = {0, 0};
        readings.counters = std::move(counters);
        seconds = memory.take(readings, now);
        return readings.values[0];
    }

    SteadyTime now{};
    double seconds{0};
    CounterMemory memory;
};

TEST_F(Growth, IsTakenBetweenTwoCollections) {
    EXPECT_DOUBLE_EQ(take({{0, 7, 1000}}), 0);
    EXPECT_DOUBLE_EQ(seconds, 0);
    EXPECT_DOUBLE_EQ(take({{0, 7, 1060}}), 60);
    EXPECT_DOUBLE_EQ(seconds, 30);
    EXPECT_DOUBLE_EQ(take({{0, 7, 1060}}, 45), 0);
    EXPECT_DOUBLE_EQ(seconds, 45);
}

TEST_F(Growth, IsSummedOverSeries) {
    EXPECT_DOUBLE_EQ(take({{0, 1, 10}, {0, 2, 20}}), 0);
    EXPECT_DOUBLE_EQ(take({{0, 1, 15}, {0, 2, 21}}), 6);
}

TEST_F(Growth, SurvivesAReset) {
    take({{0, 1, 1000}, {0, 2, 500}});
    EXPECT_DOUBLE_EQ(take({{0, 1, 5}, {0, 2, 510}}), 15) << "one began again and has counted 5";
}

TEST_F(Growth, OfANewSeriesCountsFromZero) {
    take({{0, 1, 10}});
    EXPECT_DOUBLE_EQ(take({{0, 1, 10}, {0, 2, 3}}), 3) << "the first 500 of a day";
}

TEST_F(Growth, OfASeriesThatWasAwayGoesOn) {
    take({{0, 1, 1'000'000}});
    take({});
    EXPECT_DOUBLE_EQ(take({{0, 1, 1'000'010}}), 10);
}

TEST_F(Growth, ForgetsASeriesThatStaysAway) {
    take({{0, 1, 1'000'000}});
    for (int count = 0; count < 11; ++count) {
        take({});
    }
    EXPECT_DOUBLE_EQ(take({{0, 1, 1'000'010}}), 1'000'010);
}

TEST_F(Growth, OfOneSeriesIsToldToEveryReading) {
    take({{0, 1, 10}, {1, 1, 10}});
    now += 30s;
    SeriesReadings readings;
    readings.values = {0, 0};
    readings.counters = {{0, 1, 12}, {1, 1, 12}};
    (void)memory.take(readings, now);
    EXPECT_DOUBLE_EQ(readings.values[0], 2);
    EXPECT_DOUBLE_EQ(readings.values[1], 2);
}

TEST_F(Growth, OfEndlesslyNewSeriesIsBounded) {
    std::uint64_t next = 1;
    for (int collection = 0; collection < 5; ++collection) {
        std::vector<CounterReading> counters;
        for (int count = 0; count < 10'000; ++count) {
            counters.push_back({0, next++, 1});
        }
        take(std::move(counters));
    }
    // The oldest have been forgotten: they would count as new.
    EXPECT_DOUBLE_EQ(take({{0, 1, 1}}), 1);
}

}  // namespace
}  // namespace muster
