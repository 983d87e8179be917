#include <muster/stats/histogram.hpp>

#include <algorithm>
#include <bit>
#include <cmath>

namespace muster {

void DurationHistogram::record(Micros duration) noexcept {
    auto const micros = static_cast<std::uint64_t>(std::max<Micros::rep>(duration.count(), 0));
    auto const bucket = static_cast<std::size_t>(std::bit_width(micros));  // [2^(b-1), 2^b)
    ++buckets_[std::min(bucket, kBuckets - 1)];
    ++count_;
    longest_ = std::max(longest_, duration);
}

Micros DurationHistogram::quantile(double part) const noexcept {
    if (count_ == 0) {
        return Micros(0);
    }
    auto const wanted = static_cast<std::uint64_t>(
        std::ceil(std::clamp(part, 0.0, 1.0) * static_cast<double>(count_)));
    std::uint64_t seen = 0;
    for (std::size_t bucket = 0; bucket < kBuckets; ++bucket) {
        seen += buckets_[bucket];
        if (seen >= std::max<std::uint64_t>(wanted, 1)) {
            auto const bound = Micros((std::int64_t{1} << bucket) - 1);
            return std::min(bound, longest_);
        }
    }
    return longest_;
}

}  // namespace muster
