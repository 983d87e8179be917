#pragma once

#include <memory>
#include <variant>

#include <muster/base/result.hpp>
#include <muster/base/unique_function.hpp>
#include <muster/domain/metrics_map.hpp>
#include <muster/domain/metrics_sample.hpp>
#include <muster/domain/url.hpp>

namespace muster {

/// A collection under way. Destroying it ends it; its `done` then never runs.
class MetricsFetch {
public:
    virtual ~MetricsFetch() = default;
};

/// What a project served: the figures themselves, or what its series showed for a map.
using MetricsAnswer = std::variant<MetricsSample, SeriesReadings>;

/// Collects a project's own figures. Loop thread only.
class MetricsSource {
public:
    virtual ~MetricsSource() = default;

    /// What is referred to lives as long as the fetch.
    struct Request {
        Url const& url;
        Millis timeout;
        MetricsMap const& map;  ///< Of a project that serves series; empty: it must serve figures.
    };

    using Done = UniqueFunction<void(Result<MetricsAnswer>)>;

    /// `done` runs exactly once, on the loop, never inside fetch(), at most `timeout` + 100 ms
    /// later. Errors: not_found (404: the project has no metrics), unavailable (not reached, or
    /// another HTTP error), timed_out, invalid (an answer that is no metrics, or series where the
    /// map is empty).
    [[nodiscard]] virtual std::unique_ptr<MetricsFetch> fetch(Request const& request,
                                                              Done done) = 0;
};

}  // namespace muster
