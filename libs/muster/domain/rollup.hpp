#pragma once

#include <cstdint>

#include <muster/base/time.hpp>
#include <muster/domain/health.hpp>
#include <muster/stats/sketch.hpp>

namespace muster {

/// What was seen of one service in a span of wall time, or in a part of what was seen. Parts merge
/// in any order to the same whole. A value.
struct Rollup {
    std::uint64_t checks{0};  ///< up + degraded + down + those that left the status unknown.
    std::uint64_t up{0};      ///< Checks after which the service was up.
    std::uint64_t degraded{0};
    std::uint64_t down{0};
    Millis observed{0};   ///< Time for which some result speaks.
    Millis down_time{0};  ///< Of that; a run of failures counts from its first.
    Micros total{0};      ///< Of the response times.
    Micros shortest{0};   ///< 0 without checks.
    Micros longest{0};
    Sketch response_times;

    bool operator==(Rollup const&) const = default;
};

/// One more check, after which the service had this status. Negative times count as 0.
void add_check(Rollup& rollup, HealthStatus after, Micros response_time);

/// `span`: of wall time that `into` is about. A clock that was set back shows the same time twice:
/// no more of it is observed than there is.
void merge(Rollup& into, Rollup const& part, Millis span);

/// Mean response time; 0 without checks.
[[nodiscard]] Micros mean_of(Rollup const& rollup) noexcept;

/// The response time that a part (0-1) of all checks did not exceed, within 1 %; 0 without checks.
[[nodiscard]] Micros quantile_of(Rollup const& rollup, double part);

}  // namespace muster
