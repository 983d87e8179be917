#pragma once

#include <optional>
#include <vector>

#include <muster/domain/availability.hpp>
#include <muster/domain/check_result.hpp>
#include <muster/domain/flapping.hpp>
#include <muster/domain/health.hpp>
#include <muster/domain/overlay.hpp>
#include <muster/domain/transition.hpp>

namespace muster {

/// All that is remembered of a service's past in order to judge and to show it. A value.
struct Tracker {
    HealthState health;
    std::optional<WallTime> last_check;  ///< Start of the newest check that counted.
    Millis response_time{0};             ///< Of that check.
    bool running{false};                 ///< It got an answer that passed.
    Overlays overlays;
    RecentResults recent;  ///< Which of the newest checks that count, but for excused ones, failed.
    Restlessness restlessness;
    /// The results that may still lead to a change: the failures since the last pass (of
    /// failures_of: those among the last so many) while not down, the passes while rising. At most
    /// Reason::kMaxDeciding.
    std::vector<DecidingResult> run;
    Availability availability;  // last: large, and a check touches little of it

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
    std::optional<bool> flapping;    ///< The overlay came (true) or went.
};

/// Judges an outcome and moves the tracker on. An outcome that does not count changes nothing but
/// is still returned as a result (with the state as it was). A failed one that came without words
/// gets some: readers take an empty error for a check that passed. `grace`: as in Circumstances.
[[nodiscard]] Judged judge(Tracker& tracker, ServiceId service, HealthPolicy const& policy,
                           Outcome outcome, WallTime started_at, WallTime accepted_at,
                           bool grace = false);

/// An overlay comes or goes at `at`. In maintenance failing counts neither as up nor as down from
/// then on, and again once it is over.
void set_overlay(Tracker& tracker, Overlay overlay, bool on, WallTime at);

/// From `at` on the service is probed in another way: its status stays until checks change it, but
/// no earlier result is evidence about what is probed now, neither failures or passes in a row, nor
/// those among the last so many, nor unrest. A run of failures under way did not end in down.
void start_over(Tracker& tracker, WallTime at);

/// Moves the tracker as judge() did when `result` was made: what a restart does with the results in
/// the journal behind its checkpoint. The state comes from the result, not from today's policy,
/// which only gives the reach in time and how far back failures_of looks. Overlays are not touched:
/// they have records of their own, for set_overlay().
void restore(Tracker& tracker, CheckResult const& result, HealthPolicy const& policy);

/// Moves the tracker to the status that a transition led to; nothing happens where it is there, as
/// it is once the deciding result was restored.
void restore(Tracker& tracker, Transition const& transition);

}  // namespace muster
