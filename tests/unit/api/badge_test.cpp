#include <muster/api/badge.hpp>

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

TEST(BadgeSvg, EscapesItsTexts) {
    auto const svg = badge_svg({"<a&\"b\">", "up", Badge::Tone::good});
    EXPECT_TRUE(testing::holds(svg, "<title>&lt;a&amp;&quot;b&quot;&gt;: up</title>")) << svg;
    EXPECT_FALSE(testing::holds(svg, "<a"));
    EXPECT_EQ(svg.substr(0, 45), R"(<svg xmlns="http://www.w3.org/2000/svg" width)");
}

TEST(BadgeSvg, SaysHowGoodThingsAre) {
    EXPECT_EQ(status_badge("shop", HealthStatus::up, "healthy", {}).tone, Badge::Tone::good);
    EXPECT_EQ(status_badge("shop", HealthStatus::degraded, "degraded", {}).tone,
              Badge::Tone::warning);
    EXPECT_EQ(status_badge("shop", HealthStatus::down, "down", {}).tone, Badge::Tone::bad);
    EXPECT_EQ(status_badge("shop", HealthStatus::unknown, "unknown", {}).tone,
              Badge::Tone::neutral);
    Overlays overlays;
    overlays.set(Overlay::maintenance, true);
    EXPECT_EQ(status_badge("shop", HealthStatus::down, "down", overlays).message, "maintenance");
}

TEST(BadgeSvg, NeverRoundsUptimeUp) {
    EXPECT_EQ(uptime_badge("shop", {99.999, 100}).message, "99.99 %");
    EXPECT_EQ(uptime_badge("shop", {100, 10}).message, "100 %");
    EXPECT_EQ(uptime_badge("shop", {99.95, 100}).tone, Badge::Tone::good);
    EXPECT_EQ(uptime_badge("shop", {99.5, 100}).tone, Badge::Tone::warning);
    EXPECT_EQ(uptime_badge("shop", {12, 100}).tone, Badge::Tone::bad);
    EXPECT_EQ(uptime_badge("shop", {0, 0}).message, "no data");
}

class BadgeRoutes : public ::testing::Test {
protected:
    BadgeRoutes() {
        add_badge_routes(router_, {model_, uptime_, history_, loop_});
        auto delta = delta_of(project_view(1, "shop"));
        auto view = service_view(10, 1, "db");
        view.status = HealthStatus::down;
        view.uptime_percent = 50;
        view.coverage_percent = 100;
        delta.services.push_back(std::move(view));
        model_.apply(std::move(delta));
    }

    Response ask(std::string_view target) {
        Request request;
        request.target = parse_target(target).value();
        std::optional<Response> got;
        router_.handle(std::move(request),
                       [&got](Response response) { got = std::move(response); });
        while (!got && loop_.run_one()) {}
        EXPECT_TRUE(got) << target;
        return std::move(*got);
    }
    std::string text_of(std::string_view target) { return ask(target).body.text(); }

    SimulatedLoop loop_;
    SimulatedLane lane_{loop_, {.queue_limit = 1}};
    HistoryStub stub_;
    HistoryQueries history_{{{lane_, stub_}}, loop_};
    UptimeBook uptime_{history_, loop_};
    ReadModel model_;
    Router router_{loop_, Origins({"*"})};
};

TEST_F(BadgeRoutes, ShowProjectsAndServices) {
    EXPECT_EQ(ask("/badge/shop").content_type, "image/svg+xml; charset=utf-8");
    EXPECT_TRUE(testing::holds(text_of("/badge/shop"), "<title>shop: healthy</title>"));
    EXPECT_TRUE(testing::holds(text_of("/badge/1/10"), "<title>shop/db: down</title>"));
    EXPECT_TRUE(testing::holds(text_of("/badge/shop/db?metric=uptime&window=24h"),
                               "<title>shop/db uptime 24h: 50 %</title>"));
}

TEST_F(BadgeRoutes, AreKeptByNobodyButWhoAsked) {
    EXPECT_EQ(ask("/badge/shop").header("Cache-Control"), "private, max-age=30");
}

TEST_F(BadgeRoutes, TakeLongRangesFromTheHistory) {
    BucketRow row;
    row.bucket.from = std::chrono::floor<std::chrono::days>(loop_.now().wall);
    row.bucket.seen.observed = 4h;
    row.bucket.seen.down_time = 1h;
    stub_.bucket_rows.push_back(row);
    EXPECT_TRUE(testing::holds(text_of("/badge/shop.svg?metric=uptime&range=30d"),
                               "shop uptime 30d: 75 %"));
    EXPECT_TRUE(
        testing::holds(text_of("/badge/shop?metric=uptime&window=90d"), "shop uptime 90d: 75 %"));
    EXPECT_TRUE(testing::holds(text_of("/badge/shop.svg?metric=uptime"), "shop uptime 24h: 50 %"))
        << "the live day by default";
}

TEST_F(BadgeRoutes, OfOneServiceReadsNoOther) {
    auto delta = delta_of(project_view(1, "shop"));
    delta.services.push_back(service_view(11, 1, "app"));
    model_.apply(std::move(delta));
    EXPECT_TRUE(
        testing::holds(text_of("/badge/shop/app.svg?metric=uptime&range=30d"), "shop/app uptime"));
    auto const of_one = stub_.bucket_reads;
    EXPECT_EQ(stub_.asked_buckets->service, ServiceId{11});
    EXPECT_GT(of_one, 0U);
    text_of("/badge/shop.svg?metric=uptime&range=30d");
    EXPECT_EQ(stub_.bucket_reads, 3 * of_one);
    text_of("/badge/shop/db.svg?metric=uptime&range=1y");
    EXPECT_EQ(stub_.bucket_reads, 3 * of_one) << "known of its project";
}

TEST_F(BadgeRoutes, ShowTheMedianResponseTime) {
    EXPECT_TRUE(
        testing::holds(text_of("/badge/shop.svg?metric=response"), "shop response 24h: no data"));
    BucketRow row;
    add_check(row.bucket.seen, HealthStatus::up, Millis(2'000));
    stub_.bucket_rows = {row};
    EXPECT_TRUE(
        testing::holds(text_of("/badge/shop/db.svg?metric=response&range=7d"), " s</title>"));
    EXPECT_EQ(stub_.asked_buckets->service, ServiceId{10});
    EXPECT_EQ(stub_.asked_buckets->from, loop_.now().wall - 7 * 24h);
    EXPECT_EQ(stub_.asked_buckets->step, Millis(24h));
    stub_.error = Error{Errc::unavailable, "the database is away"};
    EXPECT_EQ(ask("/badge/shop?metric=response").status, 503U);
}

TEST_F(BadgeRoutes, SayWhatIsWrong) {
    auto const unknown = ask("/badge/nobody");
    EXPECT_EQ(unknown.status, 404U);
    EXPECT_TRUE(testing::holds(unknown.body.text(), "not found"));
    EXPECT_EQ(ask("/badge/shop/nobody").status, 404U);
    EXPECT_TRUE(testing::holds(text_of("/badge/shop?window=2d"),
                               "window must be one of 24h, 7d, 30d, 90d, 1y, not '2d'"));
    stub_.error = Error{Errc::unavailable, "the database is away"};
    EXPECT_EQ(ask("/badge/shop?metric=uptime&range=1y").status, 503U);
}

}  // namespace
}  // namespace muster
