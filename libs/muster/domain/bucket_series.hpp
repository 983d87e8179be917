#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

#include <muster/base/id.hpp>
#include <muster/domain/rollup.hpp>
#include <muster/domain/watch.hpp>

namespace muster {

/// What was seen of a service in [from, to).
struct Bucket {
    WallTime from{};
    WallTime to{};
    ServiceId service;
    std::size_t number{0};  ///< Of the service in its series, in the order of begin().
    Rollup seen;
    Millis unobserved{0};  ///< Of the time that the service was there and is known by now.
};

enum class HistoryLevel : std::uint8_t { checks, minutes, hours };

struct LevelChoice {
    HistoryLevel level{HistoryLevel::hours};
    Millis step{0};
};

/// From when on each level is complete.
struct LevelsKept {
    WallTime checks_since{};
    WallTime minutes_since{};
    WallTime hours_since{};
};

/// The coarsest level that answers in steps of `step`; where what it needs is gone already, a
/// coarser one, with the step rounded up to what that has. Single checks also where the hours begin
/// after `from` and later than they do: rollups are younger than a history from before them.
[[nodiscard]] LevelChoice choose_level(Millis step, WallTime from, LevelsKept const& kept) noexcept;

/// Puts pieces of history into whole buckets of wall time, and says of each how much nobody saw.
class BucketSeries {
public:
    /// More are refused: an answer must fit into memory.
    static constexpr std::size_t kMost = 500'000;

    /// Buckets are multiples of `step` (> 0) since 1970, from the one that holds `from` to the one
    /// before `until`.
    BucketSeries(WallTime from, WallTime until, Millis step);

    /// How many there would be of `services`.
    [[nodiscard]] std::size_t size(std::size_t services) const noexcept;
    [[nodiscard]] WallTime from() const noexcept { return from_; }
    [[nodiscard]] WallTime until() const noexcept { return until_; }

    /// From when on a service was there, and until when (exclusive) its history is complete.
    struct Presence {
        ServiceId service;
        WallTime since{};
        WallTime known_until{};
    };
    /// What is added from here on is of this service.
    void begin(Presence const& presence);

    /// A part that began at `at` and does not reach into the next bucket.
    void add(WallTime at, Rollup const& part);
    void add_check(WallTime at, HealthStatus after, Micros response_time);
    void add_time(std::vector<ObservedTime> const& times);

    /// By time, then in the order in which services began. Buckets before a service was there, and
    /// such as lie wholly behind what is known, are left out unless they hold something.
    [[nodiscard]] std::vector<Bucket> take();

private:
    struct Row {
        Presence presence;
        std::vector<Rollup> rollups;
    };

    [[nodiscard]] std::size_t count() const noexcept;
    [[nodiscard]] Rollup* rollup_at(WallTime at);
    [[nodiscard]] Millis presence_in(Presence const& presence, WallTime from) const;

    Millis step_;
    WallTime from_;
    WallTime until_;
    std::vector<Row> rows_;
};

/// Why that many buckets are refused.
[[nodiscard]] std::string too_many_buckets(std::size_t buckets);

/// Single checks of one service, in the order of their time, for a series that has begun with it.
class CheckSeries {
public:
    /// `reach`: for how long a check speaks. `series` must outlive it.
    CheckSeries(BucketSeries& series, Millis reach) : series_(series) { watch_.reach = reach; }

    /// A failure that leaves the status unknown is excused, as within a grace: what a stored check
    /// says of itself does not tell it from the first failures of a run.
    void add(WallTime at, HealthStatus after, Micros response_time, bool failed);
    /// The last check speaks as far as it reaches.
    void finish();

private:
    BucketSeries& series_;
    Watch watch_;
    std::vector<ObservedTime> decided_;
};

}  // namespace muster
