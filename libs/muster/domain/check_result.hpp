#pragma once

#include <cstdint>

#include <muster/base/id.hpp>
#include <muster/domain/health.hpp>
#include <muster/domain/outcome.hpp>

namespace muster {

/// What one probe of a service saw, when, and what the service was judged to be after it. This is
/// what is journalled and stored; replaying it restores a tracker without judging again.
struct CheckResult {
    ServiceId service;
    WallTime started_at{};   ///< When the probe started.
    WallTime accepted_at{};  ///< When its result was accepted.
    Outcome outcome;
    HealthState after;         ///< The state that this result led to.
    double uptime_percent{0};  ///< Last 24 h, as of `accepted_at`.

    bool operator==(CheckResult const&) const = default;
};

}  // namespace muster
