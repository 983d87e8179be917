#include <muster/domain/health.hpp>

#include <algorithm>

namespace muster {

bool passes(Outcome const& outcome) noexcept {
    return outcome.verdict == Verdict::passed && outcome.word != BodyWord::down;
}

Micros normal_below(HealthStatus status, HealthPolicy const& policy) noexcept {
    constexpr std::uint32_t kMost = 99;  // at 100 no answer would be fast enough
    Micros const threshold = policy.degraded_above;
    if (status != HealthStatus::degraded) {
        return threshold;
    }
    return threshold * (100 - std::min(policy.hysteresis_percent, kMost)) / 100;
}

namespace {

/// What a passing check says by its own measure.
HealthStatus measured(HealthStatus from, Outcome const& outcome,
                      HealthPolicy const& policy) noexcept {
    bool const slow = outcome.response_time >= normal_below(from, policy);
    return slow || outcome.word == BodyWord::degraded ? HealthStatus::degraded : HealthStatus::up;
}

Cause cause_of_pass(HealthStatus from, HealthStatus to, Outcome const& outcome,
                    HealthPolicy const& policy) noexcept {
    if (to == HealthStatus::degraded) {
        return outcome.response_time >= policy.degraded_above ? Cause::slow
                                                              : Cause::body_says_degraded;
    }
    return from == HealthStatus::degraded ? Cause::normal_again : Cause::passed;
}

Millis quick_retry(std::uint32_t failures, Millis interval) noexcept {
    constexpr std::uint32_t kLongest = 2;  // 2^2 = 4 s
    auto const exponent = std::min(failures - 1, kLongest);
    return std::min(interval, Millis(1000U << exponent));
}

/// What makes a service down that has just failed; nothing: it is not.
std::optional<Cause> enough_failures(std::uint32_t in_a_row, RecentResults recent,
                                     HealthPolicy const& policy) noexcept {
    auto const [failures, of] = policy.failures_of;
    if (of == 0) {
        return in_a_row >= policy.failure_threshold ? std::optional(Cause::failures) : std::nullopt;
    }
    recent.add(true);
    return recent.failures(of) >= failures ? std::optional(Cause::failures_of_last) : std::nullopt;
}

Step step_failed(HealthState state, HealthPolicy const& policy, Circumstances circumstances) {
    Step result{state, std::nullopt, std::nullopt};
    result.next.passes = 0;
    if (circumstances.grace && state.status != HealthStatus::down) {
        result.next.failures = 0;
        return result;
    }
    result.next.failures = state.failures + 1;
    if (state.status == HealthStatus::down) {
        return result;
    }
    auto const cause = enough_failures(result.next.failures, circumstances.recent, policy);
    if (cause) {
        result.next.status = HealthStatus::down;
        result.change = StatusChange{state.status, HealthStatus::down, *cause};
        return result;
    }
    result.retry_in = quick_retry(result.next.failures, policy.interval);
    return result;
}

Step step_passed(HealthState state, Outcome const& outcome, HealthPolicy const& policy) {
    Step result{state, std::nullopt, std::nullopt};
    result.next.failures = 0;
    result.next.passes = state.passes + 1;
    bool const must_rise =
        state.status == HealthStatus::unknown || state.status == HealthStatus::down;
    if (must_rise && result.next.passes < policy.success_threshold) {
        return result;
    }
    auto const to = measured(state.status, outcome, policy);
    if (to != state.status) {
        result.next.status = to;
        result.change =
            StatusChange{state.status, to, cause_of_pass(state.status, to, outcome, policy)};
    }
    return result;
}

}  // namespace

Step step(HealthState state, Outcome const& outcome, HealthPolicy const& policy,
          Circumstances circumstances) {
    if (outcome.verdict == Verdict::not_counted) {
        // What it interrupted goes on: a run of failures is still looked at quickly.
        bool const falling = state.failures > 0 && state.status != HealthStatus::down;
        return {
            state, std::nullopt,
            falling ? std::optional(quick_retry(state.failures, policy.interval)) : std::nullopt};
    }
    return passes(outcome) ? step_passed(state, outcome, policy)
                           : step_failed(state, policy, circumstances);
}

HealthStatus status_by_itself(Outcome const& outcome, HealthPolicy policy) {
    policy.failure_threshold = 1;
    policy.success_threshold = 1;
    policy.failures_of = {};
    return step({}, outcome, policy).next.status;
}

}  // namespace muster
