#pragma once

#include <cstdint>
#include <optional>

#include <muster/api/history_queries.hpp>
#include <muster/api/message.hpp>
#include <muster/api/read_model.hpp>
#include <muster/api/router.hpp>
#include <muster/domain/metrics_sample.hpp>
#include <muster/ports/clock.hpp>

namespace muster {

/// Figures of a project in whole steps of wall time, one sample a step: the mean of what are rates,
/// shares and times, the newest of what counts (`errorCount`, `apiUsage`). Pure.
class MetricsSteps {
public:
    /// Steps are multiples of `step` (> 0) since 1970.
    explicit MetricsSteps(Millis step) : step_(step) {}

    /// Takes samples, oldest first; gives the step before where the sample begins a new one.
    [[nodiscard]] std::optional<ProjectMetrics> add(ProjectMetrics const& metrics);
    /// The last step; nothing where there were no samples.
    [[nodiscard]] std::optional<ProjectMetrics> take();

private:
    Millis step_;
    std::optional<ProjectMetrics> sum_;  ///< `at`: where the step begins.
    std::int64_t count_{0};
};

struct MetricsHistoryViews {
    ReadModel& model;
    HistoryQueries& history;
    Clock const& clock;
};

/// GET /api/metrics/{project}/history?hours=24&step=60s: oldest first, steps without figures left
/// out.
void get_metrics_history(Request const& request, MetricsHistoryViews const& views, Reply reply);

void add_metrics_history_route(Router& router, MetricsHistoryViews const& views);

}  // namespace muster
