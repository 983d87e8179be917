#include <muster/domain/day_buckets.hpp>

#include <algorithm>

namespace muster {
namespace {

/// Bucket numbers fit, whatever a clock says.
constexpr WallTime kFirst{};
constexpr WallTime kLast{35'600'000 * DayBuckets::kBucket};
constexpr auto kRing = static_cast<std::int32_t>(DayBuckets::kCount);
constexpr auto kFull = static_cast<std::uint32_t>(DayBuckets::kBucket.count());

/// `time` lies from kFirst to kLast.
std::int32_t bucket_number(WallTime time) noexcept {
    return static_cast<std::int32_t>(time.time_since_epoch() / DayBuckets::kBucket);
}

WallTime bucket_start(std::int32_t number) noexcept {
    return WallTime(static_cast<std::int64_t>(number) * DayBuckets::kBucket);
}

std::size_t slot_of(std::int32_t number) noexcept {
    return static_cast<std::size_t>(number % kRing);
}

/// Which part of the time that a bucket can have seen lies after `from`.
double part_after(WallTime from, WallTime bucket, WallTime known_since) noexcept {
    auto const end = bucket + DayBuckets::kBucket;
    auto const seen_from = std::clamp(known_since, bucket, end);
    if (seen_from >= from || seen_from == end) {
        return 1.0;
    }
    return static_cast<double>((end - from).count()) /
           static_cast<double>((end - seen_from).count());
}

}  // namespace

DayBuckets::DayBuckets(Buckets const& buckets) {
    for (auto const& bucket : buckets) {
        if (bucket.number <= bucket_number(kLast)) {
            newest_ = std::max(newest_, bucket.number);
        }
    }
    for (auto const& bucket : buckets) {
        if (bucket.number < 0 || bucket.number > newest_ || bucket.number <= newest_ - kRing) {
            continue;
        }
        auto& times = times_[slot_of(bucket.number)];
        times.observed_ms = std::min(bucket.observed_ms, kFull);
        times.down_ms = std::min(bucket.down_ms, kFull);
        sum_.observed_ms += times.observed_ms;
        sum_.down_ms += times.down_ms;
    }
}

void DayBuckets::add(WallTime from, WallTime to, bool down) {
    to = std::min(to, kLast);
    from = std::max({from, bucket_start(bucket_number(std::max(to - kDay, kFirst))), kFirst});
    while (from < to) {
        auto const number = bucket_number(from);
        auto const end = std::min(to, bucket_start(number + 1));
        auto const length = static_cast<std::uint32_t>((end - from).count());
        reach(number);
        auto& times = times_[slot_of(number)];
        auto const observed = std::min(length, kFull - times.observed_ms);
        times.observed_ms += observed;
        sum_.observed_ms += observed;
        if (down) {
            auto const more = std::min(length, kFull - times.down_ms);
            times.down_ms += more;
            sum_.down_ms += more;
        }
        from = end;
    }
}

/// Makes room for a bucket: those that are a day older, or that a clock left in the future, go.
void DayBuckets::reach(std::int32_t number) {
    if (number > newest_ - kRing && number <= newest_) {
        return;
    }
    if (newest_ < 0 || number <= newest_ - kRing || number >= newest_ + kRing) {
        times_ = {};
        sum_ = {};
    } else {
        for (auto next = newest_ + 1; next <= number; ++next) {
            auto& oldest = times_[slot_of(next)];
            sum_.observed_ms -= oldest.observed_ms;
            sum_.down_ms -= oldest.down_ms;
            oldest = {};
        }
    }
    newest_ = number;
}

DayBuckets::Seen DayBuckets::last_day(WallTime now, WallTime known_since) const {
    if (newest_ < 0 || now < kFirst) {
        return {};
    }
    auto const from = now - kDay;
    auto const newest_shown = bucket_number(std::min(now, kLast));
    auto whole = sum_;
    Times partial;
    auto const oldest_shown = newest_shown - (kRing - 1);
    if (newest_shown != newest_) {
        for (std::size_t slot = 0; slot < kCount; ++slot) {
            auto const number = number_at(slot);
            if (number < oldest_shown || number > newest_shown) {
                whole.observed_ms -= times_[slot].observed_ms;
                whole.down_ms -= times_[slot].down_ms;
            }
        }
    }
    if (oldest_shown >= 0 && oldest_shown <= newest_ && oldest_shown > newest_ - kRing) {
        partial = times_[slot_of(oldest_shown)];
        whole.observed_ms -= partial.observed_ms;
        whole.down_ms -= partial.down_ms;
    }
    double const inside = part_after(from, bucket_start(oldest_shown), known_since);
    return {whole.observed_ms + inside * partial.observed_ms,
            whole.down_ms + inside * partial.down_ms};
}

/// The newest one that lies there; negative before 1970.
std::int32_t DayBuckets::number_at(std::size_t slot) const noexcept {
    auto const behind = (newest_ - static_cast<std::int32_t>(slot)) % kRing;
    return newest_ - (behind < 0 ? behind + kRing : behind);
}

DayBuckets::Buckets DayBuckets::buckets() const {
    Buckets all{};
    for (std::size_t slot = 0; slot < kCount; ++slot) {
        if (times_[slot].observed_ms > 0) {
            all[slot] = {number_at(slot), times_[slot].observed_ms, times_[slot].down_ms};
        }
    }
    return all;
}

}  // namespace muster
