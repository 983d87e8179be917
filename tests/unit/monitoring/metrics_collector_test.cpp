#include <muster/monitoring/metrics_collector.hpp>

#include <chrono>
#include <string>
#include <utility>
#include <vector>

#include <gtest/gtest.h>

#include <muster/memory/simulated_prober.hpp>

namespace muster {
namespace {

class MetricsCollectorTest : public ::testing::Test {
protected:
    static Project project(int number) {
        Project result;
        result.id = ProjectId{number};
        auto const url = "http://127.0.0.1:" + std::to_string(3000 + number);
        result.spec = project_of("p" + std::to_string(number), *parse_url(url));
        return result;
    }

    SimulatedLoop loop;
    Result<MetricsAnswer> answer{MetricsSample{.requests_per_second = 12.5, .api_usage = {}}};
    std::vector<std::string> problems;
    int fetches{0};
    std::vector<ProjectMetrics> collected;
    SimulatedMetricsSource source{loop, [this](Url const&) {
                                      ++fetches;
                                      return answer;
                                  }};
    MetricsCollector collector{
        loop,
        loop,
        source,
        [this](ProjectMetrics metrics) { collected.push_back(std::move(metrics)); },
        [this](std::string_view name, Error const& error) {
            problems.push_back(std::string(name) + ": " + error.message);
        },
        {}};
};

TEST_F(MetricsCollectorTest, WaitsForTheFirstPassingCheckAndThenCollectsAtOnce) {
    collector.set(project(1));
    loop.run_for(5min);
    EXPECT_EQ(fetches, 0);
    collector.passed(ProjectId{1});
    loop.run_for(10ms);
    ASSERT_EQ(collected.size(), 1U);
    EXPECT_EQ(collected.front().project, ProjectId{1});
    EXPECT_EQ(collected.front().sample.requests_per_second, 12.5);
    collector.passed(ProjectId{1});
    loop.run_for(5min);
    EXPECT_GE(fetches, 10);
    EXPECT_LE(fetches, 11);
}

TEST_F(MetricsCollectorTest, TriesAgainAtTheNextRegularTimeAfterAFailure) {
    answer = failure(Errc::not_found, "404");
    collector.set(project(1));
    collector.passed(ProjectId{1});
    loop.run_for(1min);
    EXPECT_TRUE(collected.empty());
    EXPECT_GE(collector.figures().failed, 2U);
    EXPECT_EQ(problems, std::vector<std::string>{"p1: 404"}) << "told once";
    answer = MetricsSample{};
    loop.run_for(30s);
    EXPECT_EQ(collected.size(), 1U);
    answer = failure(Errc::not_found, "404");
    loop.run_for(30s);
    EXPECT_EQ(problems.size(), 2U) << "told again, since it had worked in between";
}

TEST_F(MetricsCollectorTest, WorksOutAMapFromOneCollectionToTheNext) {
    auto one = project(1);
    one.spec.metrics->map = {{"requestsPerSecond", "rate(requests_total)"},
                             {"memoryUsagePercent", "memory"}};
    collector.set(one);
    collector.passed(one.id);
    // In the order of the figures' names: memory, requests.
    answer = SeriesReadings{{40, 0}, {{1, 7, 1000}}};
    loop.run_for(10ms);
    ASSERT_EQ(collected.size(), 1U);
    EXPECT_EQ(collected[0].sample.requests_per_second, 0) << "nothing to compare with yet";
    EXPECT_EQ(collected[0].sample.memory_usage_percent, 40);

    answer = SeriesReadings{{50, 0}, {{1, 7, 1600}}};
    loop.run_for(1min);
    ASSERT_GE(collected.size(), 3U);
    auto const first = std::chrono::duration<double>(collected[1].at - collected[0].at).count();
    EXPECT_NEAR(collected[1].sample.requests_per_second, 600 / first, 0.01);
    EXPECT_EQ(collected[1].sample.memory_usage_percent, 50);
    EXPECT_EQ(collected[2].sample.requests_per_second, 0);
}

TEST_F(MetricsCollectorTest, MeasuresRatesOverAFailureInBetween) {
    auto one = project(1);
    one.spec.metrics->map = {{"requestsPerSecond", "rate(requests_total)"}};
    collector.set(one);
    collector.passed(one.id);
    answer = SeriesReadings{{0}, {{0, 7, 1000}}};
    loop.run_for(40s);
    auto const before = collected.back().at;
    answer = failure(Errc::unavailable, "connection refused");
    loop.run_for(30s);
    answer = SeriesReadings{{0}, {{0, 7, 1600}}};
    auto const count = collected.size();
    loop.run_for(30s);
    ASSERT_GT(collected.size(), count);
    auto const seconds = std::chrono::duration<double>(collected[count].at - before).count();
    EXPECT_GT(seconds, 55);
    EXPECT_NEAR(collected[count].sample.requests_per_second, 600 / seconds, 0.01);
}

TEST_F(MetricsCollectorTest, AChangedMapBeginsAfresh) {
    auto one = project(1);
    one.spec.metrics->map = {{"requestsPerSecond", "rate(requests_total)"}};
    collector.set(one);
    collector.passed(one.id);
    answer = SeriesReadings{{0}, {{0, 7, 1000}}};
    loop.run_for(40s);
    one.spec.metrics->map = {{"requestsPerSecond", "rate(other_total)"}};
    collector.set(one);
    answer = SeriesReadings{{0}, {{0, 7, 1'000'000}}};
    auto const count = collected.size();
    loop.run_for(10ms);
    ASSERT_EQ(collected.size(), count + 1);
    EXPECT_EQ(collected.back().sample.requests_per_second, 0);
}

TEST_F(MetricsCollectorTest, TellsOfAMapThatIsWrong) {
    auto one = project(1);
    one.spec.metrics->map = {{"errorRate", "rat(x)"}};
    collector.set(one);
    ASSERT_EQ(problems.size(), 1U);
    EXPECT_TRUE(problems[0].starts_with("p1: errorRate: column 1: 'rat'")) << problems[0];
}

TEST_F(MetricsCollectorTest, ARemovedProjectIsNotAskedAnyMore) {
    collector.set(project(1));
    collector.set(project(2));
    collector.passed(ProjectId{1});
    collector.passed(ProjectId{2});
    collector.remove(ProjectId{1});
    loop.run_for(10min);
    for (auto const& metrics : collected) {
        EXPECT_EQ(metrics.project, ProjectId{2});
    }
    EXPECT_FALSE(collected.empty());
}

TEST_F(MetricsCollectorTest, MetricsOffForgetsTheProject) {
    auto one = project(1);
    collector.set(one);
    collector.passed(one.id);
    one.spec.metrics.reset();
    collector.set(one);
    loop.run_for(10min);
    EXPECT_TRUE(collected.empty());
}

TEST_F(MetricsCollectorTest, StoppedItAsksNobody) {
    collector.set(project(1));
    collector.passed(ProjectId{1});
    collector.stop();
    loop.run_for(10min);
    EXPECT_TRUE(collected.empty());
}

}  // namespace
}  // namespace muster
