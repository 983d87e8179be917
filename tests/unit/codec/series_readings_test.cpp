#include <muster/codec/series_readings.hpp>

#include <map>
#include <string>

#include <gtest/gtest.h>

namespace muster {
namespace {

MetricsMap compiled(std::map<std::string, std::string> const& expressions) {
    return MetricsMap::compile(expressions).value();
}

SeriesReadings readings_of(std::string_view text, MetricsMap const& map) {
    auto const readings = read_series(text, ExpositionFormat::prometheus, map);
    EXPECT_TRUE(readings) << (readings ? "" : readings.error().message);
    return readings.value_or(SeriesReadings{});
}

constexpr std::string_view kRequests =
    "http_requests_total{code=\"200\",path=\"/\"} 90\n"
    "http_requests_total{code=\"503\",path=\"/\"} 8\n"
    "http_requests_total{code=\"500\",path=\"/a\"} 2\n"
    "memory_percent{process=\"a\"} 20\n"
    "memory_percent{process=\"b\"} 40\n"
    "memory_percent{process=\"c\"} NaN\n";

TEST(SeriesReadings, SumsTheSeriesThatAreMeant) {
    auto const map = compiled({{"errorCount", "http_requests_total{code=~\"5..\"}"},
                               {"memoryUsagePercent", "max(memory_percent)"},
                               {"cpuUsagePercent", "min(memory_percent)"},
                               {"errorRate", "nowhere"}});
    auto const sample = map.sample(readings_of(kRequests, map).values, 0);
    EXPECT_DOUBLE_EQ(sample.error_count, 10);
    EXPECT_DOUBLE_EQ(sample.memory_usage_percent, 40);
    EXPECT_DOUBLE_EQ(sample.cpu_usage_percent, 20);
    EXPECT_DOUBLE_EQ(sample.error_rate, 0);
}

TEST(SeriesReadings, MaxAndMinOfNegativesAreRight) {
    auto const map = compiled({{"errorCount", "max(t)"}, {"errorRate", "min(t)"}});
    auto const sample = map.sample(readings_of("t{a=\"1\"} -5\nt{a=\"2\"} -3\n", map).values, 0);
    EXPECT_DOUBLE_EQ(sample.error_count, -3);
    EXPECT_DOUBLE_EQ(sample.error_rate, -5);
}

TEST(SeriesReadings, TellsCountersApartWhateverTheOrderOfTheirLabels) {
    auto const map = compiled({{"requestsPerSecond", "rate(http_requests_total)"}});
    auto const first = readings_of(kRequests, map);
    ASSERT_EQ(first.counters.size(), 3U);
    EXPECT_NE(first.counters[0].series, first.counters[1].series);
    EXPECT_EQ(first.values, std::vector<double>{0});
    auto const other = readings_of("http_requests_total{path=\"/\",code=\"200\"} 91\n", map);
    EXPECT_EQ(other.counters.at(0).series, first.counters[0].series);
    EXPECT_NE(
        readings_of("http_requests_total{path=\"200\",code=\"/\"} 1\n", map).counters.at(0).series,
        first.counters[0].series);
}

TEST(SeriesReadings, OverTwoCollectionsGiveTheFiguresOfAProject) {
    auto const map =
        compiled({{"requestsPerSecond", "rate(http_requests_total)"},
                  {"errorRate", "ratio(http_requests_total{code=~\"5..\"} , http_requests_total)"},
                  {"databaseQueryTime", "avg(db_query_seconds) * 1000"},
                  {"apiUsage.sendgrid_emails", "sendgrid_emails_total"}});
    CounterMemory memory;
    SteadyTime const start{};
    auto first = readings_of(
        "http_requests_total{code=\"200\"} 1000\n"
        "db_query_seconds_sum 10\ndb_query_seconds_count 400\nsendgrid_emails_total 440\n",
        map);
    EXPECT_EQ(memory.take(first, start), 0);
    auto const none = map.sample(first.values, 0);
    EXPECT_EQ(none.requests_per_second, 0);
    EXPECT_EQ(none.api_usage.at("sendgrid_emails"), 440);

    auto second = readings_of(
        "http_requests_total{code=\"200\"} 1294\nhttp_requests_total{code=\"500\"} 6\n"
        "db_query_seconds_sum 12.5\ndb_query_seconds_count 500\nsendgrid_emails_total 450\n",
        map);
    auto const seconds = memory.take(second, start + 30s);
    auto const sample = map.sample(second.values, seconds);
    EXPECT_DOUBLE_EQ(sample.requests_per_second, 10);
    EXPECT_DOUBLE_EQ(sample.error_rate, 0.02);
    EXPECT_DOUBLE_EQ(sample.database_query_time_ms, 25);
    EXPECT_DOUBLE_EQ(sample.api_usage.at("sendgrid_emails"), 450);
}

TEST(SeriesReadings, RefusesWhatIsNotReadableAndWhatIsTooMuch) {
    auto const map = compiled({{"requestsPerSecond", "rate(a)"}});
    auto const broken = read_series("a 1\n<html>", ExpositionFormat::prometheus, map);
    ASSERT_FALSE(broken);
    EXPECT_TRUE(broken.error().message.starts_with("line 2: ")) << broken.error().message;
    std::string many;
    for (int count = 0; count <= 10'000; ++count) {
        many += "a{n=\"" + std::to_string(count) + "\"} 1\n";
    }
    auto const refused = read_series(many, ExpositionFormat::prometheus, map);
    ASSERT_FALSE(refused);
    EXPECT_EQ(refused.error().code, Errc::invalid);
    EXPECT_NE(refused.error().message.find("more than 10000 counters"), std::string::npos);
}

}  // namespace
}  // namespace muster
