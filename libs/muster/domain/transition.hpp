#pragma once

#include <string>
#include <vector>

#include <muster/base/id.hpp>
#include <muster/domain/health.hpp>
#include <muster/domain/outcome.hpp>

namespace muster {

/// One of the results that decided a status change.
struct DecidingResult {
    WallTime at{};
    Millis response_time{0};
    std::string error;  ///< Empty: passed.

    bool operator==(DecidingResult const&) const = default;
};

/// Why a status changed: enough to explain it long after the results are gone.
struct Reason {
    static constexpr std::size_t kMaxDeciding = 8;

    Cause cause{Cause::passed};
    std::uint32_t count{0};  ///< Consecutive results that decided; failures among the last `of`.
    std::uint32_t threshold{0};  ///< What `count` was held against.
    std::uint32_t of{0};         ///< Of failures_of_last: how many results were looked back on.
    Millis response_time{0};     ///< Of the last one.
    Millis degraded_above{0};    ///< Latency threshold then in force.
    /// Of normal_again: under what response time it was fast again, degraded_above less the
    /// hysteresis. 0: no other than degraded_above.
    Millis normal_below{0};
    std::uint16_t http_status{0};
    Phases phases;      ///< Of the last one.
    std::string error;  ///< Of the last one; empty when it passed.
    /// Oldest first, the last kMaxDeciding of them; of failures_of_last the failures alone, since
    /// the last change.
    std::vector<DecidingResult> deciding;
    std::string root;  ///< Of down: the dependency at fault, as `project/name`; empty: none.

    bool operator==(Reason const&) const = default;
};

/// A change of a service's status.
struct Transition {
    ServiceId service;
    std::string project;
    std::string name;
    HealthStatus from{HealthStatus::unknown};
    HealthStatus to{HealthStatus::unknown};
    WallTime at{};  ///< When the deciding result was accepted.
    Reason reason;

    bool operator==(Transition const&) const = default;
};

/// One plain sentence: `down after 4 failed checks: connection refused`.
[[nodiscard]] std::string describe(Transition const& transition);

}  // namespace muster
