#include <muster/domain/rollup.hpp>

#include <algorithm>

namespace muster {

void add_check(Rollup& rollup, HealthStatus after, Micros response_time) {
    auto const took = std::clamp(response_time, Micros(0), Sketch::kLongest);
    switch (after) {
        case HealthStatus::up:
            ++rollup.up;
            break;
        case HealthStatus::degraded:
            ++rollup.degraded;
            break;
        case HealthStatus::down:
            ++rollup.down;
            break;
        case HealthStatus::unknown:
            break;
    }
    rollup.shortest = rollup.checks == 0 ? took : std::min(rollup.shortest, took);
    rollup.longest = std::max(rollup.longest, took);
    rollup.total += took;
    rollup.response_times.record(took);
    ++rollup.checks;
}

void merge(Rollup& into, Rollup const& part, Millis span) {
    if (part.checks > 0) {
        into.shortest = into.checks == 0 ? part.shortest : std::min(into.shortest, part.shortest);
        into.longest = std::max(into.longest, part.longest);
        into.total += part.total;
        into.response_times.merge(part.response_times);
    }
    into.checks += part.checks;
    into.up += part.up;
    into.degraded += part.degraded;
    into.down += part.down;
    into.observed = std::min(into.observed + part.observed, span);
    into.down_time = std::min(into.down_time + part.down_time, into.observed);
}

Micros mean_of(Rollup const& rollup) noexcept {
    if (rollup.checks == 0) {
        return Micros(0);
    }
    return rollup.total / static_cast<std::int64_t>(rollup.checks);
}

Micros quantile_of(Rollup const& rollup, double part) {
    return std::clamp(rollup.response_times.quantile(part), rollup.shortest,
                      std::max(rollup.shortest, rollup.longest));
}

}  // namespace muster
