#include <muster/stats/histogram.hpp>

#include <algorithm>
#include <cmath>

namespace muster {

void DurationHistogram::record(Micros duration) noexcept {
    duration = std::max(duration, Micros(0));
    std::size_t bucket = 0;
    while (bucket < kBounds.size() && duration > kBounds[bucket]) {
        ++bucket;
    }
    ++buckets_[bucket];
    ++count_;
    sum_ += duration;
    longest_ = std::max(longest_, duration);
}

Micros DurationHistogram::quantile(double part) const noexcept {
    if (count_ == 0) {
        return Micros(0);
    }
    auto const wanted = static_cast<std::uint64_t>(
        std::ceil(std::clamp(part, 0.0, 1.0) * static_cast<double>(count_)));
    std::uint64_t seen = 0;
    for (std::size_t bucket = 0; bucket < kBounds.size(); ++bucket) {
        seen += buckets_[bucket];
        if (seen >= std::max<std::uint64_t>(wanted, 1)) {
            return std::min(kBounds[bucket], longest_);
        }
    }
    return longest_;
}

}  // namespace muster
