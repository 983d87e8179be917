#include <muster/domain/watch.hpp>

#include <algorithm>
#include <utility>

namespace muster {
namespace {

/// A run of failures is decided long before; whoever cuts time into pieces needs a bound.
constexpr Millis kLongestStretch{7LL * 24 * 3600 * 1000};

void give(WallTime from, WallTime to, bool down, std::vector<ObservedTime>& decided) {
    from = std::max(from, to - kLongestStretch);
    if (from < to) {
        decided.push_back({from, to, down});
    }
}

Observed meant(Watch const& watch, Observed what) noexcept {
    return watch.maintenance && what != Observed::not_down ? Observed::excused : what;
}

/// Decides the time from the last result to `at`, as far as that result reaches.
void settle(Watch& watch, WallTime at, std::vector<ObservedTime>& decided) {
    auto const last = meant(watch, watch.last);
    if (!watch.last_at || last == Observed::excused) {
        return;
    }
    auto const reached = std::min(at, *watch.last_at + watch.last_reach);
    if (last != Observed::suspect) {
        give(*watch.last_at, reached, last == Observed::down, decided);
    } else if (reached < at && watch.suspect_since) {
        // We stopped looking during a run of failures: our absence is no evidence.
        give(*watch.suspect_since, reached, false, decided);
        watch.suspect_since.reset();
    }
}

}  // namespace

Observed observed_as(CheckResult const& result) noexcept {
    if (result.after.status == HealthStatus::down) {
        return Observed::down;
    }
    if (result.after.failures > 0) {
        return Observed::suspect;
    }
    return passes(result.outcome) ? Observed::not_down : Observed::excused;  // within the grace
}

namespace {

/// The run of failures under way goes on, or is over and decided.
void follow_run(Watch& watch, WallTime at, Observed what, std::vector<ObservedTime>& decided) {
    auto const now = meant(watch, what);
    if (now == Observed::suspect) {
        if (!watch.suspect_since) {
            watch.suspect_since = at;
        }
    } else if (auto const since = std::exchange(watch.suspect_since, std::nullopt)) {
        give(*since, at, now == Observed::down, decided);
    }
}

}  // namespace

void observe(Watch& watch, WallTime at, Observed what, std::vector<ObservedTime>& decided) {
    settle(watch, at, decided);
    follow_run(watch, at, what, decided);
    watch.last_at = at;
    watch.last_reach = watch.reach;
    watch.last = what;
}

void start_over(Watch& watch, WallTime at, std::vector<ObservedTime>& decided) {
    if (!watch.suspect_since) {
        return;
    }
    settle(watch, at, decided);
    if (auto const since = std::exchange(watch.suspect_since, std::nullopt)) {
        give(*since, at, false, decided);
    }
}

void set_maintenance(Watch& watch, WallTime at, bool on, std::vector<ObservedTime>& decided) {
    if (watch.maintenance == on) {
        return;
    }
    settle(watch, at, decided);
    watch.maintenance = on;
    if (watch.last_at) {
        follow_run(watch, at, watch.last, decided);
        auto const left = *watch.last_at + watch.last_reach - at;
        watch.last_at = at;
        watch.last_reach = std::clamp(left, Millis(0), watch.last_reach);
    }
}

void lose_sight(Watch& watch, WallTime at, std::vector<ObservedTime>& decided) {
    settle(watch, at, decided);
    if (auto const since = std::exchange(watch.suspect_since, std::nullopt)) {
        give(*since, std::min(at, *watch.last_at + watch.last_reach), false, decided);
    }
    watch.last_reach = Millis(0);
    watch.last = Observed::not_down;
}

std::vector<ObservedTime> time_up_to(Watch watch, WallTime at) {
    std::vector<ObservedTime> decided;
    lose_sight(watch, at, decided);
    return decided;
}

}  // namespace muster
