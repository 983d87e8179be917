#include <muster/codec/bus_json.hpp>

#include <string>

#include <gtest/gtest.h>

#include <muster/codec/json_text.hpp>
#include <muster/testing/journal_samples.hpp>
#include <muster/testing/record_story.hpp>

namespace muster {
namespace {

using testing::kStart;

Project a_project() {
    return testing::a_project(5, "shop");
}

Service a_service() {
    return testing::a_service(1, a_project(), "app");
}

HealthSummary::Member member(std::int64_t id, std::string name, HealthStatus status, bool running) {
    auto service = a_service();
    service.id = ServiceId{id};
    service.spec.name = std::move(name);
    HealthSummary::Member result;
    result.service = share(std::move(service));
    result.status = status;
    result.running = running;
    return result;
}

HealthSummary summary_of(std::vector<HealthSummary::Member> members) {
    HealthSummary summary;
    summary.hub_id = "hub-main";
    summary.id = "hub-main:summary:7:1";
    summary.at = kStart;
    summary.projects.push_back(share(a_project()));
    summary.members = std::move(members);
    return summary;
}

TEST(HealthSummary, TellsOfEveryServiceAndProject) {
    auto up = member(1, "app", HealthStatus::up, true);
    up.response_time = Millis(5);
    up.not_down_since = kStart - 3600s - Millis(1);
    up.endpoints_healthy = 14;
    up.endpoints_total = 15;
    EXPECT_EQ(
        encode_health_summary(summary_of({up, member(2, "db", HealthStatus::unknown, false)})),
        R"({"hub_id":"hub-main","id":"hub-main:summary:7:1","timestamp":"2026-11-22T05:55:00.000Z",)"
        R"("overall_status":"unknown","services":[{"project":"shop","name":"app","type":"api",)"
        R"("status":"up","latency_ms":5,"uptime_seconds":3600,"endpoints_healthy":14,)"
        R"("endpoints_total":15},{"project":"shop","name":"db","type":"api","status":"unknown"}],)"
        R"("projects":[{"id":5,"name":"shop","status":"partial","health":"unknown","service_count":2}]})");
}

TEST(HealthSummary, CallsAProjectByWhatRunsOfIt) {
    auto const all = encode_health_summary(summary_of(
        {member(1, "a", HealthStatus::up, true), member(2, "b", HealthStatus::up, true)}));
    EXPECT_NE(all.find(R"("status":"running","health":"healthy")"), std::string::npos) << all;
    EXPECT_NE(all.find(R"("overall_status":"healthy")"), std::string::npos) << all;
    auto const none =
        encode_health_summary(summary_of({member(1, "a", HealthStatus::down, false)}));
    EXPECT_NE(none.find(R"("status":"stopped","health":"down")"), std::string::npos) << none;
    EXPECT_NE(none.find(R"("overall_status":"down")"), std::string::npos) << none;
}

TEST(HealthSummary, OfNothingIsUnknown) {
    HealthSummary summary;
    summary.hub_id = "h";
    EXPECT_NE(encode_health_summary(summary).find(
                  R"("overall_status":"unknown","services":[],"projects":[])"),
              std::string::npos);
}

TEST(HealthBatch, GathersRecordsWithTheirNumbers) {
    HealthBatch batch("hub-main");
    EXPECT_TRUE(batch.empty());
    HealthBatch::ServiceName const service{"shop", "app"};
    auto result = testing::passing_result(1, kStart);
    batch.add({{7, 11}, result}, result.accepted_at, &service);
    auto failed = testing::failing_result(1, kStart + 1s);
    batch.add({{7, 12}, failed}, failed.accepted_at, &service);
    batch.add({{7, 13}, testing::sample_transition(kStart + 1s)}, kStart + 1s, nullptr);
    EXPECT_EQ(batch.epoch(), 7U);
    auto const document = batch.take();
    EXPECT_EQ(
        document.substr(0, document.find(R"(,"transitions")")),
        R"({"hubId":"hub-main","id":"hub-main:7:13","epoch":7,"firstSeq":11,"lastSeq":13,)"
        R"("timestamp":"2026-11-22T05:55:01.012Z","results":[{"seq":11,"project":"shop",)"
        R"("service":"app","status":"up","at":"2026-11-22T05:55:00.012Z","responseTimeMs":11.873},)"
        R"({"seq":12,"project":"shop","service":"app","status":"down",)"
        R"("at":"2026-11-22T05:55:01.012Z","responseTimeMs":0.441,"error":"connection refused"}])");
    EXPECT_NE(document.find(R"("transitions":[{"seq":13,"project":"shop","service":"app",)"
                            R"("from":"up","to":"down","reason":{"cause":"failures",)"),
              std::string::npos)
        << document;
    EXPECT_EQ(document.find("changes"), std::string::npos);
    EXPECT_TRUE(is_json_object(document));
    EXPECT_TRUE(batch.empty()) << "taken";
}

TEST(HealthBatch, KnowsHowLargeItIsWhateverItHolds) {
    HealthBatch::ServiceName const service{"shop", "app"};
    HealthBatch batch("h");
    std::size_t before = 0;
    for (Record const& record :
         {Record{{1, 1}, testing::passing_result(1, kStart)},
          Record{{1, 2}, testing::sample_transition(kStart)},
          Record{{1, 3}, ServiceRemoved{ServiceId{4}, "shop", "db", kStart}}}) {
        batch.add(record, kStart, &service);
        EXPECT_GT(batch.size(), before + 50) << record.position.seq;
        before = batch.size();
    }
    auto const document = batch.take();
    EXPECT_LT(document.size() - before, 200U) << "beside them there is a little frame";
}

TEST(HealthBatch, LeavesOutWhatSaysNothingOfATargetButCountsItsNumber) {
    HealthBatch batch("h");
    HealthBatch::ServiceName const service{"shop", "app"};
    auto own = testing::failing_result(1, kStart);
    own.outcome.verdict = Verdict::not_counted;
    batch.add({{1, 1}, own}, kStart, &service);
    batch.add({{1, 2}, testing::passing_result(99, kStart)}, kStart, nullptr);
    batch.add({{1, 3}, HubProblem{"store", "away", false, kStart + 2s}}, kStart + 2s, nullptr);
    auto const document = batch.take();
    EXPECT_NE(document.find(R"("firstSeq":1,"lastSeq":3)"), std::string::npos) << document;
    EXPECT_NE(document.find(R"("results":[],"transitions":[]})"), std::string::npos) << document;
    EXPECT_NE(document.find(R"("timestamp":"2026-11-22T05:55:02.000Z")"), std::string::npos)
        << document;
}

TEST(HealthBatch, CarriesWhatTheFeedShowsOfTheRegistry) {
    HealthBatch batch("h");
    batch.add({{1, 1}, ServiceChanged{a_service(), true}}, kStart, nullptr);
    batch.add({{1, 2}, ServiceRemoved{ServiceId{4}, "shop", "db", kStart}}, kStart, nullptr);
    auto const document = batch.take();
    EXPECT_NE(document.find(R"("changes":[{"epoch":1,"seq":1,"kind":"service_changed",)"),
              std::string::npos)
        << document;
    EXPECT_NE(document.find(R"("kind":"service_removed")"), std::string::npos) << document;
    EXPECT_TRUE(is_json_object(document));
}

}  // namespace
}  // namespace muster
