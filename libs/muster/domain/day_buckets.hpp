#pragma once

#include <array>
#include <cstddef>
#include <cstdint>

#include <muster/base/time.hpp>

namespace muster {

/// How much of each half hour of the last day was observed, and how much of that was down.
///
/// Half hours of wall time, in a ring, with their sum kept: most questions and most additions touch
/// one or two of them. The day ends with the newest half hour that anything was added to; what is
/// older is forgotten. A clock that steps back adds nothing twice: no half hour holds more than
/// itself; one that steps back by more than a day begins anew. A value: copy freely.
class DayBuckets {
public:
    static constexpr Millis kBucket{30 * 60 * 1000};
    static constexpr Millis kDay{24 * 60 * 60 * 1000};
    static constexpr std::size_t kCount = 49;  // a day and the half hour under way

    struct Bucket {
        std::int32_t number{-1};  ///< Wall time / kBucket, -1 when empty.
        std::uint32_t observed_ms{0};
        std::uint32_t down_ms{0};

        bool operator==(Bucket const&) const = default;
    };
    /// Each at the place that its number gives (number % kCount).
    using Buckets = std::array<Bucket, kCount>;

    DayBuckets() = default;
    /// Of those that lie within a day of the newest; no number appears twice.
    explicit DayBuckets(Buckets const& buckets);

    /// Observed from `from` to `to`, of which at most the last day counts. Only time from 1970 to
    /// about the year 4000 is booked.
    void add(WallTime from, WallTime to, bool down);

    struct Seen {
        double observed_ms{0};
        double down_ms{0};
    };

    /// In the day before `now`. The half hour that lies partly before it counts by the part that is
    /// inside, of what of it can have been seen since `known_since`.
    [[nodiscard]] Seen last_day(WallTime now, WallTime known_since) const;

    [[nodiscard]] Buckets buckets() const;

    bool operator==(DayBuckets const&) const = default;

private:
    struct Times {
        std::uint32_t observed_ms{0};
        std::uint32_t down_ms{0};

        bool operator==(Times const&) const = default;
    };

    [[nodiscard]] std::int32_t number_at(std::size_t slot) const noexcept;
    void reach(std::int32_t number);

    Times sum_;  ///< Of all that are kept.
    std::int32_t newest_{-1};
    std::array<Times, kCount> times_{};
};

}  // namespace muster
