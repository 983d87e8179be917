#pragma once

#include <array>
#include <cstddef>
#include <cstdint>

#include <muster/base/time.hpp>

namespace muster {

/// Counts durations in buckets whose bounds are round numbers from 100 µs to 60 s, as Prometheus
/// shows them: no allocation, a few comparisons a record. A quantile is right within its bucket (a
/// factor of 2.5), which is enough to see a scheduler or a loop fall behind. A value; not
/// thread-safe.
class DurationHistogram {
public:
    /// Upper bounds, inclusive; what is longer than the last goes into one more bucket.
    static constexpr std::array<Micros, 18> kBounds{
        {Micros(100), Micros(250), Micros(500), Millis(1), Micros(2'500), Millis(5), Millis(10),
         Millis(25), Millis(50), Millis(100), Millis(250), Millis(500), Millis(1'000),
         Millis(2'500), Millis(5'000), Millis(10'000), Millis(30'000), Millis(60'000)}};
    static constexpr std::size_t kBuckets = kBounds.size() + 1;

    /// Negative durations count as zero.
    void record(Micros duration) noexcept;

    /// The upper bound of the bucket in which the given part (0-1) of all records lies, at most the
    /// longest; 0 if empty.
    [[nodiscard]] Micros quantile(double part) const noexcept;

    [[nodiscard]] std::uint64_t count() const noexcept { return count_; }
    [[nodiscard]] Micros sum() const noexcept { return sum_; }
    [[nodiscard]] Micros longest() const noexcept { return longest_; }
    /// Records by bucket, each record in one.
    [[nodiscard]] std::array<std::uint64_t, kBuckets> const& buckets() const noexcept {
        return buckets_;
    }

    bool operator==(DurationHistogram const&) const = default;

private:
    std::array<std::uint64_t, kBuckets> buckets_{};
    std::uint64_t count_{0};
    Micros sum_{0};
    Micros longest_{0};
};

}  // namespace muster
