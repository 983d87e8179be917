#pragma once

#include <optional>
#include <vector>

#include <muster/domain/availability.hpp>
#include <muster/domain/check_result.hpp>
#include <muster/domain/health.hpp>
#include <muster/domain/transition.hpp>

namespace muster {

/// All that is remembered of a service's past in order to judge and to show it. A value.
struct Tracker {
    HealthState health;
    Availability availability;
    std::optional<WallTime> last_check;  ///< Start of the newest check that counted.
    Millis response_time{0};             ///< Of that check.
    bool running{false};                 ///< It got an answer that passed.
    /// The results of the current run while they may still lead to a change: the failures since the
    /// last pass while not down, the passes while rising. At most Reason::kMaxDeciding.
    std::vector<DecidingResult> run;

    bool operator==(Tracker const&) const = default;
};

/// A status change with its reason.
struct ExplainedChange {
    HealthStatus from{HealthStatus::unknown};
    HealthStatus to{HealthStatus::unknown};
    Reason reason;
};

/// What judging a probe's outcome gave.
struct Judged {
    CheckResult result;
    std::optional<ExplainedChange> change;
    std::optional<Millis> retry_in;  ///< As Step::retry_in.
};

/// Judges an outcome and moves the tracker on. An outcome that does not count changes nothing but
/// is still returned as a result (with the state as it was). A failed one that came without words
/// gets some: readers take an empty error for a check that passed.
[[nodiscard]] Judged judge(Tracker& tracker, ServiceId service, HealthPolicy const& policy,
                           Outcome outcome, WallTime started_at, WallTime accepted_at);

/// Moves the tracker as judge() did when `result` was made: what a restart does with the results in
/// the journal behind its checkpoint. The state comes from the result, not from today's policy,
/// which only gives the reach in time.
void restore(Tracker& tracker, CheckResult const& result, HealthPolicy const& policy);

}  // namespace muster
