#pragma once

#include <cstdint>
#include <optional>

#include <muster/base/time.hpp>
#include <muster/domain/day_buckets.hpp>

namespace muster {

/// Availability over the last 24 hours.
struct AvailabilityFigures {
    double uptime_percent{0};    ///< Time observed not down / time observed; 0 if nothing was.
    double coverage_percent{0};  ///< Time observed / time elapsed since first seen (at most 24 h).
};

/// What a result says about availability.
enum class Observed : std::uint8_t {
    not_down = 0,
    suspect = 1,  ///< Failed, but not (yet) down: decided by what follows.
    down = 2,
    excused = 3,  ///< Failed when that was expected (grace, maintenance): neither up nor down.
};

/// How much of the last 24 hours a service was observed, and how much of that it was down.
///
/// A result speaks for the time until the next, at most for its reach (2 x interval + timeout);
/// what lies beyond is unobserved. When a run of failures ends in `down`, the time since its first
/// failure counts as down; when it does not, or when we stopped looking in between, as not down.
/// Time that begins with an excused failure is unobserved: left out of uptime, missing in coverage.
/// Kept by half hours (DayBuckets). A clock that steps back adds nothing; one that steps ahead adds
/// at most one reach. A value: copy freely.
class Availability {
public:
    /// The whole state, for the checkpoint.
    struct State {
        DayBuckets::Buckets buckets{};
        std::optional<WallTime> known_since;
        std::optional<WallTime> suspect_since;
        WallTime last_at{};
        Millis reach{0};
        Observed last{Observed::not_down};

        bool operator==(State const&) const = default;
    };

    Availability() = default;
    explicit Availability(State const& state);

    /// A result at `at` that speaks for at most `reach` from then on.
    void observe(WallTime at, Observed what, Millis reach);

    /// From `at` on the last result means `what`, for as long as it still reaches: a window began
    /// or ended. Nothing happens before the first result.
    void reconsider(WallTime at, Observed what);

    /// Nothing was looked at from `at` on, as while the hub is off: the last result speaks no
    /// further, and a run of failures under way did not end in down.
    void lose_sight(WallTime at);

    /// As of `now`, with the time since the last result counted as that result says.
    [[nodiscard]] AvailabilityFigures over_last_day(WallTime now) const;

    [[nodiscard]] State state() const;
    /// Of the newest result, or of what was reconsidered since.
    [[nodiscard]] WallTime last_at() const noexcept { return last_at_; }
    bool operator==(Availability const&) const = default;

private:
    [[nodiscard]] AvailabilityFigures figures(DayBuckets const& buckets, WallTime now) const;
    void settle(WallTime at);

    std::optional<WallTime> known_since_;
    std::optional<WallTime> suspect_since_;
    WallTime last_at_{};
    Millis reach_{0};
    Observed last_{Observed::not_down};
    DayBuckets buckets_;
};

}  // namespace muster
