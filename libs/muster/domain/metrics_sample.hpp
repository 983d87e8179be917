#pragma once

#include <map>
#include <string>

#include <muster/base/id.hpp>
#include <muster/base/time.hpp>

namespace muster {

/// A project's own figures as it serves them, unscaled; what is missing is 0 (contract, section 3).
struct MetricsSample {
    double requests_per_second{0};
    double error_rate{0};
    double error_count{0};
    double memory_usage_percent{0};
    double cpu_usage_percent{0};
    double database_query_time_ms{0};
    std::map<std::string, double> api_usage;

    bool operator==(MetricsSample const&) const = default;
};

/// A sample, of which project, and when it was taken.
struct ProjectMetrics {
    ProjectId project;
    WallTime at{};
    MetricsSample sample;

    bool operator==(ProjectMetrics const&) const = default;
};

}  // namespace muster
