#pragma once

#include <optional>
#include <vector>

#include <muster/base/time.hpp>
#include <muster/domain/availability.hpp>
#include <muster/domain/check_result.hpp>

namespace muster {

/// A stretch of time of which it is known whether the service was down.
struct ObservedTime {
    WallTime from{};
    WallTime to{};  ///< > from.
    bool down{false};

    bool operator==(ObservedTime const&) const = default;
};

/// What must be remembered of a service in order to say, result by result, which time was observed
/// and how: the rules are those of Availability, the time is given out instead of being kept. A
/// value.
struct Watch {
    Millis reach{0};  ///< For how long a result of it speaks: 2 x interval + timeout.
    std::optional<WallTime> last_at;
    Millis last_reach{0};               ///< Of the last result; 0: it speaks no more.
    Observed last{Observed::not_down};  ///< What it says where no window excuses it.
    std::optional<WallTime> suspect_since;
    bool maintenance{false};  ///< Failures are excused.

    bool operator==(Watch const&) const = default;
};

/// What a result says about availability, but for a window of maintenance.
[[nodiscard]] Observed observed_as(CheckResult const& result) noexcept;

/// A result that counts: appends the time that is decided by it.
void observe(Watch& watch, WallTime at, Observed what, std::vector<ObservedTime>& decided);

/// The result at `at` is the first failure of a run. Where one was under way the service is probed
/// in another way since, and that run did not end in down.
void start_over(Watch& watch, WallTime at, std::vector<ObservedTime>& decided);

/// A window of maintenance begins or ends: from now on the last result means something else, for as
/// long as it still reaches.
void set_maintenance(Watch& watch, WallTime at, bool on, std::vector<ObservedTime>& decided);

/// Nothing was looked at from `at` on: what came before is decided as far as it reaches, the last
/// result speaks no further.
void lose_sight(Watch& watch, WallTime at, std::vector<ObservedTime>& decided);

/// What lose_sight() would decide, of a copy.
[[nodiscard]] std::vector<ObservedTime> time_up_to(Watch watch, WallTime at);

}  // namespace muster
