#include <muster/hub/hub_impl.hpp>

#include <optional>
#include <string>
#include <utility>

namespace muster {

void Hub::Impl::check_now(ServiceId id, HubCommands::Wait wait, HubCommands::CheckDone done) {
    if (!condition.started || stopping) {
        done(failure(Errc::unavailable, "the hub is stopping"));
    } else if (!fleet.check_now(id)) {
        done(failure(Errc::not_found, "no service " + std::to_string(id.value)));
    } else if (wait == HubCommands::Wait::started) {
        done(std::nullopt);
    } else {
        awaited.wait_for(id, std::move(done));
    }
}

void Hub::Impl::checked(Service const& service, Tracker const& tracker, Judged const& judged) {
    auto const& result = judged.result;
    learned(result);
    awaited.heard(result);
    probes.count(kind_of(service.spec.probe), result.outcome);
    watch_ourselves(service, result);
    view.set_service(service, tracker, result.accepted_at, &result.outcome);
    if (auto transition = transition_of(service, judged)) {
        tell_transition(service, *std::move(transition));
    }
    if (judged.flapping) {
        overlays.flapping(service, tracker, *judged.flapping, result.accepted_at);
    }
    if (tracker.running) {
        collector.passed(service.project_id);
    } else if (result.outcome.verdict != Verdict::not_counted &&
               (judged.change || tracker.health.status != HealthStatus::down)) {
        // Of one that is long down nobody need be asked.
        overlays.suspect_dependencies(service, result);
    }
}

/// In the journal and in the log.
void Hub::Impl::note_transition(Service const& service, Transition& transition) {
    bool const down = transition.to == HealthStatus::down;
    if (down) {
        transition.reason.root = overlays.root_cause(service.id);
    }
    learned(transition);
    ports.log.write(down ? LogLevel::warn : LogLevel::info,
                    service.spec.project + "/" + service.spec.name, describe(transition));
}

void Hub::Impl::tell_transition(Service const& service, Transition transition) {
    note_transition(service, transition);
    bool const down = transition.to == HealthStatus::down;
    bool const was_down = transition.from == HealthStatus::down;
    auto const error = transition.reason.error;
    view.add_transition(std::move(transition));
    if (down || was_down) {
        overlays.went(service.id, down, error);
    }
}

/// Checks in a row that fail by our own fault are a problem of the hub: told once, and when it
/// ends.
void Hub::Impl::watch_ourselves(Service const& service, CheckResult const& result) {
    if (!own_faults.touched_by(result.outcome)) {
        return;
    }
    bool const remote = is_remote(service.spec.probe);
    for (auto& told : own_faults.take(result.outcome, remote)) {
        problem(std::string(part_of(told.fault)), std::move(told.description), told.over,
                result.accepted_at);
    }
}

void Hub::Impl::collected(ProjectMetrics metrics) {
    learned(metrics);
    view.add_metrics(std::move(metrics));
}

/// A project without metrics is none that is wrong.
void Hub::Impl::not_collected(std::string_view project, Error const& error) {
    auto const level = error.code == Errc::not_found ? LogLevel::debug : LogLevel::warn;
    ports.log.write(level, project, "metrics: " + error.message);
}

}  // namespace muster
