#include <muster/api/report.hpp>

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

constexpr WallTime kReported{Millis(1'700'000'000'000)};

EventRow change(std::string service, WallTime at, std::string_view cause) {
    EventRow row;
    row.service = std::move(service);
    row.occurred_at = at;
    row.description = cause == "failures" ? "down: <refused>" : "up again";
    row.metadata_json = R"({"cause":")" + std::string(cause) + R"("})";
    return row;
}

TEST(Incidents, LastFromDownToTheNextChangeOfTheService) {
    auto const incidents = incidents_of(
        {change("app", kReported, "failures"), change("db", kReported - 1h, "passed"),
         change("app", kReported - 2h, "passed"), change("db", kReported - 3h, "failuresOfLast"),
         change("app", kReported - 4h, "failures"), change("app", kReported - 5h, "slow")});
    ASSERT_EQ(incidents.size(), 3U);
    EXPECT_EQ(incidents[0].service, "app");
    EXPECT_FALSE(incidents[0].until) << "still down";
    EXPECT_EQ(incidents[1].service, "db");
    EXPECT_EQ(incidents[1].until, kReported - 1h);
    EXPECT_EQ(incidents[2].from, kReported - 4h);
    EXPECT_EQ(incidents[2].until, kReported - 2h);
}

class ReportRoute : public ::testing::Test {
protected:
    ReportRoute() {
        add_report_route(router_, {model_, history_, loop_});
        auto delta = delta_of(project_view(1, "shop"));
        delta.services.push_back(service_view(10, 1, "app"));
        model_.apply(std::move(delta));
        BucketRow row;
        row.bucket.seen.observed = 4h;
        row.bucket.seen.down_time = 1h;
        add_check(row.bucket.seen, HealthStatus::up, Micros(12'000));
        stub_.bucket_rows = {row};
        stub_.event_rows = {change("app", loop_.now().wall - 1h, "passed"),
                            change("app", loop_.now().wall - 2h, "failures")};
        stub_.total_events = 2;
    }

    std::string ask(std::string_view target, unsigned status = 200) {
        Request request;
        request.target = parse_target(target).value();
        std::optional<Response> got;
        router_.handle(std::move(request),
                       [&got](Response response) { got = std::move(response); });
        while (!got && loop_.run_one()) {}
        EXPECT_TRUE(got) << target;
        EXPECT_EQ(got->status, status) << got->body.text();
        return got->body.text();
    }

    SimulatedLoop loop_;
    SimulatedLane lane_{loop_, {.queue_limit = 1}};
    HistoryStub stub_;
    HistoryQueries history_{{{lane_, stub_}}, loop_};
    ReadModel model_;
    Router router_{loop_, Origins({"*"})};
};

TEST_F(ReportRoute, TellsAvailabilityIncidentsAndPercentiles) {
    auto const json = ask("/report?project=shop&format=json");
    EXPECT_TRUE(testing::holds(json, R"("projectName":"shop","from":"2023-10-16T00:00:00.000Z")"))
        << json;
    EXPECT_TRUE(testing::holds(json, R"("uptime":75,"coverage":100)")) << json;
    EXPECT_TRUE(testing::holds(json, R"("downMs":3600000,"checks":1,"avgMs":12,"p50Ms":1)"))
        << json;
    EXPECT_TRUE(testing::holds(
        json, R"("durationMs":3600000,"why":"down: <refused>"}],"moreIncidents":false)"))
        << json;
    EXPECT_EQ(stub_.asked_events->type, EventType::status_changed);
    EXPECT_EQ(stub_.asked_buckets->step, Millis(24h));
}

TEST_F(ReportRoute, IsAPageThatCanBePrinted) {
    auto const html = ask("/report?project=1&days=7");
    EXPECT_TRUE(testing::holds(html, "<h1>shop</h1>")) << html;
    EXPECT_TRUE(testing::holds(html, "2023-11-08 00:00 UTC to 2023-11-14 22:13 UTC")) << html;
    EXPECT_TRUE(testing::holds(html, "down: &lt;refused&gt;"));
    EXPECT_TRUE(testing::holds(html, "<td class=\"number\">75 %</td>"));
    EXPECT_FALSE(testing::holds(html, "<script"));
    stub_.event_rows.clear();
    EXPECT_TRUE(testing::holds(ask("/report?project=shop"), "<p>None.</p>"));
}

TEST_F(ReportRoute, LeavesOutWhatWasOverBefore) {
    stub_.event_rows = {change("app", loop_.now().wall - 24h * 40, "passed"),
                        change("app", loop_.now().wall - 24h * 41, "failures")};
    EXPECT_TRUE(testing::holds(ask("/report?project=shop&format=json"), R"("incidents":[])"));
    stub_.event_rows = {change("app", loop_.now().wall - 24h * 2, "passed"),
                        change("app", loop_.now().wall - 24h * 41, "failures")};
    EXPECT_FALSE(testing::holds(ask("/report?project=shop&format=json"), R"("incidents":[])"))
        << "it reaches into the span";
}

TEST_F(ReportRoute, LooksBackToWhereTheSpanBegins) {
    // A service that flaps lately hides what was in October, page after page.
    auto const fill = [this](std::int64_t count) {
        stub_.event_rows.clear();
        for (auto id = count; id > 0; --id) {
            stub_.event_rows.push_back(change("app", loop_.now().wall - 1h, "passed"));
            stub_.event_rows.back().id = id + 10;
        }
        stub_.event_rows.push_back(change("app", loop_.now().wall - 24h * 20, "passed"));
        stub_.event_rows.back().id = 2;
        stub_.event_rows.push_back(change("app", loop_.now().wall - 24h * 21, "failures"));
        stub_.event_rows.back().id = 1;
    };
    fill(2'500);
    auto const october = ask("/report/shop?month=2023-10&format=json");
    EXPECT_TRUE(testing::holds(october, R"("durationMs":86400000)")) << october;
    EXPECT_TRUE(testing::holds(october, R"("moreIncidents":false)")) << october;
    EXPECT_EQ(stub_.event_reads, 3U);
    fill(10'000);
    stub_.event_reads = 0;
    auto const json = ask("/report/shop?month=2023-10&format=json");
    EXPECT_TRUE(testing::holds(json, R"("incidents":[],"moreIncidents":true)")) << json;
    EXPECT_EQ(stub_.event_reads, 10U);
    auto const page = ask("/report/shop?month=2023-10");
    EXPECT_TRUE(testing::holds(page, "Not known: there are too many later changes")) << page;
    EXPECT_FALSE(testing::holds(page, "None."));
    EXPECT_TRUE(testing::holds(ask("/report/shop?days=1"), "Not known"))
        << "all of them are in the day";
}

TEST_F(ReportRoute, IsOfAMonthAsFarAsItIsOver) {
    auto const whole = ask("/report/shop?month=2023-10&format=json");
    EXPECT_TRUE(
        testing::holds(whole, R"("from":"2023-10-01T00:00:00.000Z","until":"2023-11-01T00:)"))
        << whole;
    EXPECT_TRUE(testing::holds(whole, R"("incidents":[])")) << "that one came later: " << whole;
    auto const begun = ask("/report/1?month=2023-11&format=json");
    EXPECT_TRUE(
        testing::holds(begun, R"("from":"2023-11-01T00:00:00.000Z","until":"2023-11-14T22:)"))
        << begun;
    for (auto const* wrong : {"2023", "2023-13", "2023-1", "23-10-01", "abcd-ef", "2023-00"}) {
        EXPECT_TRUE(testing::holds(ask("/report/shop?month=" + std::string(wrong), 400),
                                   "month must be a year and a month, such as 2026-11, not"))
            << wrong;
    }
    EXPECT_TRUE(testing::holds(ask("/report/shop?month=2023-12", 400), "month must have begun"));
}

TEST_F(ReportRoute, SaysWhatIsWrong) {
    EXPECT_TRUE(testing::holds(ask("/report", 400), "project must be given"));
    EXPECT_TRUE(testing::holds(ask("/report?project=nobody", 404), "No such project: 'nobody'"));
    EXPECT_TRUE(testing::holds(ask("/report?project=shop&days=366", 400), "days must be"));
    EXPECT_TRUE(
        testing::holds(ask("/report?project=shop&format=pdf", 400), "format must be one of"));
    stub_.error = Error{Errc::unavailable, "the database is away"};
    EXPECT_TRUE(testing::holds(ask("/report?project=shop", 503), "the database is away"));
}

}  // namespace
}  // namespace muster
