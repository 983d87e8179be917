#include <muster/api/read_routes.hpp>

#include <optional>
#include <string>

#include <gtest/gtest.h>

#include <muster/api/target.hpp>
#include <muster/memory/simulated_loop.hpp>
#include <unit/api/deltas.hpp>
#include <unit/api/history_stub.hpp>

namespace muster {
namespace {

constexpr std::string_view kTime = "\"2023-11-14T22:13:20.000Z\"";

class ReadRoutes : public ::testing::Test {
protected:
    ReadRoutes() {
        add_read_routes(router_, {model_, history_, loop_, loop_.now().steady});
        auto delta = delta_of(project_view(1, "shop"));
        delta.projects.push_back(project_view(2, "bank", HealthStatus::unknown));
        delta.services.push_back(service_view(10, 1, "app"));
        MetricsSample metrics;
        metrics.requests_per_second = 5;
        delta.metrics.push_back({ProjectId{1}, loop_.now().wall, metrics});
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

    std::string error_of(std::string_view target, unsigned status) {
        auto const response = ask(target);
        EXPECT_EQ(response.status, status) << target;
        auto const text = response.body.text();
        constexpr std::string_view kStart = R"({"success":false,"error":")";
        EXPECT_EQ(text.substr(0, kStart.size()), kStart);
        return text.substr(kStart.size(), text.find(R"(","code")") - kStart.size());
    }

    SimulatedLoop loop_;
    SimulatedLane lane_{loop_, {.queue_limit = 1}};
    HistoryStub stub_;
    ReadModel model_;
    HistoryQueries history_{{{lane_, stub_}}, loop_};
    Router router_{loop_, Origins({"*"})};
};

TEST_F(ReadRoutes, HealthTellsThatTheProcessLives) {
    loop_.run_for(1500ms);
    auto const response = ask("/health");
    EXPECT_EQ(response.status, 200U);
    EXPECT_EQ(response.body.text(),
              R"({"status":"healthy","uptime":1.5,"timestamp":"2023-11-14T22:13:21.500Z"})");
}

TEST_F(ReadRoutes, HistoryWithAStepIsAskedInBuckets) {
    stub_.bucket_rows.resize(1);
    auto const response = ask("/api/history/shop?hours=48&service=app&step=5m");
    EXPECT_EQ(response.status, 200U);
    ASSERT_TRUE(stub_.asked_buckets);
    EXPECT_EQ(stub_.asked_buckets->project, ProjectId{1});
    EXPECT_EQ(stub_.asked_buckets->service, ServiceId{10});
    EXPECT_EQ(stub_.asked_buckets->step, Millis(300'000));
    EXPECT_EQ(stub_.asked_buckets->until, loop_.now().wall);
    EXPECT_EQ(stub_.asked_buckets->from, loop_.now().wall - 48h);
    EXPECT_FALSE(stub_.asked_checks);
}

TEST_F(ReadRoutes, HistoryRefusesAStepThatIsNone) {
    constexpr std::string_view kWhy =
        "step must be a time in whole seconds from 1s to 365d, such as 60s or 1h, not ";
    EXPECT_EQ(error_of("/api/history/shop?step=often", 400), std::string(kWhy) + "'often'");
    EXPECT_EQ(error_of("/api/history/shop?step=0", 400), std::string(kWhy) + "'0'");
    EXPECT_EQ(error_of("/api/history/shop?step=1500ms", 400), std::string(kWhy) + "'1500ms'");
    EXPECT_EQ(error_of("/api/history/shop?step=366d", 400), std::string(kWhy) + "'366d'");
}

TEST_F(ReadRoutes, ReadyOnceStarted) {
    EXPECT_EQ(ask("/ready").status, 503U);
    EXPECT_EQ(ask("/ready").body.text(), R"({"ready":false,"error":"Starting"})");
    HubCondition condition;
    condition.started = true;
    model_.apply(condition);
    EXPECT_EQ(ask("/ready").status, 200U);
    EXPECT_EQ(ask("/ready").body.text(), R"({"ready":true})");
}

TEST_F(ReadRoutes, NotReadyWhenTheStoreIsAwayForTwoSeconds) {
    HubCondition condition;
    condition.started = true;
    condition.store = {false, "disk I/O error", loop_.now().steady};
    condition.bus = {false, "away", loop_.now().steady};
    model_.apply(condition);
    EXPECT_EQ(ask("/ready").status, 200U);
    loop_.run_for(1999ms);
    EXPECT_EQ(ask("/ready").status, 200U);
    loop_.run_for(1ms);
    EXPECT_EQ(ask("/ready").status, 503U);
    EXPECT_EQ(ask("/ready").body.text(), R"({"ready":false,"error":"Database not ready"})");
}

TEST_F(ReadRoutes, NotReadyWhileADatabaseWasNeverReached) {
    HubCondition condition;
    condition.started = true;
    condition.store_awaited = true;
    model_.apply(condition);
    EXPECT_EQ(ask("/ready").status, 503U);
    EXPECT_EQ(ask("/ready").body.text(), R"({"ready":false,"error":"Database not ready"})");
}

TEST_F(ReadRoutes, NotReadyWhileABusOfOthersWasNeverReached) {
    HubCondition condition;
    condition.started = true;
    condition.bus_awaited = true;
    model_.apply(condition);
    EXPECT_EQ(ask("/ready").status, 503U);
    EXPECT_EQ(ask("/ready").body.text(), R"({"ready":false,"error":"Bus not ready"})");
}

TEST_F(ReadRoutes, NotReadyAsSoonAsTheJournalCannotWriteAndNeverForTheBus) {
    HubCondition condition;
    condition.started = true;
    condition.bus = {false, "away", loop_.now().steady};
    model_.apply(condition);
    loop_.run_for(1h);
    EXPECT_EQ(ask("/ready").status, 200U);
    condition.journal = {false, "no space left", loop_.now().steady};
    model_.apply(condition);
    EXPECT_EQ(ask("/ready").body.text(), R"({"ready":false,"error":"Journal cannot write"})");
}

TEST_F(ReadRoutes, StatusShowsAllProjects) {
    auto const response = ask("/api/projects/status");
    EXPECT_EQ(response.body.text(), R"({"success":true,"data":)" + *model_.status_map() +
                                        R"(,"timestamp":)" + std::string(kTime) + "}");
    EXPECT_EQ(response.body.shared, model_.status_map()) << "the map is shared, not copied";
}

TEST_F(ReadRoutes, MetricsByNameAndById) {
    auto const text = ask("/api/metrics/shop").body.text();
    EXPECT_EQ(text.substr(0, 73),
              R"({"success":true,"data":{"projectName":"shop","requestsPerSecond":5,"error)");
    EXPECT_EQ(ask("/api/metrics/1").body.text(), text);
}

TEST_F(ReadRoutes, MetricsOfAProjectWithoutAnyAreNotFound) {
    EXPECT_EQ(error_of("/api/metrics/bank", 404), "No metrics found for project: bank");
    EXPECT_EQ(error_of("/api/metrics/nobody", 404), "No metrics found for project: nobody");
    EXPECT_EQ(error_of("/api/metrics/a%22b", 404), R"(No metrics found for project: a\"b)");
}

TEST_F(ReadRoutes, HistoryAsksForTheHoursAndTheService) {
    auto const response = ask("/api/history/shop");
    EXPECT_EQ(response.body.text(),
              R"({"success":true,"data":[],"total":0,"timestamp":)" + std::string(kTime) + "}");
    EXPECT_EQ(stub_.asked_checks->project, ProjectId{1});
    EXPECT_EQ(stub_.asked_checks->from, loop_.now().wall - 24h);
    EXPECT_EQ(stub_.asked_checks->service, std::nullopt);
    EXPECT_EQ(ask("/api/history/1?hours=8760&service=app").status, 200U);
    EXPECT_EQ(stub_.asked_checks->from, loop_.now().wall - 8760h);
    EXPECT_EQ(stub_.asked_checks->service, ServiceId{10});
}

TEST_F(ReadRoutes, HistoryNamesWhatIsWrong) {
    EXPECT_EQ(error_of("/api/history/shop?hours=abc", 400),
              "hours must be a whole number from 1 to 8760, not 'abc'");
    EXPECT_EQ(error_of("/api/history/shop?hours=0", 400),
              "hours must be a whole number from 1 to 8760, not '0'");
    EXPECT_EQ(error_of("/api/history/nobody", 404), "No such project: 'nobody'");
    EXPECT_EQ(error_of("/api/history/shpo", 404), "No such project: 'shpo': did you mean 'shop'?");
    EXPECT_EQ(error_of("/api/history/shop?service=db", 404),
              "No such service of project shop: 'db'");
    EXPECT_FALSE(stub_.asked_checks);
}

TEST_F(ReadRoutes, HistoryOfTheRemovedIsFoundByTheirNames) {
    stub_.named = {ProjectId{7}, ServiceId{70}};
    EXPECT_EQ(ask("/api/history/gone").status, 200U);
    EXPECT_EQ(stub_.asked_checks->project, ProjectId{7});
    EXPECT_EQ(ask("/api/history/gone?service=db&step=1h").status, 200U);
    EXPECT_EQ(stub_.asked_buckets->project, ProjectId{7});
    EXPECT_EQ(stub_.asked_buckets->service, ServiceId{70});
    // Of a project that is there a service that is not.
    EXPECT_EQ(ask("/api/history/1?service=db").status, 200U);
    EXPECT_EQ(stub_.asked_checks->project, ProjectId{1});
    EXPECT_EQ(stub_.asked_checks->service, ServiceId{70});
    EXPECT_EQ(stub_.asked_names, (std::vector<std::string>{"gone/", "gone/db", "shop/db"}));
    stub_.error = Error{Errc::unavailable, "the database is away"};
    EXPECT_EQ(error_of("/api/history/gone", 503), "the database is away");
}

TEST_F(ReadRoutes, HistoryComesAsAFileInOtherFormats) {
    stub_.check_rows.resize(2);
    auto const table = ask("/api/history/shop?format=csv");
    EXPECT_EQ(table.status, 200U);
    EXPECT_EQ(table.content_type, "text/csv; charset=utf-8; header=present");
    EXPECT_EQ(table.header("Content-Disposition"), "attachment; filename=\"shop-history.csv\"");
    EXPECT_EQ(table.body.text().substr(0, 24), "projectName,serviceName,");
    auto const lines = ask("/api/history/1?format=ndjson");
    EXPECT_EQ(lines.content_type, "application/x-ndjson; charset=utf-8");
    EXPECT_EQ(lines.header("Content-Disposition"), "attachment; filename=\"shop-history.ndjson\"");
    EXPECT_EQ(lines.body.text().front(), '{');
    EXPECT_EQ(lines.body.text().back(), '\n');
    stub_.bucket_rows.resize(1);
    EXPECT_EQ(ask("/api/history/shop?format=csv&step=1h").body.text().substr(0, 8), "from,to,");
    EXPECT_EQ(error_of("/api/history/shop?format=xml", 400),
              "format must be one of json, ndjson, csv, not 'xml'");
    stub_.error = Error{Errc::unavailable, "the database is away"};
    EXPECT_EQ(error_of("/api/history/shop?format=csv", 503), "the database is away");
}

TEST_F(ReadRoutes, HistoryIsRefusedWhileTheLanesAreFull) {
    ASSERT_TRUE(lane_.submit([] {}, [] {}));
    auto const response = ask("/api/history/shop");
    EXPECT_EQ(response.status, 503U);
    EXPECT_EQ(response.header("Retry-After"), "1");
    EXPECT_NE(response.body.text().find(R"("code":"NOT_READY")"), std::string::npos);
}

TEST_F(ReadRoutes, EventsPassTheirFiltersOn) {
    stub_.event_rows.resize(1);
    stub_.total_events = 9;
    auto const response = ask(
        "/api/events?project=1&service=app&severity=critical&type=status_changed&limit=5&offset=2");
    EXPECT_EQ(response.status, 200U);
    EXPECT_NE(response.body.text().find(R"(],"total":9,)"), std::string::npos);
    auto const& asked = stub_.asked_events.value();
    EXPECT_EQ(asked.project, "shop");
    EXPECT_EQ(asked.service, "app");
    EXPECT_EQ(asked.severity, Severity::critical);
    EXPECT_EQ(asked.type, EventType::status_changed);
    EXPECT_EQ(asked.limit, 5U);
    EXPECT_EQ(asked.offset, 2U);
    EXPECT_EQ(asked.before, std::nullopt);
    EXPECT_EQ(asked.after, std::nullopt);
}

TEST_F(ReadRoutes, EventsArePagedByTheirIds) {
    EXPECT_EQ(ask("/api/events?before=90&after=7").status, 200U);
    EXPECT_EQ(stub_.asked_events->before, 90);
    EXPECT_EQ(stub_.asked_events->after, 7);
    EXPECT_EQ(error_of("/api/events?before=x", 400),
              "before must be a whole number from 0 to 9007199254740991, not 'x'");
}

TEST_F(ReadRoutes, EventsHaveDefaultsAndOutliveTheirProjects) {
    stub_.named.project = ProjectId{7};
    EXPECT_EQ(ask("/api/events?project=gone&severity=").status, 200U);
    auto const& asked = stub_.asked_events.value();
    EXPECT_EQ(asked.project, "gone");
    EXPECT_EQ(asked.severity, std::nullopt);
    EXPECT_EQ(asked.type, std::nullopt);
    EXPECT_EQ(asked.limit, 100U);
    EXPECT_EQ(asked.offset, 0U);
}

TEST_F(ReadRoutes, EventsOfWhatNobodyEverKnewAreNotFound) {
    EXPECT_EQ(error_of("/api/events?project=shpo", 404),
              "No such project: 'shpo': did you mean 'shop'?");
    EXPECT_EQ(error_of("/api/events?project=shop&service=db", 404),
              "No such service of project shop: 'db'");
    EXPECT_EQ(error_of("/api/events?service=db", 404), "No such service: 'db'");
    EXPECT_FALSE(stub_.asked_events);
    // What the registry knows the history need not know yet.
    EXPECT_EQ(ask("/api/events?project=bank").status, 200U);
    EXPECT_EQ(ask("/api/events?project=shop&service=app").status, 200U);
}

TEST_F(ReadRoutes, EventsNameWhatIsWrong) {
    EXPECT_EQ(error_of("/api/events?severity=bad", 400),
              "severity must be one of info, warning, critical, not 'bad'");
    EXPECT_EQ(error_of("/api/events?limit=1001", 400),
              "limit must be a whole number from 1 to 1000, not '1001'");
    EXPECT_EQ(error_of("/api/events?offset=-1", 400),
              "offset must be a whole number from 0 to 1000000000, not '-1'");
    EXPECT_EQ(error_of("/api/events?type=nonsense", 400).substr(0, 38),
              "type must be one of status_changed, se");
}

TEST_F(ReadRoutes, EventsOfTypesToComeAreNone) {
    stub_.event_rows.resize(1);
    auto const text = ask("/api/events?type=alert_triggered").body.text();
    EXPECT_NE(text.find(R"("data":[],"total":0)"), std::string::npos);
}

TEST_F(ReadRoutes, EventsOfEveryTypeThatIsMadeAreAskedFor) {
    stub_.event_rows.resize(1);
    for (auto const& [type, word] : enum_names(EventType{})) {
        auto const text = ask("/api/events?type=" + std::string(word)).body.text();
        EXPECT_EQ(text.find(R"("data":[],)"), std::string::npos) << word;
    }
}

TEST_F(ReadRoutes, StoreErrorsSayThatItMayWorkLater) {
    stub_.error = Error{Errc::unavailable, "the database is away"};
    EXPECT_EQ(error_of("/api/events", 503), "the database is away");
    EXPECT_EQ(error_of("/api/history/shop", 503), "the database is away");
}

}  // namespace
}  // namespace muster
