#include <muster/domain/service.hpp>

#include <gtest/gtest.h>

namespace muster {
namespace {

// Contract, section 1.
TEST(ProjectOf, IsOneServiceNamedAppAndItsMetrics) {
    auto const project = project_of("shop", parse_url("http://127.0.0.1:3010/eu/").value());
    EXPECT_EQ(project.name, "shop");
    EXPECT_TRUE(project.critical);
    ASSERT_EQ(project.services.size(), 1U);
    auto const& app = project.services.front();
    EXPECT_EQ(app.project, "shop");
    EXPECT_EQ(app.name, "app");
    EXPECT_EQ(target_of(app.probe), "http://127.0.0.1:3010/eu/health");
    EXPECT_EQ(app.policy.interval, 10s);
    EXPECT_EQ(app.policy.timeout, 5s);
    EXPECT_EQ(app.policy.failure_threshold, 1U);
    EXPECT_EQ(app.policy.success_threshold, 1U);
    EXPECT_EQ(app.policy.degraded_above, 1s);
    EXPECT_TRUE(app.critical);
    ASSERT_TRUE(project.metrics);
    EXPECT_EQ(to_text(project.metrics->url), "http://127.0.0.1:3010/eu/metrics");
    EXPECT_EQ(project.metrics->interval, 30s);
}

TEST(ReusesConnection, AutomaticUpToFiveSeconds) {
    ServiceSpec spec;
    spec.policy.interval = 5s;
    EXPECT_TRUE(reuses_connection(spec));
    spec.policy.interval = 5001ms;
    EXPECT_FALSE(reuses_connection(spec));
    spec.connection = ConnectionPolicy::reuse;
    EXPECT_TRUE(reuses_connection(spec));
    spec.policy.interval = 1s;
    spec.connection = ConnectionPolicy::fresh;
    EXPECT_FALSE(reuses_connection(spec));
}

}  // namespace
}  // namespace muster
