#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <variant>
#include <vector>

#include <rapidcheck.h>

#include <muster/domain/record.hpp>
#include <muster/domain/tracker.hpp>

namespace muster::testing {

template <class T>
T any() {
    return *rc::gen::arbitrary<T>();
}

template <class E>
E any_of_enum() {
    constexpr auto kNames = enum_names(E{});
    auto const index = *rc::gen::inRange<std::size_t>(0, kNames.size());
    return kNames[index].first;
}

inline std::string any_text() {
    return *rc::gen::string<std::string>();
}

inline WallTime any_wall() {
    return WallTime(Millis(any<std::int64_t>()));
}

inline Micros any_micros() {
    return Micros(any<std::int64_t>());
}

inline Millis any_millis() {
    return Millis(any<std::int64_t>());
}

inline Phases any_phases() {
    auto const phase = [] { return any<bool>() ? any_micros() : Phases::kNone; };
    Phases phases;
    phases.dns = phase();
    phases.connect = phase();
    phases.tls = phase();
    phases.first_byte = phase();
    phases.transfer = phase();
    return phases;
}

template <class T>
std::optional<T> maybe(T value) {
    return any<bool>() ? std::optional<T>(std::move(value)) : std::nullopt;
}

inline HealthState any_health_state() {
    return {any_of_enum<HealthStatus>(), any<std::uint32_t>(), any<std::uint32_t>()};
}

inline CheckResult any_result() {
    CheckResult result;
    result.service.value = any<std::int64_t>();
    result.started_at = any_wall();
    result.accepted_at = any_wall();
    auto& outcome = result.outcome;
    outcome.verdict = any_of_enum<Verdict>();
    outcome.word = any_of_enum<BodyWord>();
    outcome.connection = any<bool>() ? ConnectionUse::reused : ConnectionUse::fresh;
    outcome.http_status = any<std::uint16_t>();
    outcome.response_time = any_micros();
    outcome.phases = any_phases();
    outcome.error = any_text();
    outcome.note = any_text();
    outcome.certificate_expires = maybe(any_wall());
    outcome.tls_resumed = any<bool>();
    outcome.own_fault = any_of_enum<OwnFault>();
    if (any<bool>()) {
        outcome.endpoints_total = *rc::gen::inRange<std::uint16_t>(1, 100);
        outcome.endpoints_healthy = any<std::uint16_t>();
    }
    result.after = any_health_state();
    result.uptime_percent = any<bool>() ? 100.0 : any<double>();
    return result;
}

inline std::vector<DecidingResult> any_run() {
    std::vector<DecidingResult> run(*rc::gen::inRange<std::size_t>(0, Reason::kMaxDeciding + 1));
    for (auto& result : run) {
        result = {any_wall(), any_millis(), any_text()};
    }
    return run;
}

inline Transition any_transition() {
    Transition transition;
    transition.service.value = any<std::int64_t>();
    transition.project = any_text();
    transition.name = any_text();
    transition.from = any_of_enum<HealthStatus>();
    transition.to = any_of_enum<HealthStatus>();
    transition.at = any_wall();
    auto& reason = transition.reason;
    reason.cause = any_of_enum<Cause>();
    reason.count = any<std::uint32_t>();
    reason.threshold = any<std::uint32_t>();
    if (any<bool>()) {
        reason.of = any<std::uint32_t>();
        reason.normal_below = any_millis();
        reason.root = any_text();
    }
    reason.response_time = any_millis();
    reason.degraded_above = any_millis();
    reason.http_status = any<std::uint16_t>();
    reason.phases = any_phases();
    reason.error = any_text();
    reason.deciding = any_run();
    return transition;
}

inline ProjectMetrics any_metrics() {
    ProjectMetrics metrics;
    metrics.project.value = any<std::int64_t>();
    metrics.at = any_wall();
    auto& sample = metrics.sample;
    sample.requests_per_second = any<double>();
    sample.error_rate = any<double>();
    sample.error_count = any<double>();
    sample.memory_usage_percent = any<double>();
    sample.cpu_usage_percent = any<double>();
    sample.database_query_time_ms = any<double>();
    sample.api_usage = any<std::map<std::string, double>>();
    return metrics;
}

inline Url any_url() {
    return {any_text(), any_text(), any<std::uint16_t>(), any_text(), any_text()};
}

inline JsonScalar any_scalar() {
    switch (*rc::gen::inRange(0, 4)) {
        case 0:
            return {};
        case 1:
            return any<bool>();
        case 2:
            return any<double>();
        default:
            return any_text();
    }
}

inline HttpProbeSpec any_http_probe() {
    HttpProbeSpec spec{any_url()};
    spec.more_urls = *rc::gen::container<std::vector<Url>>(rc::gen::exec(any_url));
    spec.method = any_of_enum<HttpMethod>();
    if (any<bool>()) {
        spec.headers = {{any_text(), any_text()}, {any_text(), any_text()}};
    }
    spec.body = any_text();
    if (any<bool>()) {
        spec.expect.status = {{any<std::uint16_t>(), any<std::uint16_t>()}};
        spec.expect.json = {{any_text(), any_of_enum<JsonTest>(), any_scalar()}};
    }
    spec.expect.body = any_text();
    spec.expect.body_matches = any_text();
    spec.tls = {any<bool>(), any_text(), any_text()};
    spec.fallback = any<bool>();
    spec.redirects = any<std::uint8_t>();
    spec.ip = any_of_enum<IpFamily>();
    return spec;
}

inline ProbeSpec any_probe() {
    switch (*rc::gen::inRange(0, 3)) {
        case 0:
            return any_http_probe();
        case 1:
            return TcpProbeSpec{{any_text(), any<std::uint16_t>()}, any_of_enum<IpFamily>()};
        default:
            return OwnProbeSpec{any_text(), any_text(), any_text(),
                                any<std::map<std::string, std::string>>()};
    }
}

inline Service any_service() {
    Service service;
    service.id.value = any<std::int64_t>();
    service.project_id.value = any<std::int64_t>();
    service.identity = any<std::uint64_t>();
    service.owner = any_of_enum<Owner>();
    service.created_at = any_wall();
    service.updated_at = any_wall();
    auto& spec = service.spec;
    spec.project = any_text();
    spec.name = any_text();
    spec.type = any_of_enum<ServiceType>();
    spec.probe = any_probe();
    spec.connection = any_of_enum<ConnectionPolicy>();
    spec.policy.failure_threshold = any<std::uint32_t>();
    spec.policy.success_threshold = any<std::uint32_t>();
    spec.policy.degraded_above = any_millis();
    spec.policy.interval = any_millis();
    spec.policy.timeout = any_millis();
    spec.policy.failures_of = {any<std::uint32_t>(), any<std::uint32_t>()};
    spec.policy.hysteresis_percent = any<std::uint32_t>();
    spec.policy.grace = any_millis();
    spec.critical = any<bool>();
    spec.tags = any<std::vector<std::string>>();
    spec.group = any_text();
    if (any<bool>()) {
        spec.depends_on = {{any_text(), any_text(), any<bool>()}};
    }
    spec.formerly = any_text();
    spec.metadata = any<std::map<std::string, std::string>>();
    spec.capabilities = any<std::vector<std::string>>();
    spec.version = any_text();
    spec.port = maybe(any<std::uint16_t>());
    spec.container_id = any_text();
    return service;
}

inline Project any_project() {
    Project project;
    project.id.value = any<std::int64_t>();
    project.owner = any_of_enum<Owner>();
    project.created_at = any_wall();
    project.updated_at = any_wall();
    auto& spec = project.spec;
    spec.name = any_text();
    spec.url = any_url();
    spec.description = any_text();
    spec.critical = any<bool>();
    spec.tags = any<std::vector<std::string>>();
    spec.group = any_text();
    if (any<bool>()) {
        spec.metrics = MetricsSpec{any_url(), any_millis(), any_millis(),
                                   any<std::map<std::string, std::string>>()};
    }
    spec.formerly = any_text();
    spec.status_path = any_text();
    spec.logs_path = any_text();
    return project;
}

inline Maintenance any_maintenance() {
    Maintenance window;
    window.id.value = any<std::int64_t>();
    window.owner = any_of_enum<Owner>();
    window.created_at = any_wall();
    auto& match = window.spec.match;
    match.projects = any<std::vector<std::string>>();
    match.services = any<std::vector<std::string>>();
    match.types = {any_of_enum<ServiceType>()};
    match.tags = any<std::vector<std::string>>();
    match.groups = any<std::vector<std::string>>();
    match.critical = maybe(any<bool>());
    window.spec.from = maybe(any_wall());
    window.spec.until = maybe(any_wall());
    if (any<bool>()) {
        window.spec.weekly = WeeklyWindow{any_of_enum<Weekday>(), any<std::uint16_t>(),
                                          any<std::uint16_t>(), any_text()};
    }
    window.spec.why = any_text();
    return window;
}

inline OverlayChanged any_overlay_changed() {
    OverlayChanged changed;
    changed.service.value = any<std::int64_t>();
    changed.project = any_text();
    changed.name = any_text();
    changed.overlay = any_of_enum<Overlay>();
    changed.on = any<bool>();
    changed.why = any_text();
    changed.root = any_text();
    changed.at = any_wall();
    return changed;
}

inline RecordBody any_body() {
    switch (*rc::gen::inRange<std::size_t>(0, std::variant_size_v<RecordBody>)) {
        case 0:
            return any_result();
        case 1:
            return any_transition();
        case 2:
            return any_metrics();
        case 3:
            return ProjectChanged{any_project(), any<bool>()};
        case 4:
            return ProjectRemoved{{any<std::int64_t>()}, any_text(), any_wall()};
        case 5:
            return ServiceChanged{any_service(), any<bool>()};
        case 6:
            return ServiceRemoved{{any<std::int64_t>()}, any_text(), any_text(), any_wall()};
        case 7:
            return HubStarted{any_text(), any_text(), any_wall()};
        case 8:
            return HubStopped{any_wall()};
        case 9:
            return Gap{any<std::uint64_t>(), any<std::uint64_t>(), any_text(), any_text(),
                       any_wall()};
        case 10:
            return HubProblem{any_text(), any_text(), any<bool>(), any_wall()};
        case 11:
            return any_overlay_changed();
        case 12:
            return MaintenanceChanged{any_maintenance(), any<bool>(), any_wall()};
        case 13:
            return MaintenanceRemoved{{any<std::int64_t>()}, any_wall()};
        default:
            return ConfigReloaded{any<std::uint32_t>(), any<std::uint32_t>(), any<std::uint32_t>(),
                                  any_wall()};
    }
}

/// As a life of checks leaves it.
inline Tracker any_tracker() {
    Tracker tracker;
    tracker.health = any_health_state();
    auto at = WallTime(Millis(*rc::gen::inRange<std::int64_t>(0, 4'000'000'000'000)));
    for (auto left = *rc::gen::inRange(0, 60); left > 0; --left) {
        auto const what = static_cast<Observed>(*rc::gen::inRange(0, 4));
        auto const reach = Millis(*rc::gen::inRange(0, 7'200'000));
        tracker.availability.observe(at, what, reach);
        at += Millis(*rc::gen::inRange(-60'000, 7'200'000));
    }
    if (any<bool>()) {
        tracker.last_check = any_wall();
    }
    tracker.response_time = any_millis();
    tracker.running = any<bool>();
    tracker.run = any_run();
    tracker.recent = RecentResults(any<std::uint32_t>());
    tracker.restlessness = Restlessness(any<std::uint32_t>());
    tracker.overlays.set(any_of_enum<Overlay>(), any<bool>());
    return tracker;
}

}  // namespace muster::testing
