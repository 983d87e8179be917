#include <muster/recording/domain_codec.hpp>

#include <algorithm>
#include <string>
#include <utility>
#include <variant>
#include <vector>

namespace muster::compact {
namespace {

constexpr std::uint8_t kServiceVersion = 1;
constexpr std::uint8_t kProjectVersion = 1;

/// Stored values: do not renumber.
enum class ProbeKind : std::uint8_t { http = 1, tcp = 2 };

/// In the order of the bits of the mask, which is stored.
constexpr Micros Phases::*kPhases[] = {&Phases::dns, &Phases::connect, &Phases::tls,
                                       &Phases::first_byte, &Phases::transfer};

template <class Tag>
void put_id(Writer& out, Id<Tag> id) {
    out.signed_number(id.value);
}

void put_list(Writer& out, std::vector<std::string> const& items) {
    auto const count = std::min(items.size(), kMaxItems);
    out.unsigned_number(count);
    for (std::size_t index = 0; index < count; ++index) {
        out.text(items[index], kMaxItemText);
    }
}

std::vector<std::string> get_list(Reader& in) {
    std::vector<std::string> items(in.count());
    for (auto& item : items) {
        item = in.text();
    }
    return items;
}

void put(Writer& out, Url const& url) {
    out.text(url.scheme);
    out.text(url.host);
    out.unsigned_number(url.port);
    out.text(url.target);
    out.text(url.user_info);
}

Url get_url(Reader& in) {
    Url url;
    url.scheme = in.text();
    url.host = in.text();
    url.port = in.narrow<std::uint16_t>();
    url.target = in.text();
    url.user_info = in.text();
    return url;
}

struct PutProbe {
    Writer& out;

    void operator()(HttpProbeSpec const& spec) const {
        out.symbol(ProbeKind::http);
        put(out, spec.url);
    }
    void operator()(TcpProbeSpec const& spec) const {
        out.symbol(ProbeKind::tcp);
        out.text(spec.endpoint.host);
        out.unsigned_number(spec.endpoint.port);
    }
};

ProbeSpec get_probe(Reader& in) {
    switch (static_cast<ProbeKind>(in.byte())) {
        case ProbeKind::http:
            return HttpProbeSpec{get_url(in)};
        case ProbeKind::tcp: {
            TcpProbeSpec spec;
            spec.endpoint.host = in.text();
            spec.endpoint.port = in.narrow<std::uint16_t>();
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
}

HealthPolicy get_policy(Reader& in) {
    HealthPolicy policy;
    policy.failure_threshold = in.narrow<std::uint32_t>();
    policy.success_threshold = in.narrow<std::uint32_t>();
    policy.degraded_above = in.millis();
    policy.interval = in.millis();
    policy.timeout = in.millis();
    return policy;
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
}

Service get_service(Reader& in, Versions& versions) {
    Service service;
    static_cast<void>(versions.read(in, kServiceVersion));
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
    spec.probe = get_probe(in);
    spec.connection = in.symbol<ConnectionPolicy>();
    spec.policy = get_policy(in);
    spec.critical = in.flag();
    spec.tags = get_list(in);
    spec.group = in.text();
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
    });
}

Project get_project(Reader& in, Versions& versions) {
    Project project;
    static_cast<void>(versions.read(in, kProjectVersion));
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
    spec.metrics = get_optional(in, [&in] {
        MetricsSpec metrics;
        metrics.url = get_url(in);
        metrics.interval = in.millis();
        metrics.timeout = in.millis();
        return metrics;
    });
    return project;
}

}  // namespace muster::compact
