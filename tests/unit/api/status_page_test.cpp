#include <muster/api/status_page.hpp>

#include <optional>
#include <string>

#include <gtest/gtest.h>

#include <muster/api/target.hpp>
#include <muster/memory/simulated_loop.hpp>
#include <muster/testing/holds.hpp>
#include <unit/api/deltas.hpp>
#include <unit/api/history_stub.hpp>

namespace muster {
namespace {

class StatusPage : public ::testing::Test {
protected:
    StatusPage() { add_status_page(router_, {model_, uptime_, loop_}); }

    std::string ask(std::string_view target, unsigned status = 200) {
        Request request;
        request.target = parse_target(target).value();
        std::optional<Response> got;
        router_.handle(std::move(request),
                       [&got](Response response) { got = std::move(response); });
        while (!got && loop_.run_one()) {}
        EXPECT_TRUE(got) << target;
        EXPECT_EQ(got->status, status);
        return got->body.text();
    }

    SimulatedLoop loop_;
    SimulatedLane lane_{loop_, {.apply_after = 1ms, .queue_limit = 1}};
    HistoryStub stub_;
    HistoryQueries history_{{{lane_, stub_}}, loop_};
    UptimeBook uptime_{history_, loop_};
    ReadModel model_;
    Router router_{loop_, Origins({"*"})};
};

TEST_F(StatusPage, ShowsProjectsServicesAndOverlaysWithoutScript) {
    auto delta = delta_of(project_view(1, "shop", HealthStatus::down));
    delta.projects.push_back(project_view(2, "bank"));
    auto up = service_view(10, 1, "app");
    up.status = HealthStatus::up;
    delta.services.push_back(std::move(up));
    auto down = service_view(11, 1, "db");
    down.status = HealthStatus::down;
    down.overlays.set(Overlay::flapping, true);
    down.details.error = "connection refused to 10.0.0.5";
    delta.services.push_back(std::move(down));
    model_.apply(std::move(delta));
    BucketRow row;
    row.bucket.from = std::chrono::floor<std::chrono::days>(loop_.now().wall);
    row.bucket.seen.observed = 4h;
    stub_.bucket_rows.push_back(row);

    auto const html = ask("/status");
    EXPECT_TRUE(testing::holds(html, "<h1>1 of 2 down</h1>")) << html;
    EXPECT_TRUE(testing::holds(html, "<h2>shop") && testing::holds(html, "<h2>bank"));
    EXPECT_TRUE(testing::holds(html, R"(<span class="label">flapping</span>)"));
    EXPECT_LT(html.find("<span>db"), html.find("<span>app")) << "the worst first";
    EXPECT_TRUE(testing::holds(html, "100 % up in 90 days"));
    EXPECT_FALSE(testing::holds(html, "10.0.0.5")) << "errors are nobody's business there";
    EXPECT_FALSE(testing::holds(html, "<script"));
}

TEST_F(StatusPage, IsShownWhileTheStoreIsAway) {
    auto delta = delta_of(project_view(1, "shop"));
    delta.services.push_back(service_view(10, 1, "app"));
    model_.apply(std::move(delta));
    stub_.error = Error{Errc::unavailable, "the database is away"};
    auto const html = ask("/status");
    EXPECT_TRUE(testing::holds(html, "<h1>Everything works</h1>"));
    EXPECT_TRUE(testing::holds(html, "History not available now")) << html;
    EXPECT_FALSE(testing::holds(html, "up in 90 days"));
}

TEST_F(StatusPage, TellsOfMaintenanceThatIsNotOver) {
    Maintenance weekly;
    weekly.spec.weekly = WeeklyWindow{Weekday::sun, 120, 240, "UTC"};
    weekly.spec.why = "backups <daily>";
    Maintenance over;
    over.spec.until = loop_.now().wall;
    over.spec.why = "long ago";
    auto delta = delta_of(project_view(1, "shop"));
    delta.windows = std::vector<Maintenance>{weekly, over};
    model_.apply(std::move(delta));
    auto const html = ask("/status");
    EXPECT_TRUE(testing::holds(html, "every sun 02:00 to 04:00 UTC</td><td>backups &lt;daily&gt;"))
        << html;
    EXPECT_FALSE(testing::holds(html, "long ago"));
}

TEST_F(StatusPage, ComesInPages) {
    FleetDelta delta;
    for (int id = 1; id <= 5; ++id) {
        delta.projects.push_back(project_view(id, "p" + std::to_string(id)));
    }
    model_.apply(std::move(delta));
    auto const html = ask("/status?limit=2&offset=2");
    EXPECT_TRUE(testing::holds(html, "<h2>p3") && testing::holds(html, "<h2>p4"));
    EXPECT_FALSE(testing::holds(html, "<h2>p2") || testing::holds(html, "<h2>p5"));
    EXPECT_TRUE(testing::holds(html, "offset=0\">before") &&
                testing::holds(html, "offset=4\">more"))
        << html;
    EXPECT_TRUE(testing::holds(ask("/status?limit=0", 400), "limit must be"));
}

TEST_F(StatusPage, OfNothingSaysSo) {
    EXPECT_TRUE(testing::holds(ask("/status"), "Nothing is watched yet"));
}

}  // namespace
}  // namespace muster
