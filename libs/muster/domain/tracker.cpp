#include <muster/domain/tracker.hpp>

#include <algorithm>
#include <utility>

namespace muster {
namespace {

Millis in_millis(Micros time) {
    return std::chrono::round<Millis>(time);
}

/// What the newest check says about availability, as things stand.
Observed seen_as(Tracker const& tracker) noexcept {
    auto const& health = tracker.health;
    bool const down = health.status == HealthStatus::down;
    if (!down && health.failures == 0) {
        return tracker.running ? Observed::not_down : Observed::excused;  // within the grace
    }
    if (tracker.overlays.has(Overlay::maintenance)) {
        return Observed::excused;
    }
    return down ? Observed::down : Observed::suspect;
}

bool must_rise(HealthStatus status) noexcept {
    return status == HealthStatus::unknown || status == HealthStatus::down;
}

/// Whether results still lead somewhere: failures towards down, passes towards a rise.
bool run_is_open(HealthState const& state) noexcept {
    bool const falling = state.failures > 0 && state.status != HealthStatus::down;
    bool const rising = state.passes > 0 && must_rise(state.status);
    return falling || rising;
}

void append(std::vector<DecidingResult>& run, CheckResult const& result) {
    if (run.size() == Reason::kMaxDeciding) {
        run.erase(run.begin());
    }
    run.push_back(
        {result.started_at, in_millis(result.outcome.response_time), result.outcome.error});
}

void extend_run(std::vector<DecidingResult>& run, CheckResult const& result) {
    bool const continues = result.after.failures > 1 || result.after.passes > 1;
    if (!continues) {
        run.clear();
    }
    append(run, result);
}

/// Of failures among the last so many, passes in between do not end the run.
void extend_window(Tracker& tracker, CheckResult const& result, std::uint32_t of) {
    auto& run = tracker.run;
    bool const excused = !tracker.running && tracker.health.failures == 0;
    bool const leads = tracker.health.failures > 0 || must_rise(tracker.health.status);
    if (leads && !excused) {
        append(run, result);
    }
    auto const most = tracker.recent.failures(of);
    while (!must_rise(tracker.health.status) && run.size() > most) {
        run.erase(run.begin());
    }
}

/// The run goes on with a result that changed no status.
void follow_run(Tracker& tracker, CheckResult const& result, HealthPolicy const& policy) {
    if (policy.failures_of.of > 0 && tracker.health.status != HealthStatus::down) {
        extend_window(tracker, result, policy.failures_of.of);
    } else if (run_is_open(result.after)) {
        extend_run(tracker.run, result);
    } else {
        tracker.run.clear();
    }
}

/// The run that ends with a result that changed the status; another begins.
std::vector<DecidingResult> end_run(Tracker& tracker, CheckResult const& result, bool window) {
    auto& run = tracker.run;
    if (!window) {
        extend_run(run, result);
        return std::exchange(run, {});
    }
    append(run, result);
    // Of the mixed results of a window those that decided: all failures, or the passes at its end.
    auto const passed = [](DecidingResult const& one) { return one.error.empty(); };
    if (result.after.status == HealthStatus::down) {
        run.erase(std::remove_if(run.begin(), run.end(), passed), run.end());
    } else {
        auto const last_failure = std::find_if_not(run.rbegin(), run.rend(), passed);
        run.erase(run.begin(), last_failure.base());
    }
    return std::exchange(run, {});
}

/// What judging and restoring have in common: the tracker takes a result that counts.
void take(Tracker& tracker, CheckResult const& result, HealthPolicy const& policy) {
    auto const before = tracker.health.status;
    tracker.health = result.after;
    tracker.last_check = result.started_at;
    tracker.response_time = in_millis(result.outcome.response_time);
    tracker.running = passes(result.outcome);
    bool const excused = !tracker.running && result.after.failures == 0;
    if (!excused) {
        tracker.recent.add(!tracker.running);
    }
    // To be known at last is no unrest.
    tracker.restlessness.add(before != HealthStatus::unknown && before != result.after.status);
    tracker.availability.observe(result.accepted_at, seen_as(tracker),
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

Reason explain(StatusChange const& change, Tracker const& tracker, CheckResult const& result,
               HealthPolicy const& policy, std::vector<DecidingResult> deciding) {
    Reason reason;
    reason.cause = change.cause;
    bool const fell = change.to == HealthStatus::down;
    bool const rose =
        !fell && (change.from == HealthStatus::unknown || change.from == HealthStatus::down);
    if (change.cause == Cause::failures_of_last) {
        reason.of = policy.failures_of.of;
        reason.count = tracker.recent.failures(reason.of);
        reason.threshold = policy.failures_of.failures;
    } else {
        reason.count = fell ? result.after.failures : rose ? result.after.passes : 1;
        reason.threshold = fell ? policy.failure_threshold : rose ? policy.success_threshold : 1;
    }
    reason.response_time = in_millis(result.outcome.response_time);
    reason.degraded_above = policy.degraded_above;
    if (change.cause == Cause::normal_again && policy.hysteresis_percent > 0) {
        reason.normal_below = in_millis(normal_below(change.from, policy));
    }
    reason.http_status = result.outcome.http_status;
    reason.phases = result.outcome.phases;
    reason.error = result.outcome.error;
    reason.deciding = std::move(deciding);
    return reason;
}

}  // namespace

Judged judge(Tracker& tracker, ServiceId service, HealthPolicy const& policy, Outcome outcome,
             WallTime started_at, WallTime accepted_at, bool grace) {
    auto const stepped = step(tracker.health, outcome, policy, {tracker.recent, grace});
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
            bool const window =
                policy.failures_of.of > 0 && stepped.change->from != HealthStatus::down;
            auto deciding = end_run(tracker, result, window);
            judged.change = ExplainedChange{
                stepped.change->from, stepped.change->to,
                explain(*stepped.change, tracker, result, policy, std::move(deciding))};
        } else {
            follow_run(tracker, result, policy);
        }
        bool const flapped = tracker.overlays.has(Overlay::flapping);
        bool const flaps = tracker.restlessness.flapping(flapped);
        if (flaps != flapped) {
            judged.flapping = flaps;
            tracker.overlays.set(Overlay::flapping, flaps);
        }
    }
    judged.result.uptime_percent = tracker.availability.over_last_day(accepted_at).uptime_percent;
    return judged;
}

void set_overlay(Tracker& tracker, Overlay overlay, bool on, WallTime at) {
    bool const changes = tracker.overlays.has(overlay) != on;
    tracker.overlays.set(overlay, on);
    if (changes && overlay == Overlay::maintenance) {
        tracker.availability.reconsider(at, seen_as(tracker));
    }
}

void start_over(Tracker& tracker, WallTime at) {
    bool const suspect = seen_as(tracker) == Observed::suspect;
    tracker.health.failures = 0;
    tracker.health.passes = 0;
    tracker.recent = {};
    tracker.restlessness = {};
    tracker.run.clear();
    if (suspect) {
        // A clock that was set back must not take the beginning with it.
        tracker.availability.reconsider(std::max(at, tracker.availability.last_at()),
                                        Observed::not_down);
    }
}

void restore(Tracker& tracker, CheckResult const& result, HealthPolicy const& policy) {
    if (result.outcome.verdict == Verdict::not_counted) {
        return;
    }
    bool const changed = tracker.health.status != result.after.status;
    take(tracker, result, policy);
    if (changed) {
        tracker.run.clear();
    } else {
        follow_run(tracker, result, policy);
    }
}

void restore(Tracker& tracker, Transition const& transition) {
    if (tracker.health.status != transition.to) {
        auto const failures =
            transition.to == HealthStatus::down ? transition.reason.count : std::uint32_t{0};
        tracker.health = {transition.to, failures, 0};
        tracker.run.clear();
    }
}

}  // namespace muster
