#include <muster/domain/project_status.hpp>

#include <vector>

#include <gtest/gtest.h>

namespace muster {
namespace {

constexpr auto kUnknown = HealthStatus::unknown;
constexpr auto kUp = HealthStatus::up;
constexpr auto kDegraded = HealthStatus::degraded;
constexpr auto kDown = HealthStatus::down;
constexpr bool kCritical = true;
constexpr bool kOther = false;

struct Row {
    std::vector<ProjectMember> members;
    HealthStatus expected;
};

TEST(ProjectStatus, IsTheWorstOfItsCriticalServices) {
    Row const table[] = {
        {{}, kUnknown},
        {{{kUp, kCritical}}, kUp},
        {{{kUp, kCritical}, {kUnknown, kCritical}}, kUnknown},
        {{{kUnknown, kCritical}, {kDegraded, kCritical}}, kDegraded},
        {{{kDegraded, kCritical}, {kDown, kCritical}, {kUp, kCritical}}, kDown},
        {{{kDown, kCritical}, {kUnknown, kCritical}}, kDown},
    };
    for (auto const& row : table) {
        EXPECT_EQ(project_status(row.members), row.expected);
    }
}

TEST(ProjectStatus, AnUncriticalServiceMakesItDegradedAtMost) {
    Row const table[] = {
        {{{kUp, kCritical}, {kDown, kOther}}, kDegraded},
        {{{kUp, kCritical}, {kDegraded, kOther}}, kDegraded},
        {{{kUp, kCritical}, {kUnknown, kOther}}, kUp},
        {{{kUp, kCritical}, {kUp, kOther}}, kUp},
        {{{kUnknown, kCritical}, {kUp, kOther}}, kUnknown},
        {{{kUnknown, kCritical}, {kDown, kOther}}, kDegraded},
        {{{kDown, kCritical}, {kUp, kOther}}, kDown},
    };
    for (auto const& row : table) {
        EXPECT_EQ(project_status(row.members), row.expected);
    }
}

TEST(ProjectStatus, WithoutACriticalServiceAllCount) {
    Row const table[] = {
        {{{kUp, kOther}}, kUp},
        {{{kUp, kOther}, {kDown, kOther}}, kDown},
        {{{kUnknown, kOther}, {kUp, kOther}}, kUnknown},
        {{{kDegraded, kOther}, {kUnknown, kOther}}, kDegraded},
    };
    for (auto const& row : table) {
        EXPECT_EQ(project_status(row.members), row.expected);
    }
}

TEST(ProjectStatus, HasAWordOfItsOwnForUp) {
    EXPECT_EQ(project_word(kUp), "healthy");
    EXPECT_EQ(project_word(kDown), "down");
    EXPECT_EQ(project_word(kDegraded), "degraded");
    EXPECT_EQ(project_word(kUnknown), "unknown");
}

}  // namespace
}  // namespace muster
