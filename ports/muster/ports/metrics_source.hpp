#pragma once

#include <memory>

#include <muster/base/result.hpp>
#include <muster/base/unique_function.hpp>
#include <muster/domain/metrics_sample.hpp>
#include <muster/domain/url.hpp>

namespace muster {

/// A collection under way. Destroying it ends it; its `done` then never runs.
class MetricsFetch {
public:
    virtual ~MetricsFetch() = default;
};

/// Collects a project's own figures. Loop thread only.
class MetricsSource {
public:
    virtual ~MetricsSource() = default;

    using Done = UniqueFunction<void(Result<MetricsSample>)>;

    /// `done` runs exactly once, on the loop, never inside fetch(), at most `timeout` + 100 ms
    /// later. Errors: not_found (404: the project has no metrics), unavailable (not reached, or
    /// another HTTP error), timed_out, invalid (an answer that is no metrics).
    [[nodiscard]] virtual std::unique_ptr<MetricsFetch> fetch(Url const& url, Millis timeout,
                                                              Done done) = 0;
};

}  // namespace muster
