#include <cli/check/check_table.hpp>

#include <string>
#include <utility>
#include <vector>

#include <gtest/gtest.h>

namespace muster {
namespace {

ServiceSpec service_named(std::string project, std::string name) {
    ServiceSpec spec;
    spec.project = std::move(project);
    spec.name = std::move(name);
    return spec;
}

CheckedService checked(ServiceSpec const& spec, HealthStatus status, Micros time,
                       std::string error = {}) {
    CheckedService result;
    result.service = &spec;
    result.status = status;
    result.outcome.verdict = error.empty() ? Verdict::passed : Verdict::failed;
    result.outcome.response_time = time;
    result.outcome.http_status = error.empty() ? 200 : 0;
    result.outcome.error = std::move(error);
    return result;
}

TEST(CheckTable, AlignsItsColumnsAndSumsUp) {
    auto const shop = service_named("shop", "app");
    auto const mail = service_named("email-blast", "database");
    auto const bare = service_named("", "http://127.0.0.1:3010/health");
    auto unknown = checked(bare, HealthStatus::unknown, 0us, "no descriptors left");
    unknown.outcome.verdict = Verdict::not_counted;
    EXPECT_EQ(
        check_table({checked(shop, HealthStatus::up, 3260us),
                     checked(mail, HealthStatus::down, 5000ms, "timed out after 5000 ms"),
                     checked(shop, HealthStatus::degraded, 1530ms), unknown},
                    false),
        "PROJECT      SERVICE                       STATUS       TIME  DETAILS\n"
        "shop         app                           up         3.3 ms  HTTP 200\n"
        "email-blast  database                      down      5000 ms  timed out after 5000 ms\n"
        "shop         app                           degraded  1530 ms  HTTP 200, slower than 1s\n"
        "-            http://127.0.0.1:3010/health  unknown         -  no descriptors left\n"
        "\n"
        "4 checked: 1 up, 1 degraded, 1 down, 1 unknown\n");
}

TEST(CheckTable, ColoursTheStatusWhenAsked) {
    auto const shop = service_named("shop", "app");
    auto const table = check_table({checked(shop, HealthStatus::up, 20ms),
                                    checked(shop, HealthStatus::down, 20ms, "HTTP error: 503")},
                                   true);
    EXPECT_EQ(table,
              "PROJECT  SERVICE  STATUS   TIME  DETAILS\n"
              "shop     app      \x1b[32mup\x1b[0m      20 ms  HTTP 200\n"
              "shop     app      \x1b[31mdown\x1b[0m    20 ms  HTTP error: 503\n"
              "\n"
              "2 checked: 1 up, 1 down\n");
}

TEST(Details, SayWhyOrWhatTheAnswerWas) {
    auto const shop = service_named("shop", "app");
    auto result = checked(shop, HealthStatus::up, 20ms);
    EXPECT_EQ(details_of(result), "HTTP 200");
    result.outcome.note = "body is not readable JSON";
    EXPECT_EQ(details_of(result), "HTTP 200, body is not readable JSON");
    result.outcome.note.clear();
    result.outcome.http_status = 0;
    EXPECT_EQ(details_of(result), "connected");
    result.status = HealthStatus::degraded;
    result.outcome.http_status = 200;
    EXPECT_EQ(details_of(result), "HTTP 200, says that it is degraded");
    result.status = HealthStatus::down;
    result.outcome.word = BodyWord::down;
    EXPECT_EQ(details_of(result), "says that it is down");
    result.outcome.error = "HTTP error: 503";
    EXPECT_EQ(details_of(result), "HTTP error: 503");
}

TEST(Details, TellHowLongACertificateLasts) {
    auto const shop = service_named("shop", "app");
    auto result = checked(shop, HealthStatus::up, 20ms);
    result.started_at = WallTime(1'700'000'000'000ms);
    result.outcome.certificate_expires = result.started_at + 24h * 80 + 3h;
    EXPECT_EQ(details_of(result), "HTTP 200, certificate has 80 days left");
    result.outcome.certificate_expires = result.started_at + 24h * 6;
    result.outcome.note = "certificate expires in 6 days";
    EXPECT_EQ(details_of(result), "HTTP 200, certificate expires in 6 days");
    result.outcome.certificate_expires = result.started_at - 24h;
    result.outcome.note.clear();
    result.outcome.error = "certificate expired on 2023-11-13";
    EXPECT_EQ(details_of(result), "certificate expired on 2023-11-13");
}

TEST(Details, CountUrls) {
    auto const shop = service_named("shop", "app");
    auto result = checked(shop, HealthStatus::down, 20ms, "/b: HTTP error: 503");
    result.outcome.endpoints_healthy = 1;
    result.outcome.endpoints_total = 2;
    EXPECT_EQ(details_of(result), "/b: HTTP error: 503, 1 of 2 URLs pass");
}

}  // namespace
}  // namespace muster
