#include <muster/codec/record_json.hpp>

#include <string>

#include <gtest/gtest.h>

#include <muster/codec/json_text.hpp>
#include <muster/codec/service_json.hpp>
#include <muster/testing/record_story.hpp>

namespace muster {
namespace {

using testing::a_project;
using testing::a_service;
using testing::kStart;

Reason full_reason() {
    Reason reason;
    reason.cause = Cause::failures;
    reason.count = 4;
    reason.threshold = 4;
    reason.response_time = Millis(5000);
    reason.degraded_above = Millis(1000);
    reason.http_status = 503;
    reason.phases.dns = Micros(1'234);
    reason.phases.connect = Micros(500);
    reason.phases.first_byte = Micros(4'000'000);
    reason.error = "HTTP error: 503";
    reason.deciding = {{kStart, Millis(3), "connection \"refused\""}, {kStart + 1s, Millis(4), ""}};
    return reason;
}

TEST(RecordJson, SaysWhyAStatusChanged) {
    EXPECT_EQ(encode_reason(full_reason()),
              R"({"cause":"failures","count":4,"threshold":4,"responseTimeMs":5000,)"
              R"("degradedAboveMs":1000,"httpStatus":503,"error":"HTTP error: 503",)"
              R"("phases":{"dns":1.234,"connect":0.5,"firstByte":4000},)"
              R"("deciding":[{"at":"2026-11-22T05:55:00.000Z","responseTimeMs":3,)"
              R"("error":"connection \"refused\""},)"
              R"({"at":"2026-11-22T05:55:01.000Z","responseTimeMs":4}]})");
}

TEST(RecordJson, LeavesOutOfAReasonWhatIsNotThere) {
    EXPECT_EQ(encode_reason(Reason{}),
              R"({"cause":"passed","count":0,"threshold":0,"responseTimeMs":0,)"
              R"("degradedAboveMs":0,"phases":{},"deciding":[]})");
}

TEST(RecordJson, SaysOfHowManyUnderWhichMarkAndWhoIsAtFault) {
    Reason reason;
    reason.cause = Cause::failures_of_last;
    reason.count = 3;
    reason.threshold = 3;
    reason.of = 5;
    reason.normal_below = Millis(800);
    reason.root = "shop/db";
    EXPECT_EQ(encode_reason(reason),
              R"({"cause":"failuresOfLast","count":3,"threshold":3,"of":5,"responseTimeMs":0,)"
              R"("degradedAboveMs":0,"normalBelowMs":800,"phases":{},"deciding":[],)"
              R"("rootCause":"shop/db"})");
}

TEST(RecordJson, TellsTheBusOfAHealthChange) {
    Transition transition;
    transition.service = {17};
    transition.project = "shop";
    transition.name = "db";
    transition.from = HealthStatus::up;
    transition.to = HealthStatus::down;
    transition.at = kStart;
    transition.reason.cause = Cause::failures;
    transition.reason.response_time = Millis(12);
    EXPECT_EQ(encode_health_change("hub-main", {3, 99}, transition),
              R"({"id":"hub-main:3:99","hubId":"hub-main","project":"shop","service":"db",)"
              R"("status":"down","previousStatus":"up","reason":{"cause":"failures","count":0,)"
              R"("threshold":0,"responseTimeMs":12,"degradedAboveMs":0,"phases":{},"deciding":[]},)"
              R"("responseTimeMs":12,"at":"2026-11-22T05:55:00.000Z",)"
              R"("timestamp":"2026-11-22T05:55:00.000Z"})");
}

TEST(RecordJson, TellsTheBusOfServicesThatComeAndGo) {
    auto service = a_service(17, a_project(3, "shop"), "db");
    service.spec.type = ServiceType::database;
    service.spec.probe = TcpProbeSpec{{"127.0.0.1", 5432}};
    service.spec.tags = {"eu", "main"};
    service.spec.metadata = {{"team", "web"}};
    std::string object;
    append_service(object, service, nullptr);
    object.pop_back();
    auto const text = encode_service_registered("hub-main", service);
    EXPECT_EQ(text, object + R"(,"hubId":"hub-main","timestamp":"2026-11-22T05:55:00.000Z"})");
    EXPECT_TRUE(is_json_object(text)) << text;
    for (auto const* part :
         {R"("id":17,"projectId":3,"project":"shop","name":"db","type":"database")",
          R"("probe":{"tcp":"127.0.0.1:5432"})", R"("metadata":{"team":"web"})",
          R"("tags":["eu","main"])", R"("status":"unknown")", R"("dependsOn":[])"}) {
        EXPECT_NE(text.find(part), std::string::npos) << part << " in " << text;
    }
    EXPECT_EQ(encode_service_deregistered("hub-main", {ServiceId{17}, "shop", "db", kStart}),
              R"({"id":17,"hubId":"hub-main","project":"shop","name":"db",)"
              R"("timestamp":"2026-11-22T05:55:00.000Z"})");
}

TEST(RecordJson, TellsTheBusNoSecretOfAService) {
    auto service = a_service(17, a_project(3, "shop"), "web");
    HttpProbeSpec probe{parse_url("http://me:hunter2@h/?token=hunter2").value()};
    probe.headers = {{"X-Key", "hunter2"}};
    probe.method = HttpMethod::post;
    probe.body = "hunter2";
    service.spec.probe = probe;
    auto const text = encode_service_registered("hub-main", service);
    EXPECT_EQ(text.find("hunter2"), std::string::npos) << text;
    EXPECT_NE(text.find(R"("headers":{"X-Key":"***"})"), std::string::npos) << text;
}

TEST(RecordJson, KeepsApiUsageAsNumbers) {
    EXPECT_EQ(encode_api_usage({}), "{}");
    EXPECT_EQ(encode_api_usage({{"open\"ai", 2.5}, {"sendgrid_emails", 450}}),
              R"({"open\"ai":2.5,"sendgrid_emails":450})");
}

TEST(RecordJson, DescribesEveryKindOfRecordForTheDeadRecordsTable) {
    auto const project = a_project(3, "shop");
    auto const service = a_service(17, project, "db");
    ProjectMetrics metrics{ProjectId{3}, kStart, {}};
    metrics.sample.api_usage["bad \xff"] = 1;
    RecordBody const bodies[] = {
        testing::passed_check(ServiceId{17}, kStart),
        testing::went(service, HealthStatus::up, HealthStatus::down, kStart),
        metrics,
        ProjectChanged{project, true},
        ProjectRemoved{project.id, "shop", kStart},
        ServiceChanged{service, true},
        ServiceRemoved{service.id, "shop", "db", kStart},
        HubStarted{"hub-main", "0.1.0", kStart},
        HubStopped{kStart},
        Gap{1, 2, "store", "trimmed", kStart},
        HubProblem{"store", "away", false, kStart},
    };
    for (auto const& body : bodies) {
        auto const text = encode_record({{1, 2}, body});
        EXPECT_TRUE(is_json_object(text)) << text;
        EXPECT_EQ(text.rfind(R"({"epoch":1,"seq":2,"kind":")", 0), 0U) << text;
    }
}

TEST(RecordJson, CleansWhatMadeARecordUnfitToBeStored) {
    auto result = testing::failed_check(ServiceId{17}, kStart, std::string("bad \xff\0", 6));
    EXPECT_TRUE(is_json_object(encode_record({{1, 2}, result})));
}

}  // namespace
}  // namespace muster
