#include <muster/api/system_routes.hpp>

#include <string>

#include <gtest/gtest.h>

#include <muster/memory/simulated_loop.hpp>

namespace muster {
namespace {

class SystemRoutes : public ::testing::Test {
protected:
    SystemRoutes() { condition_.started = true; }

    void tell(double lag_seconds = 0.25) {
        HubFigures figures;
        figures.at = loop_.now().steady;
        figures.sheet.gauge("muster_journal_lag_seconds", "lag", 0.125, {{"follower", "bus"}});
        figures.sheet.gauge("muster_journal_lag_seconds", "lag", lag_seconds,
                            {{"follower", "store"}});
        figures.sheet.gauge("muster_journal_bytes", "bytes", 4'096);
        DurationHistogram lateness;
        lateness.record(Millis(2));
        figures.sheet.durations("muster_schedule_lateness_seconds", "late", lateness);
        model_.apply(std::move(figures));
    }

    std::string health() {
        model_.apply(condition_);
        return get_system_health({model_, loop_, [] { return 3U; }}).body.text();
    }

    static bool holds(std::string const& text, std::string_view part) {
        return text.find(part) != std::string::npos;
    }

    SimulatedLoop loop_;
    ReadModel model_;
    HubCondition condition_;
};

TEST_F(SystemRoutes, TellsTheWholeOfAHubThatRuns) {
    tell();
    auto const text = health();
    EXPECT_TRUE(holds(text, R"("data":{"hub":"up","database":"up","bus":"up","journal":{)"
                            R"("status":"up","lagMs":250,"bytes":4096},"processes":[{"name":"hub",)"
                            R"("status":"up","lastSeen":"2023-11-14T22:13:20.000Z"}],)"
                            R"("webSocketClients":3,"lateness":{"count":1,)"))
        << text;
    EXPECT_TRUE(holds(text, R"("maxMs":2},"problems":[])")) << text;
}

TEST_F(SystemRoutes, IsDegradedWithoutItsStoreAndDownWithoutItsJournal) {
    tell();
    condition_.store = {false, "disk I/O error", loop_.now().steady};
    auto text = health();
    EXPECT_TRUE(holds(text, R"("hub":"degraded","database":"down","bus":"up")")) << text;
    EXPECT_TRUE(holds(text, R"("problems":["database: disk I/O error"])")) << text;
    condition_.journal = {false, "no space left", loop_.now().steady};
    text = health();
    EXPECT_TRUE(holds(text, R"("hub":"down")")) << text;
    EXPECT_TRUE(holds(text, R"("journal":{"status":"down")")) << text;
}

TEST_F(SystemRoutes, IsDownBeforeItStartedAndWhenItIsSilent) {
    condition_.started = false;
    auto const before = health();
    EXPECT_TRUE(holds(before, R"("hub":"down")") && holds(before, "hub: starting")) << before;
    EXPECT_TRUE(holds(before, R"("lagMs":null)") && holds(before, R"("lateness":null)")) << before;
    condition_.started = true;
    tell();
    loop_.run_for(5s);
    EXPECT_TRUE(holds(health(), R"("hub":"up")"));
    loop_.run_for(1ms);
    auto const silent = health();
    EXPECT_TRUE(holds(silent, R"("hub":"down")") && holds(silent, "hub: its loop is silent"));
    EXPECT_TRUE(holds(silent, R"("lastSeen":"2023-11-14T22:13:20.000Z")")) << silent;
}

}  // namespace
}  // namespace muster
