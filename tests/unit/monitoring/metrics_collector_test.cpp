#include <muster/monitoring/metrics_collector.hpp>

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
    Result<MetricsSample> answer{MetricsSample{.requests_per_second = 12.5, .api_usage = {}}};
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
    answer = MetricsSample{};
    loop.run_for(30s);
    EXPECT_EQ(collected.size(), 1U);
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
