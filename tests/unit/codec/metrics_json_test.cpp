#include <muster/codec/metrics_json.hpp>

#include <string>

#include <gtest/gtest.h>

namespace muster {
namespace {

std::string mistake_in(std::string_view json) {
    auto const sample = decode_metrics(json);
    if (sample) {
        return "none";
    }
    EXPECT_EQ(sample.error().code, Errc::invalid);
    return sample.error().message;
}

TEST(MetricsJson, ReadsTheContractsExample) {
    auto const sample = decode_metrics(
        R"({"requestsPerSecond":125.3,"errorRate":0.02,"errorCount":5,"memoryUsagePercent":45.2,)"
        R"("cpuUsagePercent":23.1,"apiUsage":{"sendgrid_emails":450},"databaseQueryTime":25})");
    ASSERT_TRUE(sample);
    EXPECT_EQ(*sample, (MetricsSample{.requests_per_second = 125.3,
                                      .error_rate = 0.02,
                                      .error_count = 5,
                                      .memory_usage_percent = 45.2,
                                      .cpu_usage_percent = 23.1,
                                      .database_query_time_ms = 25,
                                      .api_usage = {{"sendgrid_emails", 450}}}));
}

TEST(MetricsJson, TakesZeroForWhatIsMissingOrNull) {
    EXPECT_EQ(decode_metrics("{}").value(), MetricsSample{});
    EXPECT_EQ(decode_metrics(R"({"errorRate":null,"apiUsage":null})").value(), MetricsSample{});
    EXPECT_EQ(decode_metrics(R"({"apiUsage":{"a":null,"b":1}})").value().api_usage,
              (std::map<std::string, double>{{"b", 1}}));
}

TEST(MetricsJson, PassesValuesOnUnscaled) {
    auto const sample = decode_metrics(R"({"errorRate":-250,"errorCount":1e300})").value();
    EXPECT_EQ(sample.error_rate, -250);
    EXPECT_EQ(sample.error_count, 1e300);
}

TEST(MetricsJson, IgnoresWhatItDoesNotKnow) {
    auto const sample = decode_metrics(
        R"({"extra":{"errorRate":"x","list":[1,{"errorRate":[]}]},"more":[true],"errorRate":2})");
    ASSERT_TRUE(sample) << sample.error().message;
    EXPECT_EQ(sample->error_rate, 2);
}

TEST(MetricsJson, NamesTheFieldOfAnotherType) {
    EXPECT_EQ(mistake_in(R"({"errorRate":"high"})"), "errorRate must be a number, not a string");
    EXPECT_EQ(mistake_in(R"({"errorCount":true})"), "errorCount must be a number, not a boolean");
    EXPECT_EQ(mistake_in(R"({"cpuUsagePercent":{}})"),
              "cpuUsagePercent must be a number, not an object");
    EXPECT_EQ(mistake_in(R"({"databaseQueryTime":[1]})"),
              "databaseQueryTime must be a number, not an array");
    EXPECT_EQ(mistake_in(R"({"apiUsage":[]})"),
              "apiUsage must be an object of numbers, not an array");
    EXPECT_EQ(mistake_in(R"({"apiUsage":"x"})"),
              "apiUsage must be an object of numbers, not a string");
    EXPECT_EQ(mistake_in(R"({"apiUsage":7})"),
              "apiUsage must be an object of numbers, not a number");
    EXPECT_EQ(mistake_in(R"({"apiUsage":{"mails":"many"}})"),
              "apiUsage.mails must be a number, not a string");
    EXPECT_EQ(mistake_in(R"({"apiUsage":{"mails":{}}})"),
              "apiUsage.mails must be a number, not an object");
}

TEST(MetricsJson, RefusesWhatIsNoObject) {
    EXPECT_EQ(mistake_in("[]"), "metrics must be a JSON object, not an array");
    EXPECT_EQ(mistake_in("12"), "metrics must be a JSON object, not a number");
    EXPECT_EQ(mistake_in("null"), "metrics must be a JSON object, not null");
    EXPECT_EQ(mistake_in("\"x\""), "metrics must be a JSON object, not a string");
    EXPECT_EQ(mistake_in("true"), "metrics must be a JSON object, not a boolean");
    EXPECT_EQ(mistake_in(""), "metrics are not readable JSON");
    EXPECT_EQ(mistake_in("# HELP up\nup 1\n"), "metrics are not readable JSON");
    EXPECT_EQ(mistake_in(R"({"a":)" + std::string(200, '[')),
              "metrics are nested too deep to read");
}

TEST(MetricsJson, BoundsTheApis) {
    std::string json = R"({"apiUsage":{)";
    for (int index = 0; index < 1000; ++index) {
        json += "\"a" + std::to_string(index) + "\":1,";
    }
    EXPECT_EQ(decode_metrics(json + "\"a0\":2}}").value().api_usage.size(), 1000U);
    EXPECT_EQ(mistake_in(json + "\"one-more\":2}}"), "apiUsage has more than 1000 entries");
    auto const cleaned = decode_metrics("{\"apiUsage\":{\"a\\u0000b\":1}}").value();
    EXPECT_EQ(cleaned.api_usage.begin()->first,
              "a\xEF\xBF\xBD"
              "b");
}

}  // namespace
}  // namespace muster
