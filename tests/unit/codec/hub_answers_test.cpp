#include <muster/codec/hub_answers.hpp>

#include <string>

#include <gtest/gtest.h>

namespace muster {
namespace {

constexpr char const* kService =
    R"({"id":7,"projectId":3,"project":"shop","name":"app","type":"web","interval":"30s",)"
    R"("timeout":"5s","critical":false,"dependsOn":["db","?other/cache"],"tags":["eu"],)"
    R"("group":null,"status":"degraded","overlays":["flapping","of tomorrow"],)"
    R"("lastCheck":"2026-11-22T05:55:00.123Z","responseTimeMs":1200,"consecutiveFailures":2,)"
    R"("details":{"kind":"http","target":"http://h/","isRunning":true,"uptime":99.5,)"
    R"("coverage":80,"note":"slow","httpStatus":200},"owner":"api"})";

std::string in_envelope(std::string const& data) {
    return R"({"success":true,"data":)" + data +
           R"(,"total":5,"timestamp":"2026-11-22T05:55:01.000Z"})";
}

TEST(HubAnswers, ReadServicesAndWhatBelongsToTheAnswer) {
    auto const answer = read_services_answer(in_envelope("[" + std::string(kService) + "]"));
    ASSERT_TRUE(answer);
    EXPECT_EQ(answer->total, 5U);
    EXPECT_EQ(to_rfc3339(answer->at.value()), "2026-11-22T05:55:01.000Z");
    ASSERT_EQ(answer->items.size(), 1U);
    auto const& service = answer->items.front();
    EXPECT_EQ(service.view.id.value, 7);
    EXPECT_EQ(service.view.project, "shop");
    EXPECT_EQ(service.view.type, ServiceType::web);
    EXPECT_EQ(service.view.status, HealthStatus::degraded);
    EXPECT_TRUE(service.view.overlays.has(Overlay::flapping));
    EXPECT_FALSE(service.view.critical);
    EXPECT_EQ(service.view.response_time, Millis(1200));
    EXPECT_EQ(service.view.failures, 2U);
    EXPECT_EQ(service.view.uptime_percent, 99.5);
    EXPECT_EQ(service.view.details.note, "slow");
    EXPECT_EQ(service.target, "http://h/");
    EXPECT_EQ(service.depends_on, (std::vector<std::string>{"db", "?other/cache"}));
    EXPECT_EQ(service.owner, "api");

    auto const one = read_service_answer(in_envelope(kService));
    ASSERT_TRUE(one);
    EXPECT_EQ(to_rfc3339(one->at.value()), "2026-11-22T05:55:01.000Z");
}

TEST(HubAnswers, ReadTheStatusMap) {
    auto const answer = read_status_answer(in_envelope(
        R"({"shop":{"projectName":"shop","status":"healthy","lastCheck":null,"uptime":0,)"
        R"("coverage":0,"responseTime":null,"isRunning":false,"overlays":["maintenance"]},)"
        R"("mail":{"status":"down"}})"));
    ASSERT_TRUE(answer);
    ASSERT_EQ(answer->items.size(), 2U);
    EXPECT_EQ(answer->items[0].name, "shop");
    EXPECT_EQ(answer->items[0].status, HealthStatus::up);
    EXPECT_FALSE(answer->items[0].last_check);
    EXPECT_FALSE(answer->items[0].response_time);
    EXPECT_TRUE(answer->items[0].overlays.has(Overlay::maintenance));
    EXPECT_EQ(answer->items[1].status, HealthStatus::down);
}

TEST(HubAnswers, ReadEventsWithTheirRootCause) {
    auto const answer = read_events_answer(in_envelope(
        R"([{"id":9,"projectName":"shop","serviceName":"app","eventType":"status_changed",)"
        R"("severity":"warning","description":"unreachable","metadata":{"overlay":"unreachable",)"
        R"("on":true,"rootCause":"shop/db"},"occurredAt":"2026-11-22T05:55:00.000Z"},)"
        R"({"id":8,"projectName":null,"eventType":"of_tomorrow"}])"));
    ASSERT_TRUE(answer);
    ASSERT_EQ(answer->items.size(), 2U);
    EXPECT_EQ(answer->items[0].overlay, "unreachable");
    EXPECT_TRUE(answer->items[0].overlay_on);
    EXPECT_EQ(answer->items[0].root_cause, "shop/db");
    EXPECT_EQ(answer->items[1].type, "of_tomorrow");
    EXPECT_EQ(answer->items[1].json, R"({"id":8,"projectName":null,"eventType":"of_tomorrow"})");
}

TEST(HubAnswers, ReadBucketsAndChecks) {
    auto const text = in_envelope(
        R"([{"from":"2026-11-22T05:00:00Z","to":"2026-11-22T05:24:00Z","serviceName":"app",)"
        R"("checks":10,"up":8,"degraded":1,"down":1,"unobservedMs":60000,"avgMs":2.5,)"
        R"("maxMs":null},{"from":"2026-11-22T05:24:00Z","to":"2026-11-22T05:24:00Z"}])");
    auto const buckets = read_buckets_answer(text);
    ASSERT_TRUE(buckets);
    ASSERT_EQ(buckets->items.size(), 1U) << "one that takes no time is none";
    EXPECT_EQ(buckets->items[0].down, 1U);
    EXPECT_EQ(buckets->items[0].unobserved, Millis(60'000));
    EXPECT_EQ(buckets->items[0].mean_ms, 2.5);
    EXPECT_FALSE(buckets->items[0].longest_ms);

    auto const checks = read_checks_answer(in_envelope(
        R"([{"serviceName":"app","status":"down","lastCheck":"2026-11-22T05:00:00Z",)"
        R"("responseTimeMs":5000,"errorMessage":"timed out after 5000 ms"},{"from":"x"}])"));
    ASSERT_TRUE(checks);
    ASSERT_EQ(checks->items.size(), 1U);
    EXPECT_EQ(checks->items[0].error, "timed out after 5000 ms");
}

TEST(HubAnswers, TellWindowsInWords) {
    auto const answer = read_windows_answer(in_envelope(
        R"([{"id":1,"match":{"projects":["shop","mail"],"critical":true},)"
        R"("weekly":{"day":"sun","from":"02:00","to":"04:00","zone":"UTC"},"why":"backups"},)"
        R"({"id":2,"match":{},"until":"2026-11-22T05:00:00.000Z"}])"));
    ASSERT_TRUE(answer);
    EXPECT_EQ(answer->items[0].match, "projects shop mail, critical ones");
    EXPECT_EQ(answer->items[0].when, "every sun 02:00 to 04:00 UTC");
    EXPECT_EQ(answer->items[1].match, "everything");
    EXPECT_EQ(answer->items[1].when, "always until 2026-11-22T05:00:00.000Z");
}

TEST(HubAnswers, TellWhatAHubRefusesAndWhy) {
    auto const refusal = [](std::string const& code) {
        auto const answer = read_status_answer(
            R"({"success":false,"error":"no such thing","code":")" + code + R"("})");
        return answer.error();
    };
    EXPECT_EQ(refusal("NOT_FOUND").code, Errc::not_found);
    EXPECT_EQ(refusal("CONFLICT").code, Errc::conflict);
    EXPECT_EQ(refusal("NOT_READY").code, Errc::unavailable);
    EXPECT_EQ(refusal("BAD_REQUEST").code, Errc::invalid);
    EXPECT_EQ(refusal("BAD_REQUEST").message, "no such thing");
}

TEST(HubAnswers, TakeNothingElseForAnAnswer) {
    for (std::string const text : {"", "garbage", "[]", "{}", "<html>", R"({"success":"yes"})",
                                   R"({"success":true})", R"({"success":true,"data":7})"}) {
        EXPECT_EQ(read_services_answer(text).error().code, Errc::corrupt) << text;
        EXPECT_EQ(read_status_answer(text).error().code, Errc::corrupt) << text;
        EXPECT_EQ(read_health_answer(text).error().code, Errc::corrupt) << text;
        EXPECT_EQ(read_ready_answer(text).error().code, Errc::corrupt) << text;
    }
    std::string const deep(1'000'000, '[');
    EXPECT_FALSE(read_services_answer(R"({"success":true,"data":)" + deep));
}

TEST(HubAnswers, MakeTextsFitToShow) {
    auto const answer = read_service_answer(in_envelope("{\"name\":\"a\\u001b[2Jb\"}"));
    ASSERT_TRUE(answer);
    EXPECT_EQ(answer->view.name, "a [2Jb");
}

TEST(HubAnswers, KeepTheDataAsItCame) {
    auto const text = in_envelope(R"({"b":{"x":1},"a":[1.5,null]})");
    EXPECT_EQ(read_answer_data(text).value(), R"({"b":{"x":1},"a":[1.5,null]})");
    EXPECT_EQ(read_answer_data(text, "b").value(), R"({"b":{"x":1}})");
    auto const items = read_answer_items(in_envelope(R"([{"a":1},2])"));
    ASSERT_TRUE(items);
    EXPECT_EQ(items->items, (std::vector<std::string>{R"({"a":1})", "2"}));
}

TEST(HubAnswers, ReadLifeAndReadiness) {
    auto const life = read_health_answer(
        R"({"status":"healthy","uptime":12.5,"timestamp":"2026-11-22T05:55:00.000Z"})");
    ASSERT_TRUE(life);
    EXPECT_EQ(life->uptime_s, 12.5);
    auto const ready = read_ready_answer(R"({"ready":false,"error":"Starting"})");
    ASSERT_TRUE(ready);
    EXPECT_FALSE(ready->ready);
    EXPECT_EQ(ready->problem, "Starting");
}

}  // namespace
}  // namespace muster
