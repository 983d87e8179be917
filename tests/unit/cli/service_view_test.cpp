#include <cli/ask/service_view.hpp>

#include <gtest/gtest.h>

#include <cli/ask/event_view.hpp>

namespace muster {
namespace {

WallTime const kNow = *parse_rfc3339("2026-11-22T05:00:00Z");

AnsweredService app() {
    AnsweredService service;
    service.view.id.value = 7;
    service.view.project = "shop";
    service.view.name = "app";
    service.view.type = ServiceType::web;
    service.view.status = HealthStatus::down;
    service.view.last_check = kNow - 3s;
    service.view.response_time = 12ms;
    service.view.failures = 4;
    service.view.details.error = "connection refused";
    service.kind = "http";
    service.target = "http://127.0.0.1:3010/health";
    service.interval = "10s";
    service.timeout = "5s";
    service.owner = "file";
    return service;
}

AnsweredEvent event(std::string description, std::string overlay = {}) {
    AnsweredEvent made;
    made.project = "shop";
    made.service = "app";
    made.type = "status_changed";
    made.severity = "critical";
    made.description = std::move(description);
    made.overlay_on = !overlay.empty();
    made.overlay = std::move(overlay);
    made.at = kNow - 5min;
    return made;
}

TEST(ServicesText, ListsThem) {
    EXPECT_EQ(services_text({app()}, kNow, false),
              "ID  SERVICE   TYPE  STATUS   TIME  CHECKED  EVERY  OWNER  TARGET\n"
              " 7  shop/app  web   down    12 ms  3s ago     10s  file   http "
              "http://127.0.0.1:3010/health\n"
              "\n"
              "1 service\n");
    EXPECT_EQ(services_text({}, kNow, false), "no services\n");
}

TEST(ProbeLine, SaysWhatWasSeen) {
    AnsweredProbe probe;
    probe.project = "shop";
    probe.service = "app";
    probe.status = HealthStatus::up;
    probe.response_ms = 2.5;
    probe.http_status = 200;
    EXPECT_EQ(probe_line(probe, false), "shop/app  up  2.5 ms  HTTP 200\n");
    probe.status = HealthStatus::down;
    probe.error = "HTTP error: 503";
    EXPECT_EQ(probe_line(probe, true), "shop/app  \x1b[31mdown\x1b[0m  2.5 ms  HTTP error: 503\n");
}

TEST(ExplanationText, TellsReasonRootCauseOverlaysAndChecks) {
    Explanation why;
    why.service = app();
    why.service.view.overlays.set(Overlay::unreachable, true);
    why.at = kNow;
    auto unreachable = event("unreachable: shop/db is down", "unreachable");
    unreachable.root_cause = "shop/db";
    auto down = event("down after 4 failed checks: connection refused");
    down.root_cause = "shop/db";
    why.changes = {unreachable, down, event("up after 1 passing check")};
    AnsweredCheck check;
    check.status = "down";
    check.started_at = kNow - 3s;
    check.response_ms = 12;
    check.error = "connection refused";
    why.checks = {check};
    EXPECT_EQ(explanation_text(why, false),
              "shop/app is down since 2026-11-22T04:55:00.000Z (5m ago)\n"
              "reason        down after 4 failed checks: connection refused\n"
              "root cause    shop/db\n"
              "overlay       unreachable: shop/db is down\n"
              "root cause    shop/db\n"
              "now           3s ago, 12 ms, connection refused\n"
              "failures      4 in a row\n"
              "\n"
              "CHECKED                   STATUS   TIME  ERROR\n"
              "2026-11-22T04:59:57.000Z  down    12 ms  connection refused\n");
}

TEST(ExplanationText, SaysSoWhereNothingEverChanged) {
    Explanation why;
    why.service = app();
    why.service.view.last_check.reset();
    why.service.view.failures = 0;
    EXPECT_EQ(explanation_text(why, false),
              "shop/app is down\n"
              "reason        its status has not changed since it is known\n"
              "now           not checked yet\n");
}

TEST(EventLine, KeepsItsColumns) {
    EXPECT_EQ(event_line(event("down"), false),
              "2026-11-22T04:55:00.000Z  critical  status_changed        shop/app: down\n");
    auto of_hub = event("records were lost");
    of_hub.project.clear();
    of_hub.severity = "warning";
    of_hub.type = "hub_problem";
    EXPECT_EQ(event_line(of_hub, true),
              "2026-11-22T04:55:00.000Z  \x1b[33mwarning \x1b[0m  hub_problem           hub: "
              "records were lost\n");
}

}  // namespace
}  // namespace muster
