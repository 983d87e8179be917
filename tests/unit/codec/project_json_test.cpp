#include <muster/codec/project_json.hpp>

#include <string>
#include <vector>

#include <gtest/gtest.h>

namespace muster {
namespace {

constexpr WallTime kAt{Millis(1'700'000'000'000)};

ServiceView view_of(std::string name, HealthStatus status, bool critical = true) {
    ServiceView view;
    view.name = std::move(name);
    view.status = status;
    view.critical = critical;
    return view;
}

ServiceHealth health_of(ServiceView const& view, double uptime, double coverage) {
    ServiceHealth health;
    health.view = &view;
    health.uptime[0] = AvailabilityFigures{uptime, coverage};
    return health;
}

TEST(ProjectJson, ShowsSettingsWithoutSecrets) {
    Project project;
    project.id = ProjectId{3};
    project.created_at = project.updated_at = kAt;
    project.spec = project_of("shop", parse_url("http://me:s3cret@host:3010").value());
    project.spec.status_path = "/status?token=t0ken";
    project.spec.tags = {"eu", "retail"};
    project.spec.metrics->map = {{"errorRate", "errors / \"all\""}};
    ProjectView view;
    view.name = "shop";
    view.last_check = kAt;
    std::string text;
    append_project(text, project, view, nullptr, {});
    EXPECT_EQ(text,
              R"({"id":3,"projectName":"shop","settings":{"url":"http://host:3010/",)"
              R"("description":"","critical":true,"tags":["eu","retail"],"group":null,)"
              R"("metrics":{"url":"http://host:3010/metrics","interval":"30s","timeout":"5s",)"
              R"("map":{"errorRate":"errors / \"all\""}},"statusPath":"/status?token=***",)"
              R"("logsPath":"/logs","owner":"file","createdAt":"2023-11-14T22:13:20.000Z",)"
              R"("updatedAt":"2023-11-14T22:13:20.000Z"},"health":{"projectName":"shop",)"
              R"("status":"unknown","lastCheck":"2023-11-14T22:13:20.000Z","uptime":0,)"
              R"("coverage":0,"responseTime":null,"isRunning":false,"overlays":[]},)"
              R"("metrics":null,"lastUpdated":"2023-11-14T22:13:20.000Z","services":[]})");
}

TEST(ProjectJson, LastUpdatedIsTheNewestOfChecksAndFigures) {
    Project project;
    ProjectView view;
    ProjectMetrics const metrics{ProjectId{3}, kAt + 1s, {}};
    std::string text;
    append_project(text, project, view, &metrics, {});
    EXPECT_NE(text.find(R"("lastUpdated":"2023-11-14T22:13:21.000Z")"), std::string::npos);
    text.clear();
    append_project(text, project, view, nullptr, {});
    EXPECT_NE(text.find(R"("lastUpdated":null)"), std::string::npos);
}

TEST(ProjectJson, WorstOffenderIsTheOneThatIsDownLongest) {
    auto slow = view_of("slow", HealthStatus::degraded);
    auto down = view_of("down", HealthStatus::down, false);
    auto longer = view_of("longer", HealthStatus::down, false);
    longer.failures = 9;
    auto const fine = view_of("fine", HealthStatus::up);
    auto const fresh = view_of("fresh", HealthStatus::unknown);
    std::vector<ServiceHealth> services{health_of(fine, 100, 100), health_of(slow, 100, 100),
                                        health_of(down, 90, 100), health_of(longer, 95, 100)};
    EXPECT_EQ(worst_offender(services)->name, "longer");
    services.resize(1);
    EXPECT_EQ(worst_offender(services), nullptr);
    services.push_back(health_of(fresh, 0, 0));
    EXPECT_EQ(worst_offender(services)->name, "fresh");
    EXPECT_EQ(worst_offender({}), nullptr);
}

TEST(ProjectJson, UptimeIsThatOfTheDecidingServiceAvailableLeast) {
    auto const critical = view_of("a", HealthStatus::up);
    auto const other = view_of("b", HealthStatus::up, false);
    std::vector<ServiceHealth> services{health_of(other, 10, 100), health_of(critical, 99, 80),
                                        health_of(critical, 98, 70), health_of(critical, 0, 0)};
    EXPECT_EQ(least_available(services, 0)->uptime_percent, 98);
    EXPECT_EQ(least_available(services, 0)->coverage_percent, 70);
    EXPECT_FALSE(least_available(services, 1)) << "nothing is known of it";
    services.resize(1);
    EXPECT_EQ(least_available(services, 0)->uptime_percent, 10) << "none is critical: all decide";
}

TEST(ProjectJson, HealthSaysWhyLongRangesAreMissing) {
    ProjectView project;
    project.name = "shop";
    project.status = HealthStatus::down;
    auto const view = view_of("app", HealthStatus::down);
    std::vector<ServiceHealth> const services{health_of(view, 50, 100)};
    std::string text;
    append_project_health(text, project, services, "the database is away");
    EXPECT_NE(text.find(R"("counts":{"up":0,"degraded":0,"down":1,"unknown":0})"),
              std::string::npos)
        << text;
    EXPECT_NE(text.find(R"("uptime":{"24h":{"uptime":50,"coverage":100},"7d":null,"30d":null,)"
                        R"("90d":null,"1y":null},"uptimeProblem":"the database is away")"),
              std::string::npos)
        << text;
    EXPECT_NE(text.find(R"("worstOffender":{"id":0,"name":"app")"), std::string::npos) << text;
}

}  // namespace
}  // namespace muster
