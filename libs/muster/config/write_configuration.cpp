#include <muster/config/write_configuration.hpp>

#include <array>
#include <charconv>
#include <cstdint>
#include <string>
#include <utility>

#include <muster/config/environment.hpp>
#include <muster/config/size.hpp>
#include <muster/domain/masked_url.hpp>
#include <muster/domain/secret_names.hpp>

namespace muster::config {
namespace {

using List = Document::List;
using Map = Document::Map;

Document number(std::uint64_t value) {
    return Document::Bare{std::to_string(value)};
}

Document duration(Millis value) {
    return format_duration(value);
}

Document texts(std::vector<std::string> const& words) {
    return List(words.begin(), words.end());
}

/// A text in which nothing is to be filled in.
std::string literal(std::string_view text) {
    std::string out;
    for (std::size_t at = 0; at < text.size(); ++at) {
        out += text.substr(at, 2) == "${" ? "$$" : text.substr(at, 1);
    }
    return out;
}

Document url_text(Url const& url) {
    return literal(masked_text(url));
}

/// What stands behind the base in `url`, as healthPath and metricsPath say it.
Document path_behind(Url const& base, Url const& url) {
    auto const behind = std::string_view(url.target).substr(with_path(base, "").target.size());
    return literal(without_secrets(behind));
}

Document failures_of(FailuresOf const& value) {
    return value.of == 0 ? List{} : List{number(value.failures), number(value.of)};
}

void add_policy(Map& map, std::string const& interval_key, HealthPolicy const& policy) {
    map.emplace_back(interval_key, duration(policy.interval));
    map.emplace_back("timeout", duration(policy.timeout));
    map.emplace_back("retries", number(policy.failure_threshold - 1));
    map.emplace_back("successThreshold", number(policy.success_threshold));
    map.emplace_back("degradedAbove", duration(policy.degraded_above));
    map.emplace_back("failuresOf", failures_of(policy.failures_of));
    map.emplace_back("hysteresis", std::to_string(policy.hysteresis_percent) + "%");
    map.emplace_back("grace", duration(policy.grace));
}

/// Leaves out what is empty.
void add_text(Map& map, std::string const& key, std::string const& value) {
    if (!value.empty()) {
        map.emplace_back(key, literal(value));
    }
}

void add_texts(Map& map, std::string const& key, std::vector<std::string> const& words) {
    if (words.empty()) {
        return;
    }
    List list;
    for (auto const& word : words) {
        list.emplace_back(literal(word));
    }
    map.emplace_back(key, std::move(list));
}

Document json_number(double value) {
    std::array<char, 32> buffer{};
    auto const [end, error] = std::to_chars(buffer.data(), buffer.data() + buffer.size(), value);
    return Document::Bare{std::string(buffer.data(), end)};
}

struct JsonValue {
    Document operator()(std::monostate) const { return Document::Bare{"null"}; }
    Document operator()(bool flag) const { return flag; }
    Document operator()(double value) const { return json_number(value); }
    Document operator()(std::string const& text) const { return literal(text); }
};

/// A field whose name says so holds a secret. That it is there at all is none.
Document condition_of(JsonCondition const& condition) {
    bool const is_secret = condition.test != JsonTest::exists && names_a_secret(condition.field);
    return Map{{"field", literal(condition.field)},
               {std::string(to_string(condition.test)),
                is_secret ? Document(kSecretMask) : std::visit(JsonValue{}, condition.value)}};
}

Document status_of(StatusRange const& range) {
    return range.first == range.last
               ? number(range.first)
               : Document(std::to_string(range.first) + "-" + std::to_string(range.last));
}

Map expectation_of(HttpExpectation const& expect) {
    Map map;
    if (!expect.status.empty()) {
        List status;
        for (auto const& range : expect.status) {
            status.push_back(status_of(range));
        }
        map.emplace_back("status", std::move(status));
    }
    add_text(map, "body", expect.body);
    add_text(map, "matches", expect.body_matches);
    if (!expect.json.empty()) {
        List conditions;
        for (auto const& condition : expect.json) {
            conditions.push_back(condition_of(condition));
        }
        map.emplace_back("json", std::move(conditions));
    }
    return map;
}

Map tls_of(TlsOptions const& tls) {
    Map map{{"verify", tls.verify}};
    add_text(map, "serverName", tls.server_name);
    add_text(map, "ca", tls.ca_file);
    return map;
}

void add_ip(Map& map, IpFamily ip) {
    if (ip != IpFamily::any) {
        map.emplace_back("ip", to_string(ip));
    }
}

struct ProbeWriter {
    Document operator()(HttpProbeSpec const& spec) const {
        Map map;
        if (spec.more_urls.empty()) {
            map.emplace_back("http", url_text(spec.url));
        } else {
            List urls{url_text(spec.url)};
            for (auto const& url : spec.more_urls) {
                urls.push_back(url_text(url));
            }
            map.emplace_back("http", std::move(urls));
        }
        map.emplace_back("method", to_string(spec.method));
        Map headers;
        for (auto const& header : spec.headers) {
            headers.emplace_back(header.name, kSecretMask);
        }
        if (!headers.empty()) {
            map.emplace_back("headers", std::move(headers));
        }
        if (!spec.body.empty()) {
            map.emplace_back("body", kSecretMask);
        }
        if (auto expect = expectation_of(spec.expect); !expect.empty()) {
            map.emplace_back("expect", std::move(expect));
        }
        if (spec.tls != TlsOptions{}) {
            map.emplace_back("tls", tls_of(spec.tls));
        }
        map.emplace_back("redirects", number(spec.redirects));
        add_ip(map, spec.ip);
        if (spec.fallback) {
            map.emplace_back("fallback", true);
        }
        return map;
    }

