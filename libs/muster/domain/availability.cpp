#include <muster/domain/availability.hpp>

#include <algorithm>

namespace muster {

Availability::Availability(State const& state)
    : known_since_(state.known_since),
      suspect_since_(state.suspect_since),
      last_at_(state.last_at),
      reach_(state.reach),
      last_(state.last),
      buckets_(state.buckets) {}

Availability::State Availability::state() const {
    return {buckets_.buckets(), known_since_, suspect_since_, last_at_, reach_, last_};
}

void Availability::observe(WallTime at, Observed what, Millis reach) {
    if (known_since_) {
        settle(at);
    }
    // A clock that steps back takes the beginning with it.
    known_since_ = std::min(at, known_since_.value_or(at));
    bool const suspected = suspect_since_.has_value();
    if (what == Observed::suspect) {
        if (!suspected) {
            suspect_since_ = at;
        }
    } else if (suspected) {
        buckets_.add(*suspect_since_, at, what == Observed::down);
        suspect_since_.reset();
    }
    last_at_ = at;
    reach_ = reach;
    last_ = what;
}

void Availability::reconsider(WallTime at, Observed what) {
    if (known_since_) {
        auto const left = last_at_ + reach_ - at;
        observe(at, what, std::clamp(left, Millis(0), reach_));
    }
}

void Availability::lose_sight(WallTime at) {
    if (!known_since_) {
        return;
    }
    settle(at);
    if (suspect_since_) {
        buckets_.add(*suspect_since_, std::min(at, last_at_ + reach_), false);
        suspect_since_.reset();
    }
    reach_ = Millis(0);
    last_ = Observed::not_down;
}

AvailabilityFigures Availability::over_last_day(WallTime now) const {
    if (!known_since_ || now < *known_since_) {
        return {};
    }
    if (suspect_since_ || (last_at_ < now && last_ != Observed::excused)) {
        Availability settled = *this;
        settled.settle(now);
        if (settled.suspect_since_) {
            settled.buckets_.add(*settled.suspect_since_, now, false);
        }
        return figures(settled.buckets_, now);
    }
    return figures(buckets_, now);  // right after a result: nothing to settle
}

AvailabilityFigures Availability::figures(DayBuckets const& buckets, WallTime now) const {
    auto const [observed, down] = buckets.last_day(now, *known_since_);
    auto const elapsed =
        static_cast<double>(std::min(now - *known_since_, DayBuckets::kDay).count());
    AvailabilityFigures figures;
    if (observed > 0) {
        figures.uptime_percent = 100.0 * ((observed - down) / observed);  // never over 100
    } else {
        // The very first result: nothing has elapsed, but it was seen.
        bool const seen_now = now - last_at_ <= reach_;
        bool const up = last_ == Observed::not_down || last_ == Observed::suspect;
        figures.uptime_percent = seen_now && up ? 100.0 : 0.0;
    }
    if (elapsed > 0) {
        figures.coverage_percent = std::min(100.0, 100.0 * observed / elapsed);
    } else {
        figures.coverage_percent = last_ == Observed::excused ? 0.0 : 100.0;
    }
    return figures;
}

/// Books the time from the last result to `at` as far as that result reaches.
void Availability::settle(WallTime at) {
    auto const reached = std::min(at, last_at_ + reach_);
    if (last_ == Observed::excused) {
        return;
    }
    if (last_ != Observed::suspect) {
        buckets_.add(last_at_, reached, last_ == Observed::down);
        return;
    }
    if (reached < at && suspect_since_) {
        // We stopped looking during a run of failures: our absence is no evidence.
        buckets_.add(*suspect_since_, reached, false);
        suspect_since_.reset();
    }
}

}  // namespace muster
