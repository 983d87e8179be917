#pragma once

#include <array>
#include <cstdint>
#include <optional>

#include <muster/base/time.hpp>

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
/// Kept in half-hour buckets of wall time: the oldest, partly outside of the window, counts by the
/// part that is inside. A clock that steps back adds nothing; one that steps ahead adds at most one
/// reach. A value: copy freely.
class Availability {
public:
    static constexpr Millis kBucket{30 * 60 * 1000};
    static constexpr Millis kWindow{24 * 60 * 60 * 1000};
    static constexpr std::size_t kBuckets = 49;  // 24 h and the bucket under way

    struct Bucket {
        std::int32_t number{-1};  ///< Wall time / kBucket, -1 when empty.
        std::uint32_t observed_ms{0};
        std::uint32_t down_ms{0};

        bool operator==(Bucket const&) const = default;
    };

    /// The whole state, for the checkpoint.
    struct State {
        std::array<Bucket, kBuckets> buckets{};
        std::optional<WallTime> known_since;
        std::optional<WallTime> suspect_since;
        WallTime last_at{};
        Millis reach{0};
        Observed last{Observed::not_down};

        bool operator==(State const&) const = default;
    };

    Availability() = default;
    explicit Availability(State const& state) : state_(state) {}

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

    [[nodiscard]] State const& state() const noexcept { return state_; }
    bool operator==(Availability const&) const = default;

private:
    void settle(WallTime at);
    void add(WallTime from, WallTime to, bool down);

    State state_;
};

}  // namespace muster
