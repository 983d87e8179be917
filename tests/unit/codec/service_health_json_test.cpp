#include <muster/codec/service_health_json.hpp>

#include <string>
#include <vector>

#include <gtest/gtest.h>

namespace muster {
namespace {

constexpr WallTime kChecked{Millis(1'700'000'000'000)};

Service a_service() {
    Service service;
    service.id = ServiceId{7};
    service.spec.project = "shop";
    service.spec.name = "app";
    service.spec.probe = HttpProbeSpec{parse_url("http://me:s3cret@host/health").value()};
    return service;
}

TEST(ServiceHealthJson, TellsWhyAndTheLastChecks) {
    ServiceView view;
    view.status = HealthStatus::down;
    view.last_check = kChecked;
    view.failures = 2;
    view.details.error = "connection refused";
    EventRow change;
    change.occurred_at = kChecked;
    change.description = "down after 1 failed check";
    change.metadata_json = R"({"cause":"failures"})";
    CheckRow check;
    check.status = HealthStatus::down;
    check.last_check = kChecked;
    check.recorded_at = kChecked + 1ms;
    check.response_time = 1ms;
    check.error = "connection refused";
    std::vector<CheckRow> const checks{check};
    std::string text;
    append_service_health(text, a_service(), &view, change, checks);
    EXPECT_EQ(text,
              R"({"id":7,"project":"shop","name":"app","status":"down","overlays":[],)"
              R"("lastCheck":"2023-11-14T22:13:20.000Z","responseTimeMs":null,"isRunning":false,)"
              R"("consecutiveFailures":2,"uptime":0,"coverage":0,"details":{"kind":"http",)"
              R"("target":"http://host/health","flapPercent":0,"error":"connection refused"},)"
              R"("lastTransition":{"at":"2023-11-14T22:13:20.000Z",)"
              R"("description":"down after 1 failed check","reason":{"cause":"failures"}},)"
              R"("checks":[{"status":"down","startedAt":"2023-11-14T22:13:20.000Z",)"
              R"("recordedAt":"2023-11-14T22:13:20.001Z","responseTimeMs":1,)"
              R"("errorMessage":"connection refused"}]})");
}

TEST(ServiceHealthJson, OfOneNotYetCheckedIsUnknown) {
    std::string text;
    append_service_health(text, a_service(), nullptr, std::nullopt, {});
    EXPECT_NE(text.find(R"("status":"unknown")"), std::string::npos);
    EXPECT_NE(text.find(R"("lastTransition":null,"checks":[])"), std::string::npos);
}

}  // namespace
}  // namespace muster
