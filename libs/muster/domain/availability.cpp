#include <muster/domain/availability.hpp>

#include <algorithm>

namespace muster {
namespace {

/// Only time from 1970 to about the year 4000 is booked: bucket numbers fit, whatever a clock says.
constexpr WallTime kFirst{};
constexpr WallTime kLast{35'600'000 * Availability::kBucket};

/// `time` lies from kFirst to kLast.
std::int32_t bucket_number(WallTime time) noexcept {
    return static_cast<std::int32_t>(time.time_since_epoch() / Availability::kBucket);
}

WallTime bucket_start(std::int32_t number) noexcept {
    return WallTime(static_cast<std::int64_t>(number) * Availability::kBucket);
}

WallTime bucket_start(WallTime time) noexcept {
    return bucket_start(bucket_number(std::clamp(time, kFirst, kLast)));
}

/// Which part of the time that a bucket can have seen lies after `from`.
double part_after(WallTime from, WallTime bucket, WallTime known_since) noexcept {
    auto const end = bucket + Availability::kBucket;
    auto const seen_from = std::clamp(known_since, bucket, end);
    if (seen_from >= from || seen_from == end) {
        return 1.0;
    }
    return static_cast<double>((end - from).count()) /
           static_cast<double>((end - seen_from).count());
}

std::size_t slot_of(std::int32_t number) noexcept {
    return static_cast<std::size_t>(number) % Availability::kBuckets;
}

}  // namespace

void Availability::observe(WallTime at, Observed what, Millis reach) {
    if (state_.known_since) {
        settle(at);
    }
    // A clock that steps back takes the beginning with it.
    state_.known_since = std::min(at, state_.known_since.value_or(at));
    bool const suspected = state_.suspect_since.has_value();
    if (what == Observed::suspect) {
        if (!suspected) {
            state_.suspect_since = at;
        }
    } else if (suspected) {
        add(*state_.suspect_since, at, what == Observed::down);
        state_.suspect_since.reset();
    }
    state_.last_at = at;
    state_.reach = reach;
    state_.last = what;
}

void Availability::reconsider(WallTime at, Observed what) {
    if (state_.known_since) {
        auto const left = state_.last_at + state_.reach - at;
        observe(at, what, std::clamp(left, Millis(0), state_.reach));
    }
}

void Availability::lose_sight(WallTime at) {
    if (!state_.known_since) {
        return;
    }
    settle(at);
    if (state_.suspect_since) {
        add(*state_.suspect_since, std::min(at, state_.last_at + state_.reach), false);
        state_.suspect_since.reset();
    }
    state_.reach = Millis(0);
    state_.last = Observed::not_down;
}

AvailabilityFigures Availability::over_last_day(WallTime now) const {
    if (!state_.known_since || now < *state_.known_since) {
        return {};
    }
    Availability settled = *this;
    settled.settle(now);
    if (settled.state_.suspect_since) {
        settled.add(*settled.state_.suspect_since, now, false);
    }

    auto const from = now - kWindow;
    double observed = 0;
    double down = 0;
    for (auto const& bucket : settled.state_.buckets) {
        auto const start = bucket_start(bucket.number);
        if (bucket.number < 0 || start + kBucket <= from || start > now) {
            continue;
        }
        double const inside = part_after(from, start, *state_.known_since);
        observed += inside * bucket.observed_ms;
        down += inside * bucket.down_ms;
    }
    auto const elapsed = static_cast<double>(std::min(now - *state_.known_since, kWindow).count());
    AvailabilityFigures figures;
    if (observed > 0) {
        figures.uptime_percent = 100.0 * ((observed - down) / observed);  // never over 100
    } else {
        // The very first result: nothing has elapsed, but it was seen.
        bool const seen_now = now - state_.last_at <= state_.reach;
        bool const up = state_.last == Observed::not_down || state_.last == Observed::suspect;
        figures.uptime_percent = seen_now && up ? 100.0 : 0.0;
    }
    if (elapsed > 0) {
        figures.coverage_percent = std::min(100.0, 100.0 * observed / elapsed);
    } else {
        figures.coverage_percent = state_.last == Observed::excused ? 0.0 : 100.0;
    }
    return figures;
}

/// Books the time from the last result to `at` as far as that result reaches.
void Availability::settle(WallTime at) {
    auto const reached = std::min(at, state_.last_at + state_.reach);
    if (state_.last == Observed::excused) {
        return;
    }
    if (state_.last != Observed::suspect) {
        add(state_.last_at, reached, state_.last == Observed::down);
        return;
    }
    if (reached < at && state_.suspect_since) {
        // We stopped looking during a run of failures: our absence is no evidence.
        add(*state_.suspect_since, reached, false);
        state_.suspect_since.reset();
    }
}

void Availability::add(WallTime from, WallTime to, bool down) {
    to = std::min(to, kLast);
    from = std::max({from, bucket_start(to - kWindow), kFirst});
    while (from < to) {
        auto const number = bucket_number(from);
        auto const end = std::min(to, bucket_start(number + 1));
        auto& bucket = state_.buckets[slot_of(number)];
        if (bucket.number != number) {
            bucket = Bucket{number, 0, 0};
        }
        auto const length = static_cast<std::uint32_t>((end - from).count());
        // A clock that stepped back shows the same time twice: no bucket holds more than itself.
        constexpr auto kFull = static_cast<std::uint32_t>(kBucket.count());
        bucket.observed_ms = std::min(kFull, bucket.observed_ms + length);
        if (down) {
            bucket.down_ms = std::min(kFull, bucket.down_ms + length);
        }
        from = end;
    }
}

}  // namespace muster
