#include <muster/config/read_project.hpp>

#include <map>
#include <string>
#include <string_view>
#include <utility>

#include <muster/config/mapping.hpp>
#include <muster/config/values.hpp>
#include <muster/domain/names.hpp>

namespace muster::config {
namespace {

constexpr DurationBounds kIntervalBounds{100ms, 7 * 24h};
constexpr DurationBounds kTimeoutBounds{1ms, 10min};
constexpr DurationBounds kLatencyBounds{1ms, 10min};
constexpr CountBounds kRetriesBounds{0, 1000};
constexpr CountBounds kSuccessBounds{1, 1000};

constexpr std::string_view kWantsName = "a name: letters, digits, - and _, at most 100";
constexpr std::string_view kWantsProjectName =
    "a name: letters, digits, - and _, at most 100, not only digits and not 'status'";

using NameRule = bool (*)(std::string_view) noexcept;

/// The value of `name`, which must be there.
std::optional<std::string> name_of(Reading& reading, Mapping const& from, NameRule is_valid,
                                   std::string_view wanted) {
    auto const* field = from.find("name");
    if (field == nullptr) {
        reading.refuse(from.node(), "'name' is missing: it wants " + std::string(wanted));
        return std::nullopt;
    }
    auto name = scalar_of(reading, field->value, "name", wanted);
    if (name && !is_valid(*name)) {
        refuse_value(reading, field->value, "name", wanted);
        return std::nullopt;
    }
    return name;
}

/// `base` with the path that the field gives, or the one it has without.
Url url_with(Reading& reading, Mapping const& from, std::string_view key, Url const& base,
             std::string_view without) {
    constexpr std::string_view kWanted = "a path that starts with /, such as /health";
    auto const* field = from.find(key);
    if (field == nullptr) {
        return with_path(base, without);
    }
    auto const path = scalar_of(reading, field->value, key, kWanted);
    if (!path) {
        return with_path(base, without);
    }
    auto const read = parse_url("http://host" + *path);
    if (path->empty() || path->front() != '/' || !read) {
        refuse_value(reading, field->value, key, kWanted);
        return with_path(base, without);
    }
    return with_path(base, read->target);
}

void read_policy(Reading& reading, Mapping const& from, HealthPolicy& policy) {
    read_duration(reading, from, "interval", kIntervalBounds, policy.interval);
    read_duration(reading, from, "timeout", kTimeoutBounds, policy.timeout);
    read_duration(reading, from, "degradedAbove", kLatencyBounds, policy.degraded_above);
    std::uint64_t retries = policy.failure_threshold - 1;
    read_count(reading, from, "retries", kRetriesBounds, retries);
    policy.failure_threshold = static_cast<std::uint32_t>(retries + 1);
    std::uint64_t successes = policy.success_threshold;
    read_count(reading, from, "successThreshold", kSuccessBounds, successes);
    policy.success_threshold = static_cast<std::uint32_t>(successes);
}

/// What projects and services have in common.
template <class Spec>
void read_labels(Reading& reading, Mapping const& from, Spec& spec) {
    read_flag(reading, from, "critical", spec.critical);
    read_texts(reading, from, "tags", spec.tags);
    read_text(reading, from, "group", spec.group);
}

std::optional<ProbeSpec> read_probe(Reading& reading, Field const& field) {
    Mapping const probe(reading, field.value, Section::probe);
    if (probe.fields().size() > 1) {
        auto const& second = probe.fields()[1];
        reading.refuse(second.name, "a probe is of one kind: '" +
                                        std::string(probe.fields()[0].key) + "' or '" +
                                        std::string(second.key) + "'");
        return std::nullopt;
    }
    if (auto const* http = probe.find("http")) {
        if (http->value.kind() == NodeKind::list) {
            reading.refuse(http->value, "a list of URLs is not built yet: give one");
            return std::nullopt;
        }
        auto url = url_of(reading, http->value, "http");
        return url ? std::optional<ProbeSpec>(HttpProbeSpec{*std::move(url)}) : std::nullopt;
    }
    if (auto const* tcp = probe.find("tcp")) {
        auto endpoint = endpoint_of(reading, tcp->value, "tcp");
        return endpoint ? std::optional<ProbeSpec>(TcpProbeSpec{*std::move(endpoint)})
                        : std::nullopt;
    }
    auto const kind = field.value.kind();
    bool const is_empty = field.value.begin() == field.value.end();
    if (kind == NodeKind::nothing || (kind == NodeKind::map && is_empty)) {
        refuse_value(reading, field.value, "probe",
                     "a kind and a target, such as { http: \"http://127.0.0.1/health\" }");
    }
    return std::nullopt;
}

std::optional<ServiceSpec> read_service(Reading& reading, YamlNode entry,
                                        ProjectSpec const& project,
                                        ServiceDefaults const& defaults) {
    Mapping const from(reading, entry, Section::service);
    if (entry.kind() != NodeKind::map && entry.kind() != NodeKind::nothing) {
        return std::nullopt;
    }
    ServiceSpec service;
    service.project = project.name;
    service.critical = project.critical;
    service.group = project.group;
    service.policy.interval = defaults.interval;
    service.policy.timeout = defaults.timeout;
    service.policy.failure_threshold = defaults.retries + 1;
    service.policy.success_threshold = defaults.success_threshold;
    service.policy.degraded_above = defaults.degraded_above;

    auto name = name_of(reading, from, is_valid_name, kWantsName);
    read_enum(reading, from, "type", service.type);
    read_policy(reading, from, service.policy);
    read_labels(reading, from, service);
    read_enum(reading, from, "connection", service.connection);
    auto const* probe_field = from.find("probe");
    if (probe_field == nullptr) {
        reading.refuse(entry,
                       "'probe' is missing: say how the service is checked, such as "
                       "probe: { tcp: \"127.0.0.1:25\" }");
        return std::nullopt;
    }
    auto probe = read_probe(reading, *probe_field);
    if (!name || !probe) {
        return std::nullopt;
    }
    service.name = *std::move(name);
    service.probe = *std::move(probe);
    return service;
}

void read_services(Reading& reading, Mapping const& from, ServiceDefaults const& defaults,
                   ProjectSpec& project) {
    auto const* field = from.find("services");
    if (field == nullptr || field->value.kind() == NodeKind::nothing) {
        return;
    }
    if (field->value.kind() != NodeKind::list) {
        refuse_value(reading, field->value, "services", "a list of services (- name: ...)");
        return;
    }
    std::map<std::string, int, std::less<>> lines;
    for (auto const entry : field->value) {
        auto service = read_service(reading, entry, project, defaults);
        if (!service) {
            continue;
        }
        auto const [first, is_new] = lines.emplace(service->name, entry.line());
        if (service->name == "app") {
            reading.refuse(entry,
                           "'app' is the service that every project has by its url: give "
                           "this one another name");
        } else if (!is_new) {
            reading.refuse(entry, "service '" + service->name + "' of project '" + project.name +
                                      "' is already given in line " +
                                      std::to_string(first->second));
        } else {
            project.services.push_back(*std::move(service));
        }
    }
}

void read_metrics(Reading& reading, Mapping const& from, ProjectSpec& project) {
    project.metrics->url = url_with(reading, from, "metricsPath", project.url, "/metrics");
    read_duration(reading, from, "metricsCheckInterval", kIntervalBounds,
                  project.metrics->interval);
    bool collected = true;
    read_flag(reading, from, "metrics", collected);
    if (!collected) {
        project.metrics.reset();
    }
}

}  // namespace

ProjectSpec default_project(std::string name, Url url, ServiceDefaults const& defaults) {
    auto project = project_of(std::move(name), std::move(url));
    auto& policy = project.services.front().policy;
    policy.timeout = defaults.timeout;
    policy.success_threshold = defaults.success_threshold;
    policy.degraded_above = defaults.degraded_above;
    return project;
}

std::optional<ProjectSpec> read_project(Reading& reading, YamlNode entry,
                                        ServiceDefaults const& defaults) {
    Mapping const from(reading, entry, Section::project);
    if (entry.kind() != NodeKind::map && entry.kind() != NodeKind::nothing) {
        return std::nullopt;
    }
    auto name = name_of(reading, from, is_valid_project_name, kWantsProjectName);
    std::optional<Url> url;
    if (auto const* field = from.find("url")) {
        url = url_of(reading, field->value, "url");
    } else {
        reading.refuse(entry,
                       "'url' is missing: it wants the project's base URL, such as "
                       "http://127.0.0.1:3010");
    }
    bool const usable = name && url;
    // The rest is read even so: its mistakes shall be told in the same run.
    auto project =
        default_project(name.value_or("?"), url.value_or(Url{"http", "?", 80, "/", ""}), defaults);
    read_text(reading, from, "description", project.description);
    read_labels(reading, from, project);

    auto& app = project.services.front();
    app.critical = project.critical;
    app.tags = project.tags;
    app.group = project.group;
    app.probe = HttpProbeSpec{url_with(reading, from, "healthPath", project.url, "/health")};
    read_duration(reading, from, "healthCheckInterval", kIntervalBounds, app.policy.interval);
    read_enum(reading, from, "connection", app.connection);
    read_metrics(reading, from, project);
    read_services(reading, from, defaults, project);
    return usable ? std::optional(std::move(project)) : std::nullopt;
}

}  // namespace muster::config
