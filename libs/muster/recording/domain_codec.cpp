#include <muster/recording/domain_codec.hpp>

#include <algorithm>
#include <string>
#include <utility>
#include <variant>
#include <vector>

#include <muster/recording/compact_lists.hpp>
#include <muster/recording/probe_codec.hpp>

namespace muster::compact {
namespace {

constexpr std::uint8_t kServiceVersion = 2;
constexpr std::uint8_t kProjectVersion = 2;

/// The version that brought what a probe expects, dependencies, and the wider policy.
constexpr std::uint8_t kTruth = 2;

/// Stored values: do not renumber.
enum class ProbeKind : std::uint8_t { http = 1, tcp = 2, own = 3 };

/// In the order of the bits of the mask, which is stored.
constexpr Micros Phases::*kPhases[] = {&Phases::dns, &Phases::connect, &Phases::tls,
                                       &Phases::first_byte, &Phases::transfer};

template <class Tag>
void put_id(Writer& out, Id<Tag> id) {
    out.signed_number(id.value);
}

struct PutProbe {
    Writer& out;

    void operator()(HttpProbeSpec const& spec) const {
        out.symbol(ProbeKind::http);
        put(out, spec.url);
        put_http_probe(out, spec);
    }
    void operator()(TcpProbeSpec const& spec) const {
        out.symbol(ProbeKind::tcp);
        out.text(spec.endpoint.host);
        out.unsigned_number(spec.endpoint.port);
        out.symbol(spec.ip);
    }
    void operator()(OwnProbeSpec const& spec) const {
        out.symbol(ProbeKind::own);
        out.text(spec.kind);
        out.text(spec.target);
        out.text(spec.host);
        put_texts(out, spec.settings);
    }
};

ProbeSpec get_probe(Reader& in, std::uint8_t version) {
    switch (static_cast<ProbeKind>(in.byte())) {
        case ProbeKind::http: {
            HttpProbeSpec spec;
            spec.url = get_url(in);
            if (version >= kTruth) {
                get_http_probe(in, spec);
            }
            return spec;
        }
        case ProbeKind::tcp: {
            TcpProbeSpec spec;
            spec.endpoint.host = in.text();
            spec.endpoint.port = in.narrow<std::uint16_t>();
            if (version >= kTruth) {
                spec.ip = in.symbol<IpFamily>();
            }
            return spec;
        }
        case ProbeKind::own: {
            OwnProbeSpec spec;
            spec.kind = in.text();
            spec.target = in.text();
            spec.host = in.text();
            spec.settings = get_texts(in);
            return spec;
        }
    }
    in.fail();
    return {};
}

void put(Writer& out, HealthPolicy const& policy) {
    out.unsigned_number(policy.failure_threshold);
    out.unsigned_number(policy.success_threshold);
    out.millis(policy.degraded_above);
    out.millis(policy.interval);
    out.millis(policy.timeout);
    out.unsigned_number(policy.failures_of.failures);
    out.unsigned_number(policy.failures_of.of);
    out.unsigned_number(policy.hysteresis_percent);
    out.millis(policy.grace);
}

HealthPolicy get_policy(Reader& in, std::uint8_t version) {
    HealthPolicy policy;
    policy.failure_threshold = in.narrow<std::uint32_t>();
    policy.success_threshold = in.narrow<std::uint32_t>();
    policy.degraded_above = in.millis();
    policy.interval = in.millis();
    policy.timeout = in.millis();
    if (version >= kTruth) {
        policy.failures_of.failures = in.narrow<std::uint32_t>();
        policy.failures_of.of = in.narrow<std::uint32_t>();
        policy.hysteresis_percent = in.narrow<std::uint32_t>();
        policy.grace = in.millis();
    }
    return policy;
}

void put(Writer& out, ServiceMatch const& match) {
    put_list(out, match.projects);
    put_list(out, match.services);
    put_items(out, match.types, [&out](ServiceType type) { out.symbol(type); });
    put_list(out, match.tags);
    put_list(out, match.groups);
    put_optional(out, match.critical, [&out](bool critical) { out.flag(critical); });
}

ServiceMatch get_match(Reader& in) {
    ServiceMatch match;
    match.projects = get_list(in);
    match.services = get_list(in);
    match.types = get_items<ServiceType>(in, 1, [&in] { return in.symbol<ServiceType>(); });
    match.tags = get_list(in);
    match.groups = get_list(in);
    match.critical = get_optional(in, [&in] { return in.flag(); });
    return match;
}

}  // namespace

void put(Writer& out, HealthState const& state) {
    out.symbol(state.status);
    out.unsigned_number(state.failures);
    out.unsigned_number(state.passes);
}

HealthState get_health_state(Reader& in) {
    HealthState state;
    state.status = in.symbol<HealthStatus>();
    state.failures = in.narrow<std::uint32_t>();
    state.passes = in.narrow<std::uint32_t>();
    return state;
}

std::uint8_t phases_mask(Phases const& phases) noexcept {
    unsigned mask = 0;
    unsigned bit = 1;
    for (auto const phase : kPhases) {
        mask |= phases.*phase == Phases::kNone ? 0U : bit;
        bit <<= 1U;
    }
    return static_cast<std::uint8_t>(mask);
}

void put_phases(Writer& out, Phases const& phases) {
    for (auto const phase : kPhases) {
        if (phases.*phase != Phases::kNone) {
            out.micros(phases.*phase);
        }
    }
}

Phases get_phases(Reader& in, std::uint8_t mask) {
    Phases phases;
    for (auto const phase : kPhases) {
        if ((mask & 1U) != 0) {
            phases.*phase = in.micros();
        }
        mask = static_cast<std::uint8_t>(mask >> 1U);
    }
    return phases;
}

void put(Writer& out, DecidingResult const& result) {
    out.wall(result.at);
    out.millis(result.response_time);
    out.text(result.error, kMaxOutcomeText);
}

DecidingResult get_deciding(Reader& in) {
    DecidingResult result;
    result.at = in.wall();
    result.response_time = in.millis();
    result.error = in.text();
    return result;
}

void put(Writer& out, Reason const& reason) {
    out.symbol(reason.cause);
    out.unsigned_number(reason.count);
    out.unsigned_number(reason.threshold);
    out.millis(reason.response_time);
    out.millis(reason.degraded_above);
    out.unsigned_number(reason.http_status);
    out.byte(phases_mask(reason.phases));
    put_phases(out, reason.phases);
    out.text(reason.error, kMaxOutcomeText);
    auto const deciding = std::min(reason.deciding.size(), Reason::kMaxDeciding);
    out.unsigned_number(deciding);
    for (std::size_t index = 0; index < deciding; ++index) {
        put(out, reason.deciding[index]);
    }
    if (reason.of != 0 || reason.normal_below != Millis(0) || !reason.root.empty()) {
        out.unsigned_number(reason.of);
        out.millis(reason.normal_below);
        out.text(reason.root, kMaxItemText);
    }
}

Reason get_reason(Reader& in) {
    Reason reason;
    reason.cause = in.symbol<Cause>();
    reason.count = in.narrow<std::uint32_t>();
    reason.threshold = in.narrow<std::uint32_t>();
    reason.response_time = in.millis();
    reason.degraded_above = in.millis();
    reason.http_status = in.narrow<std::uint16_t>();
    auto const mask = in.byte();
    reason.phases = get_phases(in, mask);
    reason.error = in.text();
    reason.deciding.resize(in.count(3));
    for (auto& result : reason.deciding) {
        result = get_deciding(in);
    }
    if (in.left() > 0) {
        reason.of = in.narrow<std::uint32_t>();
        reason.normal_below = in.millis();
        reason.root = in.text();
    }
    return reason;
}

void put(Writer& out, ProjectMetrics const& metrics) {
    auto const& sample = metrics.sample;
    put_id(out, metrics.project);
    out.wall(metrics.at);
    out.real(sample.requests_per_second);
    out.real(sample.error_rate);
    out.real(sample.error_count);
    out.real(sample.memory_usage_percent);
    out.real(sample.cpu_usage_percent);
    out.real(sample.database_query_time_ms);
    auto left = std::min(sample.api_usage.size(), kMaxItems);
    out.unsigned_number(left);
    for (auto const& [name, used] : sample.api_usage) {
        if (left-- == 0) {
            break;
        }
        out.text(name, kMaxItemText);
        out.real(used);
    }
}

ProjectMetrics get_metrics(Reader& in) {
    ProjectMetrics metrics;
    auto& sample = metrics.sample;
    metrics.project.value = in.signed_number();
    metrics.at = in.wall();
    sample.requests_per_second = in.real();
    sample.error_rate = in.real();
    sample.error_count = in.real();
    sample.memory_usage_percent = in.real();
    sample.cpu_usage_percent = in.real();
    sample.database_query_time_ms = in.real();
    for (auto left = in.count(9); left > 0; --left) {
        auto name = in.text();
        auto const used = in.real();
        sample.api_usage.emplace_hint(sample.api_usage.end(), std::move(name), used);
    }
    return metrics;
}

void put(Writer& out, Service const& service) {
    out.byte(kServiceVersion);
    put_id(out, service.id);
    put_id(out, service.project_id);
    out.fixed64(service.identity);
    out.symbol(service.owner);
    out.wall(service.created_at);
    out.wall(service.updated_at);
    auto const& spec = service.spec;
    out.text(spec.project);
    out.text(spec.name);
    out.symbol(spec.type);
    std::visit(PutProbe{out}, spec.probe);
    out.symbol(spec.connection);
    put(out, spec.policy);
    out.flag(spec.critical);
    put_list(out, spec.tags);
    out.text(spec.group);
    put_items(out, spec.depends_on, [&out](Dependency const& dependency) {
        out.text(dependency.project, kMaxItemText);
        out.text(dependency.service, kMaxItemText);
        out.flag(dependency.optional);
    });
    out.text(spec.formerly);
    put_texts(out, spec.metadata);
    put_list(out, spec.capabilities);
    out.text(spec.version);
    put_optional(out, spec.port, [&out](std::uint16_t port) { out.unsigned_number(port); });
    out.text(spec.container_id);
}

Service get_service(Reader& in, Versions& versions) {
    Service service;
    auto const version = versions.read(in, kServiceVersion);
    service.id.value = in.signed_number();
    service.project_id.value = in.signed_number();
    service.identity = in.fixed64();
    service.owner = in.symbol<Owner>();
    service.created_at = in.wall();
    service.updated_at = in.wall();
    auto& spec = service.spec;
    spec.project = in.text();
    spec.name = in.text();
    spec.type = in.symbol<ServiceType>();
    spec.probe = get_probe(in, version);
    spec.connection = in.symbol<ConnectionPolicy>();
    spec.policy = get_policy(in, version);
    spec.critical = in.flag();
    spec.tags = get_list(in);
    spec.group = in.text();
    if (version >= kTruth) {
        spec.depends_on = get_items<Dependency>(in, 3, [&in] {
            Dependency dependency;
            dependency.project = in.text();
            dependency.service = in.text();
            dependency.optional = in.flag();
            return dependency;
        });
        spec.formerly = in.text();
        spec.metadata = get_texts(in);
        spec.capabilities = get_list(in);
        spec.version = in.text();
        spec.port = get_optional(in, [&in] { return in.narrow<std::uint16_t>(); });
        spec.container_id = in.text();
    }
    return service;
}

void put(Writer& out, Project const& project) {
    out.byte(kProjectVersion);
    put_id(out, project.id);
    out.symbol(project.owner);
    out.wall(project.created_at);
    out.wall(project.updated_at);
    auto const& spec = project.spec;
    out.text(spec.name);
    put(out, spec.url);
    out.text(spec.description);
    out.flag(spec.critical);
    put_list(out, spec.tags);
    out.text(spec.group);
    put_optional(out, spec.metrics, [&out](MetricsSpec const& metrics) {
        put(out, metrics.url);
        out.millis(metrics.interval);
        out.millis(metrics.timeout);
        put_texts(out, metrics.map);
    });
    out.text(spec.formerly);
    out.text(spec.status_path);
    out.text(spec.logs_path);
}

Project get_project(Reader& in, Versions& versions) {
    Project project;
    auto const version = versions.read(in, kProjectVersion);
    project.id.value = in.signed_number();
    project.owner = in.symbol<Owner>();
    project.created_at = in.wall();
    project.updated_at = in.wall();
    auto& spec = project.spec;
    spec.name = in.text();
    spec.url = get_url(in);
    spec.description = in.text();
    spec.critical = in.flag();
    spec.tags = get_list(in);
    spec.group = in.text();
    spec.metrics = get_optional(in, [&in, version] {
        MetricsSpec metrics;
        metrics.url = get_url(in);
        metrics.interval = in.millis();
        metrics.timeout = in.millis();
        if (version >= kTruth) {
            metrics.map = get_texts(in);
        }
        return metrics;
    });
    if (version >= kTruth) {
        spec.formerly = in.text();
        spec.status_path = in.text();
        spec.logs_path = in.text();
    }
    return project;
}

void put(Writer& out, Maintenance const& window) {
    put_id(out, window.id);
    out.symbol(window.owner);
    out.wall(window.created_at);
    auto const& spec = window.spec;
    put(out, spec.match);
    auto const put_wall = [&out](WallTime time) { out.wall(time); };
    put_optional(out, spec.from, put_wall);
    put_optional(out, spec.until, put_wall);
    put_optional(out, spec.weekly, [&out](WeeklyWindow const& weekly) {
        out.symbol(weekly.day);
        out.unsigned_number(weekly.from_minute);
        out.unsigned_number(weekly.to_minute);
        out.text(weekly.zone, kMaxItemText);
    });
    out.text(spec.why);
}

Maintenance get_maintenance(Reader& in) {
    Maintenance window;
    window.id.value = in.signed_number();
    window.owner = in.symbol<Owner>();
    window.created_at = in.wall();
    auto& spec = window.spec;
    spec.match = get_match(in);
    auto const get_wall = [&in] { return in.wall(); };
    spec.from = get_optional(in, get_wall);
    spec.until = get_optional(in, get_wall);
    spec.weekly = get_optional(in, [&in] {
        WeeklyWindow weekly;
        weekly.day = in.symbol<Weekday>();
        weekly.from_minute = in.narrow<std::uint16_t>();
        weekly.to_minute = in.narrow<std::uint16_t>();
        weekly.zone = in.text();
        return weekly;
    });
    spec.why = in.text();
    return window;
}

}  // namespace muster::compact
