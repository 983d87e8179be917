#include <muster/codec/fleet_json.hpp>

#include <string>

#include <gtest/gtest.h>

namespace muster {
namespace {

constexpr WallTime kChecked{Millis(1'795'326'900'123)};

TEST(FleetJson, ShowsAProjectBeforeItsFirstCheck) {
    ProjectView project;
    project.id = ProjectId{1};
    project.name = "shop";
    std::string out;
    append_status_member(out, project);
    EXPECT_EQ(out, R"("shop":{"projectName":"shop","status":"unknown","lastCheck":null,"uptime":0,)"
                   R"("coverage":0,"responseTime":null,"isRunning":false,"overlays":[]})");
}

TEST(FleetJson, ShowsAProjectThatWasChecked) {
    ProjectView const project{.id = ProjectId{1},
                              .name = "shop",
                              .status = HealthStatus::up,
                              .last_check = kChecked,
                              .response_time = Millis(45),
                              .running = true,
                              .uptime_percent = 99.8,
                              .coverage_percent = 12.5};
    std::string out;
    append_project_status(out, project);
    EXPECT_EQ(out,
              R"({"projectName":"shop","status":"healthy","lastCheck":"2026-11-22T05:55:00.123Z",)"
              R"("uptime":99.8,"coverage":12.5,"responseTime":45,"isRunning":true,"overlays":[]})");
}

TEST(FleetJson, ShowsTheOverlaysOfAProject) {
    ProjectView project;
    project.overlays.set(Overlay::maintenance, true);
    project.overlays.set(Overlay::flapping, true);
    std::string out;
    append_project_status(out, project);
    EXPECT_NE(out.find(R"("overlays":["flapping","maintenance"])"), std::string::npos) << out;
}

TEST(FleetJson, ShowsMetrics) {
    ProjectMetrics const metrics{.project = ProjectId{1},
                                 .at = kChecked,
                                 .sample = {.requests_per_second = 125.3,
                                            .error_rate = 0.02,
                                            .error_count = 5,
                                            .memory_usage_percent = 45.2,
                                            .cpu_usage_percent = 23.1,
                                            .database_query_time_ms = 25,
                                            .api_usage = {{"a\"b", 1}, {"mails", 450}}}};
    std::string out;
    append_project_metrics(out, "shop", metrics);
    EXPECT_EQ(out,
              R"({"projectName":"shop","requestsPerSecond":125.3,"errorRate":0.02,"errorCount":5,)"
              R"("apiUsage":{"a\"b":1,"mails":450},"memoryUsagePercent":45.2,)"
              R"("cpuUsagePercent":23.1,"databaseQueryTime":25,)"
              R"("timestamp":"2026-11-22T05:55:00.123Z"})");
    out.clear();
    append_project_metrics(out, "shop", ProjectMetrics{ProjectId{1}, kChecked, {}});
    EXPECT_EQ(out,
              R"({"projectName":"shop","requestsPerSecond":0,"errorRate":0,"errorCount":0,)"
              R"("apiUsage":{},"memoryUsagePercent":0,"cpuUsagePercent":0,"databaseQueryTime":0,)"
              R"("timestamp":"2026-11-22T05:55:00.123Z"})");
}

}  // namespace
}  // namespace muster
