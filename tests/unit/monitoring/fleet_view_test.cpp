#include <muster/monitoring/fleet_view.hpp>

#include <string>

#include <gtest/gtest.h>

namespace muster {
namespace {

WallTime const kNow{Millis(1'700'000'000'000)};

class FleetViewTest : public ::testing::Test {
protected:
    FleetViewTest() {
        Project project;
        project.id = ProjectId{1};
        project.spec.name = "shop";
        view.set_project(project);
    }

    static Service service(int id, bool critical = true) {
        Service result;
        result.id = ServiceId{id};
        result.project_id = ProjectId{1};
        result.spec.project = "shop";
        result.spec.name = "s" + std::to_string(id);
        result.spec.critical = critical;
        return result;
    }

    static Tracker tracker(HealthStatus status, Millis response_time = 10ms, WallTime at = kNow) {
        Tracker result;
        result.health.status = status;
        result.last_check = at;
        result.response_time = response_time;
        result.running = status != HealthStatus::down;
        auto const seen = status == HealthStatus::down ? Observed::down : Observed::not_down;
        result.availability.observe(at, seen, 25s);
        return result;
    }

    ProjectView project() {
        auto const delta = view.take(1, 1, true);
        return delta.projects.at(0);
    }

    FleetView view;
};

TEST_F(FleetViewTest, AProjectIsUnknownBeforeTheFirstCheck) {
    view.set_service(service(1), Tracker{}, kNow);
    auto const shop = project();
    EXPECT_EQ(shop.status, HealthStatus::unknown);
    EXPECT_FALSE(shop.last_check);
    EXPECT_FALSE(shop.response_time);
    EXPECT_FALSE(shop.running);
    EXPECT_EQ(shop.uptime_percent, 0);
}

TEST_F(FleetViewTest, AProjectIsAsItsWorstCriticalService) {
    view.set_service(service(1), tracker(HealthStatus::up, 10ms, kNow), kNow);
    view.set_service(service(2), tracker(HealthStatus::down, 40ms, kNow + 1s), kNow + 1s);
    auto const shop = project();
    EXPECT_EQ(shop.status, HealthStatus::down);
    EXPECT_EQ(shop.last_check, kNow + 1s);
    EXPECT_EQ(shop.response_time, Millis(40));
    EXPECT_FALSE(shop.running);
    EXPECT_EQ(shop.uptime_percent, 0);
}

TEST_F(FleetViewTest, ANonCriticalServiceDegradesItAtMost) {
    view.set_service(service(1), tracker(HealthStatus::up), kNow);
    view.set_service(service(2, false), tracker(HealthStatus::down), kNow);
    auto const shop = project();
    EXPECT_EQ(shop.status, HealthStatus::degraded);
    EXPECT_TRUE(shop.running);
    EXPECT_EQ(shop.uptime_percent, 100);
}

TEST_F(FleetViewTest, WithoutACriticalServiceTheWorstOfAllDecides) {
    view.set_service(service(1, false), tracker(HealthStatus::up), kNow);
    view.set_service(service(2, false), tracker(HealthStatus::down), kNow);
    EXPECT_EQ(project().status, HealthStatus::down);
}

TEST_F(FleetViewTest, OverlaysAreShownAtOnceAndChangeNoStatus) {
    view.set_service(service(1), tracker(HealthStatus::up), kNow);
    view.set_service(service(2, false), tracker(HealthStatus::up), kNow);
    (void)view.take(1, 1);
    auto overlaid = tracker(HealthStatus::up);
    overlaid.overlays.set(Overlay::unreachable, true);
    view.set_service(service(1), overlaid, kNow);
    EXPECT_TRUE(view.urgent());
    auto restless = tracker(HealthStatus::up);
    restless.overlays.set(Overlay::flapping, true);
    for (int check = 0; check < 6; ++check) {
        restless.restlessness.add(true);
    }
    view.set_service(service(2, false), restless, kNow);
    auto const delta = view.take(1, 2);
    ASSERT_EQ(delta.services.size(), 2U);
    EXPECT_TRUE(delta.services[0].overlays.has(Overlay::unreachable));
    EXPECT_DOUBLE_EQ(delta.services[1].flap_percent, 33.9);
    ASSERT_EQ(delta.projects.size(), 1U);
    EXPECT_EQ(delta.projects[0].status, HealthStatus::up);
    EXPECT_TRUE(delta.projects[0].overlays.has(Overlay::unreachable));
    EXPECT_TRUE(delta.projects[0].overlays.has(Overlay::flapping));
    EXPECT_FALSE(delta.projects[0].overlays.has(Overlay::maintenance));
}

TEST_F(FleetViewTest, GivesOnlyWhatChangedSinceTheLastTime) {
    view.set_service(service(1), tracker(HealthStatus::up), kNow);
    view.set_service(service(2), tracker(HealthStatus::up), kNow);
    auto const first = view.take(1, 5);
    EXPECT_TRUE(first.urgent);
    EXPECT_EQ(first.services.size(), 2U);
    EXPECT_EQ(first.seq, 5U);
    EXPECT_FALSE(view.changed());
    view.set_service(service(2), tracker(HealthStatus::up, 20ms), kNow + 1s);
    EXPECT_FALSE(view.urgent()) << "a check without a transition can wait";
    auto const second = view.take(1, 6);
    ASSERT_EQ(second.services.size(), 1U);
    EXPECT_EQ(second.services.front().id, ServiceId{2});
    EXPECT_EQ(second.projects.size(), 1U);
}

TEST_F(FleetViewTest, TellsWhatWasRemoved) {
    view.set_service(service(1), tracker(HealthStatus::up), kNow);
    view.set_service(service(2), tracker(HealthStatus::down), kNow);
    (void)view.take(1, 1);
    view.remove_service(ServiceId{2});
    auto const delta = view.take(1, 2);
    EXPECT_TRUE(delta.urgent);
    EXPECT_EQ(delta.removed_services, std::vector<ServiceId>{ServiceId{2}});
    ASSERT_EQ(delta.projects.size(), 1U);
    EXPECT_EQ(delta.projects.front().status, HealthStatus::up);
    view.remove_service(ServiceId{1});
    view.remove_project(ProjectId{1});
    EXPECT_EQ(view.take(1, 3).removed_projects, std::vector<ProjectId>{ProjectId{1}});
}

TEST_F(FleetViewTest, AWholePictureHoldsEverythingAndSaysSo) {
    view.set_service(service(1), tracker(HealthStatus::up), kNow);
    view.add_metrics(ProjectMetrics{ProjectId{1}, kNow, {}});
    (void)view.take(1, 1);
    auto const whole = view.take(1, 1, true);
    EXPECT_TRUE(whole.reset);
    EXPECT_EQ(whole.services.size(), 1U);
    EXPECT_EQ(whole.projects.size(), 1U);
    EXPECT_EQ(whole.metrics.size(), 1U);
}

TEST_F(FleetViewTest, DetailsAreThoseOfTheLastCheckThatCounted) {
    Outcome seen;
    seen.verdict = Verdict::failed;
    seen.error = "HTTP error: 503";
    seen.http_status = 503;
    seen.certificate_expires = kNow + 24h;
    view.set_service(service(1), tracker(HealthStatus::down), kNow, &seen);
    Outcome ours;
    ours.error = "no file descriptors left";
    view.set_service(service(1), tracker(HealthStatus::down), kNow, &ours);
    view.set_service(service(1), tracker(HealthStatus::down), kNow);
    auto const delta = view.take(1, 1);
    ASSERT_EQ(delta.services.size(), 1U);
    EXPECT_EQ(delta.services[0].details, (SeenDetails{.error = "HTTP error: 503",
                                                      .http_status = 503,
                                                      .certificate_expires = kNow + 24h}));
}

}  // namespace
}  // namespace muster
