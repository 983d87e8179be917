#include <muster/domain/bucket_series.hpp>

#include <algorithm>
#include <utility>

namespace muster {
namespace {

/// The newest multiple of `step` that is not behind `time`, also before 1970.
WallTime aligned(WallTime time, Millis step) {
    auto const since = time.time_since_epoch();
    auto const rest = ((since % step) + step) % step;
    return time - rest;
}

Millis rounded_up(Millis step, Millis to) noexcept {
    return (step + to - Millis(1)) / to * to;
}

}  // namespace

LevelChoice choose_level(Millis step, WallTime from, LevelsKept const& kept) noexcept {
    constexpr Millis kMinute{60'000};
    constexpr Millis kHour{3'600'000};
    bool const whole_minutes = step % kMinute == Millis(0);
    bool const whole_hours = step % kHour == Millis(0);
    if (!whole_minutes && from >= kept.checks_since) {
        return {HistoryLevel::checks, step};
    }
    if (!whole_hours && from >= kept.minutes_since) {
        return {HistoryLevel::minutes, rounded_up(step, kMinute)};
    }
    if (from < kept.hours_since && kept.checks_since < kept.hours_since) {
        return {HistoryLevel::checks, step};
    }
    return {HistoryLevel::hours, rounded_up(step, kHour)};
}

BucketSeries::BucketSeries(WallTime from, WallTime until, Millis step)
    : step_(step), from_(aligned(from, step)), until_(std::max(until, from_)) {}

std::size_t BucketSeries::count() const noexcept {
    return static_cast<std::size_t>((until_ - from_ + step_ - Millis(1)) / step_);
}

std::size_t BucketSeries::size(std::size_t services) const noexcept {
    return count() * services;
}

void BucketSeries::begin(Presence const& presence) {
    rows_.push_back({presence, std::vector<Rollup>(count())});
}

Rollup* BucketSeries::rollup_at(WallTime at) {
    if (at < from_ || at >= until_) {
        return nullptr;
    }
    return &rows_.back().rollups[static_cast<std::size_t>((at - from_) / step_)];
}

void BucketSeries::add(WallTime at, Rollup const& part) {
    if (auto* const rollup = rollup_at(at)) {
        merge(*rollup, part, step_);
    }
}

void BucketSeries::add_check(WallTime at, HealthStatus after, Micros response_time) {
    if (auto* const rollup = rollup_at(at)) {
        muster::add_check(*rollup, after, response_time);
    }
}

void BucketSeries::add_time(std::vector<ObservedTime> const& times) {
    for (auto const& time : times) {
        auto from = std::max(time.from, from_);
        auto const to = std::min(time.to, until_);
        while (from < to) {
            auto const end = std::min(to, aligned(from, step_) + step_);
            Rollup part;
            part.observed = end - from;
            part.down_time = time.down ? part.observed : Millis(0);
            add(from, part);
            from = end;
        }
    }
}

Millis BucketSeries::presence_in(Presence const& presence, WallTime from) const {
    auto const begin = std::max(from, presence.since);
    auto const end = std::min(from + step_, presence.known_until);
    return std::max(end - begin, Millis(0));
}

std::vector<Bucket> BucketSeries::take() {
    std::vector<Bucket> buckets;
    for (std::size_t index = 0; index < count(); ++index) {
        auto const from = from_ + static_cast<std::int64_t>(index) * step_;
        for (std::size_t number = 0; number < rows_.size(); ++number) {
            auto& row = rows_[number];
            auto& seen = row.rollups[index];
            auto const present = presence_in(row.presence, from);
            if (present == Millis(0) && seen.checks == 0 && seen.observed == Millis(0)) {
                continue;
            }
            Bucket bucket;
            bucket.from = from;
            bucket.to = from + step_;
            bucket.service = row.presence.service;
            bucket.number = number;
            bucket.unobserved = std::max(present - seen.observed, Millis(0));
            bucket.seen = std::move(seen);
            buckets.push_back(std::move(bucket));
        }
    }
    rows_.clear();
    return buckets;
}

std::string too_many_buckets(std::size_t buckets) {
    return "step asks for " + std::to_string(buckets) + " buckets, more than " +
           std::to_string(BucketSeries::kMost) + ": ask for a longer step or a shorter time";
}

void CheckSeries::add(WallTime at, HealthStatus after, Micros response_time, bool failed) {
    auto const what = after == HealthStatus::down      ? Observed::down
                      : !failed                        ? Observed::not_down
                      : after == HealthStatus::unknown ? Observed::excused
                                                       : Observed::suspect;
    decided_.clear();
    observe(watch_, at, what, decided_);
    series_.add_time(decided_);
    series_.add_check(at, after, response_time);
}

void CheckSeries::finish() {
    series_.add_time(time_up_to(watch_, series_.until()));
}

}  // namespace muster
