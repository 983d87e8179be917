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

/// Decides the time from the last result to `at`, as far as that result reaches.
void settle(Watch& watch, WallTime at, std::vector<ObservedTime>& decided) {
    if (!watch.last_at) {
        return;
    }
    auto const reached = std::min(at, *watch.last_at + watch.last_reach);
    if (watch.last != Observed::suspect) {
        give(*watch.last_at, reached, watch.last == Observed::down, decided);
    } else if (reached < at && watch.suspect_since) {
        // We stopped looking during a run of failures: our absence is no evidence.
        give(*watch.suspect_since, reached, false, decided);
        watch.suspect_since.reset();
    }
}

}  // namespace

Observed observed_as(HealthState const& after) noexcept {
    if (after.status == HealthStatus::down) {
        return Observed::down;
    }
    return after.failures > 0 ? Observed::suspect : Observed::not_down;
}

void observe(Watch& watch, WallTime at, Observed what, std::vector<ObservedTime>& decided) {
    settle(watch, at, decided);
    if (what == Observed::suspect) {
        if (!watch.suspect_since) {
            watch.suspect_since = at;
        }
    } else if (auto const since = std::exchange(watch.suspect_since, std::nullopt)) {
        give(*since, at, what == Observed::down, decided);
    }
    watch.last_at = at;
    watch.last_reach = watch.reach;
    watch.last = what;
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
