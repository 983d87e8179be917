#pragma once

#include <array>
#include <cstddef>
#include <cstdint>

#include <muster/base/time.hpp>

namespace muster {

/// Counts durations in buckets that double from 1 µs to about 9 hours: 36 counters, no allocation,
/// one addition a record. A quantile is right within its bucket (a factor of 2), which is enough to
/// see a scheduler or a loop fall behind. A value; not thread-safe.
class DurationHistogram {
public:
    static constexpr std::size_t kBuckets = 36;

    /// Negative durations count as zero.
    void record(Micros duration) noexcept;

    /// The upper bound of the bucket in which the given part (0-1) of all records lies; 0 if empty.
    [[nodiscard]] Micros quantile(double part) const noexcept;

    [[nodiscard]] std::uint64_t count() const noexcept { return count_; }
    [[nodiscard]] Micros longest() const noexcept { return longest_; }

private:
    std::array<std::uint64_t, kBuckets> buckets_{};
    std::uint64_t count_{0};
    Micros longest_{0};
};

}  // namespace muster
