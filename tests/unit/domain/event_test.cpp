#include <muster/domain/event.hpp>

#include <gtest/gtest.h>

namespace muster {
namespace {

Severity severity(HealthStatus from, HealthStatus to, bool critical) {
    Transition transition;
    transition.from = from;
    transition.to = to;
    return severity_of(transition, critical);
}

TEST(SeverityOf, DownIsCriticalForACriticalServiceOtherWorseningAWarning) {
    EXPECT_EQ(severity(HealthStatus::up, HealthStatus::down, true), Severity::critical);
    EXPECT_EQ(severity(HealthStatus::unknown, HealthStatus::down, true), Severity::critical);
    EXPECT_EQ(severity(HealthStatus::up, HealthStatus::down, false), Severity::warning);
    EXPECT_EQ(severity(HealthStatus::up, HealthStatus::degraded, true), Severity::warning);
    EXPECT_EQ(severity(HealthStatus::unknown, HealthStatus::degraded, false), Severity::warning);
}

TEST(SeverityOf, GettingBetterIsInformation) {
    EXPECT_EQ(severity(HealthStatus::down, HealthStatus::up, true), Severity::info);
    EXPECT_EQ(severity(HealthStatus::down, HealthStatus::degraded, true), Severity::info);
    EXPECT_EQ(severity(HealthStatus::degraded, HealthStatus::up, true), Severity::info);
    EXPECT_EQ(severity(HealthStatus::unknown, HealthStatus::up, true), Severity::info);
}

}  // namespace
}  // namespace muster