    Document operator()(TcpProbeSpec const& spec) const {
        Map map{{"tcp", to_text(spec.endpoint)}};
        add_ip(map, spec.ip);
        return map;
    }

    Document operator()(OwnProbeSpec const& spec) const {
        return Map{{spec.kind, literal(spec.target)}};
    }
};

void add_dependencies(Map& map, ServiceSpec const& service) {
    if (service.depends_on.empty()) {
        return;
    }
    List list;
    for (auto const& dependency : service.depends_on) {
        list.emplace_back((dependency.optional ? "?" : "") +
                          (dependency.project == service.project ? "" : dependency.project + "/") +
                          dependency.service);
    }
    map.emplace_back("dependsOn", std::move(list));
}

Document service_of(ServiceSpec const& service) {
    Map map{{"name", service.name}};
    add_text(map, "formerly", service.formerly);
    map.emplace_back("type", to_string(service.type));
    map.emplace_back("probe", std::visit(ProbeWriter{}, service.probe));
    add_policy(map, "interval", service.policy);
    map.emplace_back("connection", to_string(service.connection));
    map.emplace_back("critical", service.critical);
    add_texts(map, "tags", service.tags);
    map.emplace_back("group", literal(service.group));
    add_dependencies(map, service);
    Map metadata;
    for (auto const& [name, text] : service.metadata) {
        metadata.emplace_back(name, literal(text));
    }
    if (!metadata.empty()) {
        map.emplace_back("metadata", std::move(metadata));
    }
    add_texts(map, "capabilities", service.capabilities);
    add_text(map, "version", service.version);
    if (service.port) {
        map.emplace_back("port", number(*service.port));
    }
    add_text(map, "containerId", service.container_id);
    return map;
}

void add_metrics(Map& map, ProjectSpec const& project) {
    if (!project.metrics) {
        map.emplace_back("metrics", false);
        return;
    }
    map.emplace_back("metricsCheckInterval", duration(project.metrics->interval));
    map.emplace_back("metricsPath", path_behind(project.url, project.metrics->url));
    Map expressions;
    for (auto const& [figure, expression] : project.metrics->map) {
        expressions.emplace_back(figure, literal(expression));
    }
    if (!expressions.empty()) {
        map.emplace_back("metricsMap", std::move(expressions));
    }
}

/// What only a project with a URL says: of `app`, its metrics and its paths.
void add_own_address(Map& map, ProjectSpec const& project) {
    auto const& app = project.services.front();
    add_policy(map, "healthCheckInterval", app.policy);
    map.emplace_back("connection", to_string(app.connection));
    if (auto const* http = std::get_if<HttpProbeSpec>(&app.probe)) {
        map.emplace_back(http->fallback ? "fallback" : "healthPath",
                         http->fallback ? Document(true) : path_behind(project.url, http->url));
    }
    add_dependencies(map, app);
    add_metrics(map, project);
    map.emplace_back("statusPath", literal(without_secrets(project.status_path)));
    map.emplace_back("logsPath", literal(without_secrets(project.logs_path)));
}

Document project_text(ProjectSpec const& project) {
    bool const has_url = !project.url.host.empty();
    Map map{{"name", project.name}};
    if (has_url) {
        map.emplace_back("url", url_text(project.url));
    }
    add_text(map, "formerly", project.formerly);
    add_text(map, "description", project.description);
    map.emplace_back("critical", project.critical);
    add_texts(map, "tags", project.tags);
    add_text(map, "group", project.group);
    if (has_url) {
        add_own_address(map, project);
    }
    List services;
    for (auto const& service : project.services) {
        if (!has_url || &service != &project.services.front()) {
            services.push_back(service_of(service));
        }
    }
    map.emplace_back("services", std::move(services));
    return map;
}

Document match_of(ServiceMatch const& match) {
    Map map;
    add_texts(map, "projects", match.projects);
    add_texts(map, "services", match.services);
    List types;
    for (auto const type : match.types) {
        types.emplace_back(to_string(type));
    }
    if (!types.empty()) {
        map.emplace_back("types", std::move(types));
    }
    add_texts(map, "tags", match.tags);
    add_texts(map, "groups", match.groups);
    if (match.critical) {
        map.emplace_back("critical", *match.critical);
    }
    return map;
}

std::string clock_text(std::uint16_t minute) {
    constexpr std::uint16_t kMinutes = 60;
    auto const two = [](int value) { return (value < 10 ? "0" : "") + std::to_string(value); };
    return two(minute / kMinutes) + ":" + two(minute % kMinutes);
}

Document window_of(MaintenanceSpec const& window) {
    Map map{{"match", match_of(window.match)}};
    if (window.from) {
        map.emplace_back("from", to_rfc3339(*window.from));
    }
    if (window.until) {
        map.emplace_back("until", to_rfc3339(*window.until));
    }
    if (window.weekly) {
        map.emplace_back("weekly", Map{{"day", to_string(window.weekly->day)},
                                       {"from", clock_text(window.weekly->from_minute)},
                                       {"to", clock_text(window.weekly->to_minute)},
                                       {"zone", window.weekly->zone}});
    }
    add_text(map, "why", window.why);
    return map;
}

Document hub_of(HubSettings const& hub) {
    List listen;
    for (auto const& endpoint : hub.listen) {
        listen.emplace_back(to_text(endpoint));
    }
    List hosts;
    for (auto const& host : hub.hosts) {
        hosts.emplace_back(host.find(':') == std::string::npos ? host : "[" + host + "]");
    }
    return Map{{"id", hub.id},
               {"listen", std::move(listen)},
               {"hosts", std::move(hosts)},
               {"shards", number(hub.shards)}};
}

Document database_of(DatabaseSettings const& database) {
    Map map;
    if (database.address) {
        map.emplace_back("url", literal(masked_text(*database.address)));
    }
    map.emplace_back("pool",
                     Map{{"min", number(database.pool_min)}, {"max", number(database.pool_max)}});
    map.emplace_back("migrate", database.migrate);
    return map;
}

Document limits_of(LimitSettings const& limits) {
    Map groups;
    for (auto const& [group, cap] : limits.per_group) {
        groups.emplace_back(group, number(cap));
    }
    return Map{{"inFlight", number(limits.in_flight)},
               {"perHost", number(limits.per_host)},
               {"perGroup", std::move(groups)}};
}

}  // namespace

Document write_configuration(Configuration const& configuration) {
    auto const& logging = configuration.logging;
    auto const& retention = configuration.retention;
    Map auth;
    if (configuration.token) {
        auth.emplace_back("token", kSecretMask);
    }
    auth.emplace_back("reads", to_string(configuration.reads));
    auth.emplace_back("probe", to_string(configuration.probe));
    Map defaults;
    add_policy(defaults, "interval", configuration.defaults.policy);
    defaults.emplace_back("connection", to_string(configuration.defaults.connection));
    List projects;
    for (auto const& project : configuration.projects) {
        projects.push_back(project_text(project));
    }
    List maintenance;
    for (auto const& window : configuration.maintenance) {
        maintenance.push_back(window_of(window));
    }
    Map whole{
        {"hub", hub_of(configuration.hub)},
        {"auth", std::move(auth)},
        {"cors", Map{{"origins", texts(configuration.cors.origins)}}},
        {"limits", limits_of(configuration.limits)},
        {"logging", Map{{"level", log_level_words()[static_cast<std::size_t>(logging.level)]},
                        {"format", log_format_words()[static_cast<std::size_t>(logging.format)]},
                        {"file", literal(logging.file)}}},
        {"retention", Map{{"raw", duration(retention.raw)},
                          {"rawSize", format_size(retention.raw_bytes)},
                          {"minute", duration(retention.minute)},
                          {"hour", duration(retention.hour)}}},
        {"defaults", std::move(defaults)},
        {"database", database_of(configuration.database)},
        {"projects", std::move(projects)},
        {"maintenance", std::move(maintenance)}};
    if (configuration.redis) {
        whole.emplace_back("redis", Map{{"url", literal(masked_text(*configuration.redis))}});
    }
    return whole;
}

}  // namespace muster::config
