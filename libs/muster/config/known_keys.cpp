#include <muster/config/known_keys.hpp>

#include <algorithm>
#include <array>

namespace muster::config {
namespace {

struct KnownKey {
    Section section;
    std::string_view key;
    KeyState state;
};

constexpr auto kBuilt = KeyState::built;
constexpr auto kPlanned = KeyState::planned;

// Contract, section 10. A feature that gets built turns its keys on here.
constexpr KnownKey kKnownKeys[] = {
    {Section::file, "hub", kBuilt},
    {Section::file, "projects", kBuilt},
    {Section::file, "defaults", kBuilt},
    {Section::file, "limits", kBuilt},
    {Section::file, "logging", kBuilt},
    {Section::file, "retention", kBuilt},
    {Section::file, "cors", kBuilt},
    {Section::file, "aggregator", kPlanned},
    {Section::file, "alertManager", kPlanned},
    {Section::file, "database", kPlanned},
    {Section::file, "redis", kPlanned},
    {Section::file, "auth", kPlanned},
    {Section::file, "maintenance", kPlanned},
    {Section::file, "channels", kPlanned},
    {Section::file, "alertRules", kPlanned},
    {Section::file, "shippedRules", kPlanned},

    {Section::hub, "id", kBuilt},
    {Section::hub, "listen", kBuilt},
    {Section::hub, "hosts", kPlanned},

    {Section::logging, "level", kBuilt},
    {Section::logging, "format", kBuilt},
    {Section::logging, "file", kPlanned},

    {Section::limits, "inFlight", kBuilt},
    {Section::limits, "perHost", kBuilt},
    {Section::limits, "perGroup", kPlanned},

    {Section::cors, "origins", kBuilt},

    {Section::retention, "raw", kBuilt},
    {Section::retention, "minute", kPlanned},
    {Section::retention, "hour", kPlanned},

    {Section::defaults, "interval", kBuilt},
    {Section::defaults, "timeout", kBuilt},
    {Section::defaults, "retries", kBuilt},
    {Section::defaults, "successThreshold", kBuilt},
    {Section::defaults, "degradedAbove", kBuilt},

    {Section::project, "name", kBuilt},
    {Section::project, "url", kBuilt},
    {Section::project, "description", kBuilt},
    {Section::project, "critical", kBuilt},
    {Section::project, "tags", kBuilt},
    {Section::project, "group", kBuilt},
    {Section::project, "healthCheckInterval", kBuilt},
    {Section::project, "metricsCheckInterval", kBuilt},
    {Section::project, "healthPath", kBuilt},
    {Section::project, "metricsPath", kBuilt},
    {Section::project, "metrics", kBuilt},
    {Section::project, "connection", kBuilt},
    {Section::project, "services", kBuilt},
    {Section::project, "formerly", kPlanned},
    {Section::project, "statusPath", kPlanned},
    {Section::project, "logsPath", kPlanned},
    {Section::project, "metricsMap", kPlanned},
    {Section::project, "fallback", kPlanned},
    {Section::project, "dependsOn", kPlanned},
    {Section::project, "failuresOf", kPlanned},
    {Section::project, "hysteresis", kPlanned},
    {Section::project, "grace", kPlanned},
    {Section::project, "maintenance", kPlanned},

    {Section::service, "name", kBuilt},
    {Section::service, "type", kBuilt},
    {Section::service, "probe", kBuilt},
    {Section::service, "interval", kBuilt},
    {Section::service, "timeout", kBuilt},
    {Section::service, "retries", kBuilt},
    {Section::service, "successThreshold", kBuilt},
    {Section::service, "degradedAbove", kBuilt},
    {Section::service, "critical", kBuilt},
    {Section::service, "tags", kBuilt},
    {Section::service, "group", kBuilt},
    {Section::service, "connection", kBuilt},
    {Section::service, "formerly", kPlanned},
    {Section::service, "dependsOn", kPlanned},
    {Section::service, "failuresOf", kPlanned},
    {Section::service, "hysteresis", kPlanned},
    {Section::service, "grace", kPlanned},
    {Section::service, "maintenance", kPlanned},
    {Section::service, "fallback", kPlanned},
    {Section::service, "metadata", kPlanned},
    {Section::service, "capabilities", kPlanned},
    {Section::service, "command", kPlanned},

    {Section::probe, "http", kBuilt},
    {Section::probe, "tcp", kBuilt},
    {Section::probe, "redis", kPlanned},
    {Section::probe, "postgres", kPlanned},
    {Section::probe, "exec", kPlanned},
    {Section::probe, "container", kPlanned},
    {Section::probe, "dns", kPlanned},
    {Section::probe, "tls", kPlanned},
    {Section::probe, "icmp", kPlanned},
    {Section::probe, "grpc", kPlanned},
    {Section::probe, "websocket", kPlanned},
    {Section::probe, "heartbeat", kPlanned},
    {Section::probe, "method", kPlanned},
    {Section::probe, "headers", kPlanned},
    {Section::probe, "body", kPlanned},
    {Section::probe, "expect", kPlanned},

    {Section::scheme, "http", kBuilt},
    {Section::scheme, "https", kPlanned},
};

}  // namespace

std::optional<KeyState> state_of(Section section, std::string_view key) noexcept {
    for (auto const& known : kKnownKeys) {
        if (known.section == section && known.key == key) {
            return known.state;
        }
    }
    return std::nullopt;
}

std::vector<std::string_view> built_keys(Section section) {
    std::vector<std::string_view> keys;
    for (auto const& known : kKnownKeys) {
        if (known.section == section && known.state == KeyState::built) {
            keys.push_back(known.key);
        }
    }
    return keys;
}

std::string_view name_of(Section section) noexcept {
    switch (section) {
        case Section::file:
            return "the configuration";
        case Section::hub:
            return "'hub'";
        case Section::logging:
            return "'logging'";
        case Section::limits:
            return "'limits'";
        case Section::cors:
            return "'cors'";
        case Section::retention:
            return "'retention'";
        case Section::defaults:
            return "'defaults'";
        case Section::project:
            return "a project";
        case Section::service:
            return "a service";
        case Section::probe:
            return "a probe";
        case Section::scheme:
            return "a URL";
    }
    return "";
}

}  // namespace muster::config
