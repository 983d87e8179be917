#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <map>
#include <span>
#include <string>
#include <string_view>
#include <unordered_map>
#include <utility>
#include <vector>

#include <muster/base/result.hpp>
#include <muster/base/time.hpp>
#include <muster/domain/metrics_expression.hpp>
#include <muster/domain/metrics_sample.hpp>

namespace muster {

/// The figures of a project by the names that contract section 3 gives them.
inline constexpr std::array<std::pair<std::string_view, double MetricsSample::*>, 6> kMetricsFields{
    {
        {"requestsPerSecond", &MetricsSample::requests_per_second},
        {"errorRate", &MetricsSample::error_rate},
        {"errorCount", &MetricsSample::error_count},
        {"memoryUsagePercent", &MetricsSample::memory_usage_percent},
        {"cpuUsagePercent", &MetricsSample::cpu_usage_percent},
        {"databaseQueryTime", &MetricsSample::database_query_time_ms},
    }};

/// Before the name of one of the project's own counts: `apiUsage.sendgrid_emails`.
inline constexpr std::string_view kApiUsagePrefix = "apiUsage.";

/// Whether a project's figures have one of this name. Errors: invalid, naming those there are.
[[nodiscard]] Result<void> check_metrics_field(std::string_view field);

/// How a project's series become its figures: what `metricsMap` says. A value; safe to share.
class MetricsMap {
public:
    static constexpr std::size_t kMaxFields = 200;

    MetricsMap() = default;

    /// From field to expression. Errors: invalid, naming the field: `errorRate: column 5: …`.
    [[nodiscard]] static Result<MetricsMap> compile(
        std::map<std::string, std::string> const& expressions);

    [[nodiscard]] bool empty() const noexcept { return entries_.empty(); }

    /// All that its expressions need to know of the series.
    [[nodiscard]] std::vector<MetricsReading> const& readings() const noexcept { return readings_; }

    /// The figures, from the values of readings() and the seconds since the collection before (0:
    /// none). What no expression gives is 0.
    [[nodiscard]] MetricsSample sample(std::span<double const> values, double seconds) const;

    bool operator==(MetricsMap const&) const = default;

private:
    struct Entry {
        double MetricsSample::*field{nullptr};  ///< Null: of `api`.
        std::string api;
        MetricsExpression expression;
        std::size_t first_reading{0};

        bool operator==(Entry const&) const = default;
    };

    std::vector<Entry> entries_;
    std::vector<MetricsReading> readings_;  ///< Of all entries, one behind the other.
};

/// What one series showed for a reading that wants growth.
struct CounterReading {
    std::uint32_t reading{0};  ///< Index into MetricsMap::readings().
    std::uint64_t series{0};   ///< Hash of its name and labels.
    double value{0};

    bool operator==(CounterReading const&) const = default;
};

/// What one collection found of the series that a map asks for.
struct SeriesReadings {
    std::vector<double> values;  ///< By MetricsMap::readings(); of growth still 0.
    std::vector<CounterReading> counters;

    bool operator==(SeriesReadings const&) const = default;
};

/// What counters showed when they were last collected, so that growth can be told. A value, one
/// per project; empty after a restart.
class CounterMemory {
public:
    /// A series that is gone is remembered for this many collections: it may only have been away.
    static constexpr std::uint64_t kRemembered = 10;
    /// Of more series than this those that are gone are forgotten at once.
    static constexpr std::size_t kMaxSeries = 20'000;

    /// Adds each counter's growth to the value of its reading and remembers what it showed. Returns
    /// the seconds since the collection before. The first collection gives no growth and 0; a
    /// counter that shows less than before began again from 0; a new series began at 0.
    double take(SeriesReadings& readings, SteadyTime at);

private:
    struct Seen {
        double value{0};
        std::uint64_t collection{0};
    };

    void forget();

    std::uint64_t collections_{0};
    SteadyTime last_{};
    std::unordered_map<std::uint64_t, Seen> series_;
};

}  // namespace muster
