#include <muster/config/known_keys.hpp>

#include <algorithm>
#include <iterator>
#include <span>

namespace muster::config {
namespace {

struct KnownKey {
    Section section;
    std::string_view key;
    KeyState state;
};

constexpr auto kBuilt = KeyState::built;
constexpr auto kPlanned = KeyState::planned;

// Contract, section 10. A feature that gets built turns its keys on here. In the order of Section.
constexpr KnownKey kKnownKeys[] = {
    {Section::file, "hub", kBuilt},
    {Section::file, "auth", kBuilt},
    {Section::file, "cors", kBuilt},
    {Section::file, "limits", kBuilt},
    {Section::file, "logging", kBuilt},
    {Section::file, "retention", kBuilt},
    {Section::file, "defaults", kBuilt},
    {Section::file, "projects", kBuilt},
    {Section::file, "maintenance", kBuilt},
    {Section::file, "redis", kBuilt},
    {Section::file, "database", kBuilt},
    {Section::file, "aggregator", kPlanned},
    {Section::file, "alertManager", kPlanned},
    {Section::file, "channels", kPlanned},
    {Section::file, "alertRules", kPlanned},
    {Section::file, "shippedRules", kPlanned},

    {Section::hub, "id", kBuilt},
    {Section::hub, "listen", kBuilt},
    {Section::hub, "hosts", kBuilt},
    {Section::hub, "shards", kBuilt},

    {Section::auth, "token", kBuilt},
    {Section::auth, "reads", kBuilt},
    {Section::auth, "probe", kBuilt},

    {Section::logging, "level", kBuilt},
    {Section::logging, "format", kBuilt},
    {Section::logging, "file", kBuilt},

    {Section::limits, "inFlight", kBuilt},
    {Section::limits, "perHost", kBuilt},
    {Section::limits, "perGroup", kBuilt},

    {Section::cors, "origins", kBuilt},

    {Section::retention, "raw", kBuilt},
    {Section::retention, "rawSize", kBuilt},
    {Section::retention, "minute", kBuilt},
    {Section::retention, "hour", kBuilt},

    {Section::defaults, "interval", kBuilt},
    {Section::defaults, "timeout", kBuilt},
    {Section::defaults, "retries", kBuilt},
    {Section::defaults, "successThreshold", kBuilt},
    {Section::defaults, "degradedAbove", kBuilt},
    {Section::defaults, "failuresOf", kBuilt},
    {Section::defaults, "hysteresis", kBuilt},
    {Section::defaults, "grace", kBuilt},
    {Section::defaults, "connection", kBuilt},

    {Section::project, "name", kBuilt},
    {Section::project, "url", kBuilt},
    {Section::project, "formerly", kBuilt},
    {Section::project, "description", kBuilt},
    {Section::project, "critical", kBuilt},
    {Section::project, "tags", kBuilt},
    {Section::project, "group", kBuilt},
    {Section::project, "healthCheckInterval", kBuilt},
    {Section::project, "timeout", kBuilt},
    {Section::project, "retries", kBuilt},
    {Section::project, "successThreshold", kBuilt},
    {Section::project, "degradedAbove", kBuilt},
    {Section::project, "failuresOf", kBuilt},
    {Section::project, "hysteresis", kBuilt},
    {Section::project, "grace", kBuilt},
    {Section::project, "connection", kBuilt},
    {Section::project, "healthPath", kBuilt},
    {Section::project, "fallback", kBuilt},
    {Section::project, "dependsOn", kBuilt},
    {Section::project, "metricsCheckInterval", kBuilt},
    {Section::project, "metricsPath", kBuilt},
    {Section::project, "metrics", kBuilt},
    {Section::project, "metricsMap", kBuilt},
    {Section::project, "statusPath", kBuilt},
    {Section::project, "logsPath", kBuilt},
    {Section::project, "services", kBuilt},

    {Section::service, "name", kBuilt},
    {Section::service, "type", kBuilt},
    {Section::service, "probe", kBuilt},
    {Section::service, "interval", kBuilt},
    {Section::service, "timeout", kBuilt},
    {Section::service, "retries", kBuilt},
    {Section::service, "successThreshold", kBuilt},
    {Section::service, "degradedAbove", kBuilt},
    {Section::service, "failuresOf", kBuilt},
    {Section::service, "hysteresis", kBuilt},
    {Section::service, "grace", kBuilt},
    {Section::service, "connection", kBuilt},
    {Section::service, "critical", kBuilt},
    {Section::service, "tags", kBuilt},
    {Section::service, "group", kBuilt},
    {Section::service, "dependsOn", kBuilt},
    {Section::service, "formerly", kBuilt},
    {Section::service, "metadata", kBuilt},
    {Section::service, "capabilities", kBuilt},
    {Section::service, "version", kBuilt},
    {Section::service, "port", kBuilt},
    {Section::service, "containerId", kBuilt},
    {Section::service, "command", kPlanned},

    {Section::probe, "http", kBuilt},
    {Section::probe, "tcp", kBuilt},
    {Section::probe, "method", kBuilt},
    {Section::probe, "headers", kBuilt},
    {Section::probe, "body", kBuilt},
    {Section::probe, "expect", kBuilt},
    {Section::probe, "tls", kBuilt},
    {Section::probe, "redirects", kBuilt},
    {Section::probe, "ip", kBuilt},
    {Section::probe, "fallback", kBuilt},
    {Section::probe, "redis", kPlanned},
    {Section::probe, "postgres", kPlanned},
    {Section::probe, "exec", kPlanned},
    {Section::probe, "container", kPlanned},
    {Section::probe, "dns", kPlanned},
    {Section::probe, "icmp", kPlanned},
    {Section::probe, "grpc", kPlanned},
    {Section::probe, "websocket", kPlanned},
    {Section::probe, "heartbeat", kPlanned},

    {Section::expect, "status", kBuilt},
    {Section::expect, "body", kBuilt},
    {Section::expect, "matches", kBuilt},
    {Section::expect, "json", kBuilt},

    {Section::json, "field", kBuilt},
    {Section::json, "equals", kBuilt},
    {Section::json, "notEquals", kBuilt},
    {Section::json, "atLeast", kBuilt},
    {Section::json, "atMost", kBuilt},
    {Section::json, "exists", kBuilt},

    {Section::tls, "verify", kBuilt},
    {Section::tls, "serverName", kBuilt},
    {Section::tls, "ca", kBuilt},

    {Section::maintenance, "match", kBuilt},
    {Section::maintenance, "from", kBuilt},
    {Section::maintenance, "until", kBuilt},
    {Section::maintenance, "weekly", kBuilt},
    {Section::maintenance, "why", kBuilt},

    {Section::match, "projects", kBuilt},
    {Section::match, "services", kBuilt},
    {Section::match, "types", kBuilt},
    {Section::match, "tags", kBuilt},
    {Section::match, "groups", kBuilt},
    {Section::match, "critical", kBuilt},

    {Section::weekly, "day", kBuilt},
    {Section::weekly, "from", kBuilt},
    {Section::weekly, "to", kBuilt},
    {Section::weekly, "zone", kBuilt},

    {Section::redis, "url", kBuilt},

    {Section::database, "url", kBuilt},
    {Section::database, "pool", kBuilt},
    {Section::database, "migrate", kBuilt},

    {Section::pool, "min", kBuilt},
    {Section::pool, "max", kBuilt},
};

static_assert(std::is_sorted(std::begin(kKnownKeys), std::end(kKnownKeys),
                             [](KnownKey const& left, KnownKey const& right) {
                                 return left.section < right.section;
                             }));

std::span<KnownKey const> keys_of(Section section) noexcept {
    auto const [first, last] = std::equal_range(
        std::begin(kKnownKeys), std::end(kKnownKeys), KnownKey{section, "", {}},
        [](KnownKey const& left, KnownKey const& right) { return left.section < right.section; });
    return {first, last};
}

void add_keys(Section section, KeyState state, std::vector<std::string_view>& out) {
    for (auto const& known : keys_of(section)) {
        if (known.state == state) {
            out.push_back(known.key);
        }
    }
}

}  // namespace

std::optional<KeyState> state_of(Section section, std::string_view key) noexcept {
    for (auto const& known : keys_of(section)) {
        if (known.key == key) {
            return known.state;
        }
    }
    return std::nullopt;
}

std::vector<std::string_view> built_keys(Section section) {
    std::vector<std::string_view> keys;
    add_keys(section, KeyState::built, keys);
    return keys;
}

std::vector<std::string_view> all_keys(Section section) {
    auto keys = built_keys(section);
    add_keys(section, KeyState::planned, keys);
    return keys;
}

std::string_view name_of(Section section) noexcept {
    switch (section) {
        case Section::file:
            return "the configuration";
        case Section::hub:
            return "'hub'";
        case Section::auth:
            return "'auth'";
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
        case Section::expect:
            return "'expect'";
        case Section::json:
            return "'json'";
        case Section::tls:
            return "'tls'";
        case Section::maintenance:
            return "a maintenance window";
        case Section::match:
            return "'match'";
        case Section::weekly:
            return "'weekly'";
        case Section::redis:
            return "'redis'";
        case Section::database:
            return "'database'";
        case Section::pool:
            return "'pool'";
    }
    return "";
}

}  // namespace muster::config
