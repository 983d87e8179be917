#include <muster/domain/tracker.hpp>

#include <utility>

#include <muster/domain/watch.hpp>

namespace muster {
namespace {

Millis in_millis(Micros time) {
    return std::chrono::round<Millis>(time);
}

/// Whether results still lead somewhere: failures towards down, passes towards a rise.
bool run_is_open(HealthState const& state) noexcept {
    bool const falling = state.failures > 0 && state.status != HealthStatus::down;
    bool const rising = state.passes > 0 && (state.status == HealthStatus::unknown ||
                                             state.status == HealthStatus::down);
    return falling || rising;
}

void extend_run(std::vector<DecidingResult>& run, CheckResult const& result) {
    bool const continues = result.after.failures > 1 || result.after.passes > 1;
    if (!continues) {
        run.clear();
    }
    if (run.size() == Reason::kMaxDeciding) {
        run.erase(run.begin());
    }
    run.push_back(
        {result.started_at, in_millis(result.outcome.response_time), result.outcome.error});
}

/// What judging and restoring have in common: the tracker takes a result that counts.
void take(Tracker& tracker, CheckResult const& result, HealthPolicy const& policy) {
    tracker.health = result.after;
    tracker.last_check = result.started_at;
    tracker.response_time = in_millis(result.outcome.response_time);
    tracker.running = result.after.failures == 0;
    tracker.availability.observe(result.accepted_at, observed_as(result.after),
                                 2 * policy.interval + policy.timeout);
}

/// A failed check always says why: readers take an empty error for a check that passed.
void put_failure_in_words(CheckResult& result) {
    auto& outcome = result.outcome;
    bool const failed = outcome.verdict == Verdict::failed || outcome.word == BodyWord::down;
    if (failed && outcome.verdict != Verdict::not_counted && outcome.error.empty()) {
        outcome.error = outcome.word == BodyWord::down ? "says that it is down" : "failed";
    }
}

Reason explain(StatusChange const& change, CheckResult const& result, HealthPolicy const& policy,
               std::vector<DecidingResult> deciding) {
    Reason reason;
    reason.cause = change.cause;
    bool const fell = change.to == HealthStatus::down;
    bool const rose =
        !fell && (change.from == HealthStatus::unknown || change.from == HealthStatus::down);
    reason.count = fell ? result.after.failures : rose ? result.after.passes : 1;
    reason.threshold = fell ? policy.failure_threshold : rose ? policy.success_threshold : 1;
    reason.response_time = in_millis(result.outcome.response_time);
    reason.degraded_above = policy.degraded_above;
    reason.http_status = result.outcome.http_status;
    reason.phases = result.outcome.phases;
    reason.error = result.outcome.error;
    reason.deciding = std::move(deciding);
    return reason;
}

}  // namespace

Judged judge(Tracker& tracker, ServiceId service, HealthPolicy const& policy, Outcome outcome,
             WallTime started_at, WallTime accepted_at) {
    auto const stepped = step(tracker.health, outcome, policy);
    Judged judged;
    judged.retry_in = stepped.retry_in;
    judged.result.service = service;
    judged.result.started_at = started_at;
    judged.result.accepted_at = accepted_at;
    judged.result.outcome = std::move(outcome);
    judged.result.after = stepped.next;
    put_failure_in_words(judged.result);
    auto const& result = judged.result;
    if (result.outcome.verdict != Verdict::not_counted) {
        take(tracker, result, policy);
        if (stepped.change) {
            extend_run(tracker.run, result);
            judged.change = ExplainedChange{
                stepped.change->from, stepped.change->to,
                explain(*stepped.change, result, policy, std::exchange(tracker.run, {}))};
        } else if (run_is_open(result.after)) {
            extend_run(tracker.run, result);
        } else {
            tracker.run.clear();
        }
    }
    judged.result.uptime_percent = tracker.availability.over_last_day(accepted_at).uptime_percent;
    return judged;
}

void restore(Tracker& tracker, CheckResult const& result, HealthPolicy const& policy) {
    if (result.outcome.verdict == Verdict::not_counted) {
        return;
    }
    bool const changed = tracker.health.status != result.after.status;
    take(tracker, result, policy);
    if (!changed && run_is_open(result.after)) {
        extend_run(tracker.run, result);
    } else {
        tracker.run.clear();
    }
}

}  // namespace muster
