#include <muster/api/metrics_history.hpp>

#include <optional>
#include <string>

#include <gtest/gtest.h>

#include <muster/api/target.hpp>
#include <muster/memory/simulated_loop.hpp>
#include <unit/api/deltas.hpp>
#include <unit/api/history_stub.hpp>

namespace muster {
namespace {

ProjectMetrics sample_at(WallTime at, double rate, double count) {
    ProjectMetrics metrics{ProjectId{1}, at, {}};
    metrics.sample.requests_per_second = rate;
    metrics.sample.error_count = count;
    metrics.sample.api_usage["mails"] = count;
    return metrics;
}

TEST(MetricsSteps, AreMeansOfRatesAndTheNewestOfCounts) {
    constexpr WallTime kMinute{std::chrono::hours(480'000)};
    MetricsSteps steps(60s);
    EXPECT_FALSE(steps.add(sample_at(kMinute + 5s, 10, 1)));
    EXPECT_FALSE(steps.add(sample_at(kMinute + 35s, 20, 3)));
    auto const first = steps.add(sample_at(kMinute + 3min, 5, 4));
    ASSERT_TRUE(first);
    EXPECT_EQ(first->at, kMinute);
    EXPECT_EQ(first->sample.requests_per_second, 15);
    EXPECT_EQ(first->sample.error_count, 3);
    EXPECT_EQ(first->sample.api_usage.at("mails"), 3);
    auto const second = steps.take();
    ASSERT_TRUE(second);
    EXPECT_EQ(second->at, kMinute + 3min);
    EXPECT_EQ(second->sample.requests_per_second, 5);
    EXPECT_FALSE(steps.take());
}

class MetricsHistory : public ::testing::Test {
protected:
    MetricsHistory() {
        add_metrics_history_route(router_, {model_, history_, loop_});
        model_.apply(delta_of(project_view(1, "shop")));
    }

    std::string ask(std::string_view target, unsigned status) {
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
    HistoryQueries history_{{{lane_, stub_}}, loop_, {.max_bytes = 1'000}};
    ReadModel model_;
    Router router_{loop_, Origins({"*"})};
};

TEST_F(MetricsHistory, IsTheSeriesOldestFirst) {
    auto const now = loop_.now().wall;
    stub_.metrics_rows = {sample_at(now - 10min, 1, 1), sample_at(now - 5min, 2, 2)};
    auto const text = ask("/api/metrics/shop/history?hours=2&step=1m", 200);
    EXPECT_EQ(stub_.asked_metrics->project, ProjectId{1});
    EXPECT_EQ(stub_.asked_metrics->from, now - 2h);
    EXPECT_NE(text.find(R"("total":2)"), std::string::npos) << text;
    EXPECT_LT(text.find(R"("requestsPerSecond":1,)"), text.find(R"("requestsPerSecond":2,)"));
    EXPECT_NE(text.find(R"("timestamp":"2023-11-14T22:03:00.000Z")"), std::string::npos) << text;
    EXPECT_NE(ask("/api/metrics/shop/history", 200).find(R"("total":2)"), std::string::npos);
    EXPECT_EQ(stub_.asked_metrics->from, now - 24h);
}

TEST_F(MetricsHistory, SaysWhatIsWrong) {
    EXPECT_NE(ask("/api/metrics/nobody/history", 404).find("No such project"), std::string::npos);
    EXPECT_NE(ask("/api/metrics/shop/history?hours=0", 400).find("hours must be"),
              std::string::npos);
    EXPECT_NE(ask("/api/metrics/shop/history?step=x", 400).find("step must be"), std::string::npos);
    auto const now = loop_.now().wall;
    for (int minute = 0; minute < 20; ++minute) {
        stub_.metrics_rows.push_back(sample_at(now - 1h + std::chrono::minutes(minute), 1, 1));
    }
    EXPECT_NE(ask("/api/metrics/shop/history", 400).find("hours and step ask for more than"),
              std::string::npos);
    EXPECT_NE(ask("/api/metrics/shop/history?step=1h", 200).find(R"("total":)"), std::string::npos);
}

}  // namespace
}  // namespace muster
