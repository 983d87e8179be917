#include <muster/codec/history_json.hpp>

#include <string>

#include <gtest/gtest.h>

namespace muster {
namespace {

constexpr WallTime kTime{Millis(1'795'326'900'123)};

TEST(HistoryJson, ShowsAFailedCheck) {
    CheckRow const row{.project = "shop",
                       .service = "app",
                       .status = HealthStatus::down,
                       .last_check = kTime,
                       .recorded_at = kTime + Millis(2),
                       .uptime_percent = 50,
                       .response_time = Millis(3),
                       .error = "connection refused"};
    std::string out;
    append_check_row(out, row);
    EXPECT_EQ(out,
              R"({"projectName":"shop","serviceName":"app","status":"down",)"
              R"("lastCheck":"2026-11-22T05:55:00.123Z","uptimePercentage":50,"responseTimeMs":3,)"
              R"("errorMessage":"connection refused","recordedAt":"2026-11-22T05:55:00.125Z"})");
}

TEST(HistoryJson, ShowsABucketInMilliseconds) {
    BucketRow row;
    row.service = "app";
    row.bucket.from = kTime;
    row.bucket.to = kTime + Millis(60'000);
    row.bucket.unobserved = Millis(5'000);
    add_check(row.bucket.seen, HealthStatus::up, Micros(1'500));
    add_check(row.bucket.seen, HealthStatus::down, Micros(2'500));
    std::string out;
    append_bucket_row(out, row);
    EXPECT_EQ(
        out,
        R"({"from":"2026-11-22T05:55:00.123Z","to":"2026-11-22T05:56:00.123Z",)"
        R"("serviceName":"app","checks":2,"up":1,"degraded":0,"down":1,)"
        R"("unobservedMs":5000,"avgMs":2,"p50Ms":1.5,"p95Ms":2.496,"p99Ms":2.496,"maxMs":2.5})");
}

TEST(HistoryJson, SaysNothingOfTimesInABucketWithoutChecks) {
    BucketRow row;
    row.service = "app";
    row.bucket.unobserved = Millis(60'000);
    std::string out;
    append_bucket_row(out, row);
    EXPECT_NE(out.find(R"("unobservedMs":60000,"avgMs":null,"p50Ms":null)"), std::string::npos)
        << out;
}

TEST(HistoryJson, LeavesOutTheErrorThatIsNot) {
    std::string out;
    CheckRow row;
    row.project = "shop";
    row.service = "app";
    row.status = HealthStatus::up;
    append_check_row(out, row);
    EXPECT_EQ(out,
              R"({"projectName":"shop","serviceName":"app","status":"healthy",)"
              R"("lastCheck":"1970-01-01T00:00:00.000Z","uptimePercentage":0,"responseTimeMs":0,)"
              R"("recordedAt":"1970-01-01T00:00:00.000Z"})");
}

TEST(HistoryJson, ShowsAnEvent) {
    EventRow const row{.id = 7,
                       .project = "shop",
                       .service = "app",
                       .type = EventType::status_changed,
                       .severity = Severity::critical,
                       .description = "down after 4 failed checks",
                       .metadata_json = R"({"from":"up"})",
                       .occurred_at = kTime};
    std::string out;
    append_event_row(out, row);
    EXPECT_EQ(out,
              R"({"id":7,"projectName":"shop","serviceName":"app","eventType":"status_changed",)"
              R"("severity":"critical","description":"down after 4 failed checks",)"
              R"("metadata":{"from":"up"},"occurredAt":"2026-11-22T05:55:00.123Z"})");
}

TEST(HistoryJson, ShowsAnEventOfTheHubAndMendsBrokenMetadata) {
    EventRow row;
    row.id = 8;
    row.type = EventType::hub_problem;
    row.severity = Severity::warning;
    row.description = "store is away";
    row.metadata_json = R"({"from":)";
    std::string out;
    append_event_row(out, row);
    EXPECT_EQ(out, R"({"id":8,"projectName":null,"serviceName":null,"eventType":"hub_problem",)"
                   R"("severity":"warning","description":"store is away","metadata":{},)"
                   R"("occurredAt":"1970-01-01T00:00:00.000Z"})");
}

}  // namespace
}  // namespace muster
