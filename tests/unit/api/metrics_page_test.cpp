#include <muster/api/metrics_page.hpp>

#include <string>
#include <utility>
#include <vector>

#include <gtest/gtest.h>

#include <muster/api/target.hpp>
#include <muster/memory/simulated_loop.hpp>
#include <muster/testing/strict_exposition.hpp>
#include <unit/api/deltas.hpp>

namespace muster {
namespace {

class MetricsPageTest : public ::testing::Test {
protected:
    MetricsPageTest() { add_metrics_route(router, page); }

    void show_services(int count, HealthStatus status = HealthStatus::up) {
        auto delta = delta_of(project_view(1, "shop"));
        for (int number = 0; number < count; ++number) {
            auto view = service_view(number + 10, 1, "service-" + std::to_string(number));
            view.project = "shop";
            view.status = status;
            view.uptime_percent = 99.5;
            delta.services.push_back(std::move(view));
        }
        model.apply(std::move(delta));
    }

    /// Sends a request; the answer comes into `answers`, at once or later.
    void ask(Method method = Method::get) {
        Request request;
        request.method = method;
        request.target = parse_target("/metrics").value();
        router.handle(std::move(request),
                      [this](Response response) { answers.push_back(std::move(response)); });
    }

    SimulatedLoop loop;
    ReadModel model;
    int edge_asked{0};
    MetricsPage page{model, loop, loop, [this](FigureSheet& sheet) {
                         ++edge_asked;
                         sheet.gauge("muster_lane_jobs", "Jobs.", 1, {{"lane", "read-1"}});
                     }};
    Router router{loop, Origins({"*"})};
    std::vector<Response> answers;
};

TEST_F(MetricsPageTest, ShowsServicesAndWhatBothLoopsCount) {
    show_services(2);
    auto down = service_view(12, 1, "worker");
    down.project = "shop";
    down.status = HealthStatus::down;
    FleetDelta delta;
    delta.services.push_back(down);
    model.apply(std::move(delta));
    HubFigures figures;
    figures.at = loop.now().steady;
    figures.sheet.gauge("muster_lane_jobs", "Jobs.", 3, {{"lane", "store"}});
    model.apply(std::move(figures));
    loop.run_for(500ms);

    ask();
    ASSERT_EQ(answers.size(), 1U);
    EXPECT_EQ(answers[0].status, 200U);
    EXPECT_EQ(answers[0].content_type, "text/plain; version=0.0.4; charset=utf-8");
    testing::StrictExposition const shown(answers[0].body.text());
    EXPECT_EQ(shown.complaints(), std::vector<std::string>{});
    EXPECT_EQ(shown.at(R"(muster_service_status{project="shop",service="service-0"})"), 1);
    EXPECT_EQ(shown.at(R"(muster_service_status{project="shop",service="worker"})"), 3);
    EXPECT_EQ(shown.at(R"(muster_service_uptime_percent{project="shop",service="service-1"})"),
              99.5);
    EXPECT_EQ(shown.at(R"(muster_lane_jobs{lane="store"})"), 3);
    EXPECT_EQ(shown.at(R"(muster_lane_jobs{lane="read-1"})"), 1) << "one family from two loops";
    EXPECT_EQ(shown.at("muster_hub_figures_age_seconds"), 0.5);
    EXPECT_EQ(shown.at("muster_projects"), 1);
}

TEST_F(MetricsPageTest, NumbersStatusesAsTheContractDoes) {
    std::pair<HealthStatus, double> const numbers[] = {{HealthStatus::unknown, 0},
                                                       {HealthStatus::up, 1},
                                                       {HealthStatus::degraded, 2},
                                                       {HealthStatus::down, 3}};
    for (auto const& [status, number] : numbers) {
        show_services(1, status);
        ask();
        testing::StrictExposition const shown(answers.back().body.text());
        EXPECT_EQ(shown.at(R"(muster_service_status{project="shop",service="service-0"})"), number);
    }
}

TEST_F(MetricsPageTest, HasNoFamilyWithoutServices) {
    ask();
    ASSERT_EQ(answers.size(), 1U);
    testing::StrictExposition const shown(answers[0].body.text());
    EXPECT_EQ(shown.complaints(), std::vector<std::string>{});
    EXPECT_FALSE(shown.types().contains("muster_service_status"));
}

TEST_F(MetricsPageTest, WritesALargeFleetInPiecesAndOnceForAllWhoAsk) {
    show_services(5'000);
    ask();
    ask();
    EXPECT_TRUE(answers.empty()) << "the loop is given back in between";
    EXPECT_TRUE(loop.run_one());
    ask();
    while (answers.size() < 3 && loop.run_one()) {}
    ASSERT_EQ(answers.size(), 3U);
    EXPECT_EQ(edge_asked, 1);
    EXPECT_EQ(answers[0].body.shared, answers[2].body.shared);
    testing::StrictExposition const shown(answers[0].body.text());
    EXPECT_EQ(shown.complaints(), std::vector<std::string>{});
    std::size_t services = 0;
    for (auto const& [series, value] : shown.values()) {
        services += series.starts_with("muster_service_status{") ? 1 : 0;
    }
    EXPECT_EQ(services, 5'000U);
    ask();
    EXPECT_EQ(edge_asked, 2) << "the next scrape is a page of its own";
}

TEST_F(MetricsPageTest, SurvivesChangesWhileItIsWritten) {
    show_services(5'000);
    ask();
    FleetDelta gone;
    for (int number = 0; number < 5'000; number += 2) {
        gone.removed_services.push_back(ServiceId{number + 10});
    }
    model.apply(std::move(gone));
    while (answers.empty() && loop.run_one()) {}
    ASSERT_EQ(answers.size(), 1U);
    EXPECT_EQ(testing::StrictExposition(answers[0].body.text()).complaints(),
              std::vector<std::string>{});
}

TEST_F(MetricsPageTest, ChangesNothing) {
    ask(Method::post);
    ASSERT_EQ(answers.size(), 1U);
    EXPECT_EQ(answers[0].status, 405U);
    ask(Method::head);
    EXPECT_EQ(answers[1].status, 200U);
}

}  // namespace
}  // namespace muster
