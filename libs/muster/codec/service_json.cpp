#include <muster/codec/service_json.hpp>

#include <cstdint>
#include <map>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include <muster/base/time.hpp>
#include <muster/codec/fleet_json.hpp>
#include <muster/codec/json_text.hpp>
#include <muster/domain/masked_url.hpp>
#include <muster/domain/secret_names.hpp>

namespace muster {
namespace {

void append_dependencies(std::string& out, ServiceSpec const& spec) {
    append_json_list(out, spec.depends_on, [&spec](std::string& to, Dependency const& needed) {
        append_json_string(to, (needed.optional ? "?" : "") +
                                   (needed.project == spec.project ? "" : needed.project + "/") +
                                   needed.service);
    });
}

void append_metadata(std::string& out, std::map<std::string, std::string> const& metadata) {
    out += '{';
    for (auto const& [key, value] : metadata) {
        if (out.back() != '{') {
            out += ',';
        }
        append_json_string(out, key);
        out += ':';
        append_json_string(out, value);
    }
    out += '}';
}

void append_scalar(std::string& out, JsonScalar const& value) {
    if (auto const* truth = std::get_if<bool>(&value)) {
        append_json_bool(out, *truth);
    } else if (auto const* number = std::get_if<double>(&value)) {
        append_json_number(out, *number);
    } else if (auto const* text = std::get_if<std::string>(&value)) {
        append_json_string(out, *text);
    } else {
        out += "null";
    }
}

void append_status(std::string& out, StatusRange const& range) {
    if (range.first == range.last) {
        append_json_number(out, std::int64_t{range.first});
    } else {
        append_json_string(out, std::to_string(range.first) + "-" + std::to_string(range.last));
    }
}

void append_condition(std::string& out, JsonCondition const& condition) {
    JsonObject object(out);
    object.text("field", condition.field);
    bool const secret = condition.test != JsonTest::exists && names_a_secret(condition.field);
    append_scalar(object.key(to_string(condition.test)),
                  secret ? JsonScalar(std::string(kSecretMask)) : condition.value);
    object.close();
}

void append_expectation(std::string& out, HttpExpectation const& expect) {
    JsonObject object(out);
    if (!expect.status.empty()) {
        append_json_list(object.key("status"), expect.status, append_status);
    }
    if (!expect.body.empty()) {
        object.text("body", expect.body);
    }
    if (!expect.body_matches.empty()) {
        object.text("matches", expect.body_matches);
    }
    if (!expect.json.empty()) {
        append_json_list(object.key("json"), expect.json, append_condition);
    }
    object.close();
}

void append_tls(std::string& out, TlsOptions const& tls) {
    JsonObject object(out);
    object.boolean("verify", tls.verify);
    if (!tls.server_name.empty()) {
        object.text("serverName", tls.server_name);
    }
    if (!tls.ca_file.empty()) {
        object.text("ca", tls.ca_file);
    }
    object.close();
}

void append_http(JsonObject& object, HttpProbeSpec const& spec) {
    if (spec.more_urls.empty()) {
        object.text("http", masked_text(spec.url));
    } else {
        std::vector<std::string> urls{masked_text(spec.url)};
        for (auto const& url : spec.more_urls) {
            urls.push_back(masked_text(url));
        }
        object.texts("http", urls);
    }
    object.text("method", to_string(spec.method));
    if (!spec.headers.empty()) {
        JsonObject headers(object.key("headers"));
        for (auto const& header : spec.headers) {
            headers.text(header.name, kSecretMask);
        }
        headers.close();
    }
    if (!spec.body.empty()) {
        object.text("body", kSecretMask);
    }
    if (!(spec.expect == HttpExpectation{})) {
        append_expectation(object.key("expect"), spec.expect);
    }
    if (!(spec.tls == TlsOptions{})) {
        append_tls(object.key("tls"), spec.tls);
    }
    if (spec.fallback) {
        object.boolean("fallback", true);
    }
    if (spec.redirects > 0) {
        object.number("redirects", std::int64_t{spec.redirects});
    }
}

struct ProbeWriter {
    JsonObject& object;

    void operator()(HttpProbeSpec const& spec) const {
        append_http(object, spec);
        ip(spec.ip);
    }
    void operator()(TcpProbeSpec const& spec) const {
        object.text("tcp", to_text(spec.endpoint));
        ip(spec.ip);
    }
    void operator()(OwnProbeSpec const& spec) const { object.text(spec.kind, spec.target); }

    void ip(IpFamily family) const {
        if (family != IpFamily::any) {
            object.number("ip", static_cast<std::int64_t>(family));
        }
    }
};

/// Null: it has none.
void append_port(JsonObject& object, ServiceSpec const& spec) {
    if (auto const port = spec.port ? spec.port : port_of(spec.probe)) {
        object.number("port", std::int64_t{*port});
    } else {
        object.null("port");
    }
}

void append_policy(JsonObject& object, ServiceSpec const& spec) {
    auto const& policy = spec.policy;
    object.text("interval", format_duration(policy.interval));
    object.text("timeout", format_duration(policy.timeout));
    object.number("retries", std::int64_t{policy.failure_threshold} - 1);
    object.number("successThreshold", std::int64_t{policy.success_threshold});
    object.text("degradedAbove", format_duration(policy.degraded_above));
    // What is left out takes the defaults when it is read: none is said as such.
    auto& failures_of = object.key("failuresOf");
    if (policy.failures_of.of > 0) {
        failures_of += '[' + std::to_string(policy.failures_of.failures) + ',' +
                       std::to_string(policy.failures_of.of) + ']';
    } else {
        failures_of += "[]";
    }
    object.text("hysteresis", std::to_string(policy.hysteresis_percent) + "%");
    object.text("grace", format_duration(policy.grace));
    object.text("connection", to_string(spec.connection));
}

void append_state(JsonObject& object, Service const& service, ServiceView const* view) {
    object.text("status", to_string(view != nullptr ? view->status : HealthStatus::unknown));
    append_overlays(object.key("overlays"), view != nullptr ? view->overlays : Overlays{});
    if (view != nullptr && view->last_check) {
        object.time("lastCheck", *view->last_check);
    } else {
        object.null("lastCheck");
    }
    if (view != nullptr && view->response_time) {
        object.number("responseTimeMs", std::int64_t{view->response_time->count()});
    } else {
        object.null("responseTimeMs");
    }
    object.number("consecutiveFailures", std::int64_t{view != nullptr ? view->failures : 0});
    JsonObject details(object.key("details"));
    details.text("kind", kind_of(service.spec.probe));
    details.text("target", target_of(service.spec.probe));
    if (view != nullptr && view->last_check) {
        details.boolean("isRunning", view->running);
        details.percent("uptime", view->uptime_percent);
        details.percent("coverage", view->coverage_percent);
        append_seen(details, view->details);
    }
    details.close();
}

std::string clock_text(std::uint16_t minutes) {
    auto const two = [](unsigned number) {
        return (number < 10 ? "0" : "") + std::to_string(number);
    };
    return two(minutes / 60U) + ":" + two(minutes % 60U);
}

void append_match(std::string& out, ServiceMatch const& match) {
    JsonObject object(out);
    auto const texts = [&object](std::string_view key, std::vector<std::string> const& values) {
        if (!values.empty()) {
            object.texts(key, values);
        }
    };
    texts("projects", match.projects);
    texts("services", match.services);
    if (!match.types.empty()) {
        append_json_list(object.key("types"), match.types, [](std::string& to, ServiceType type) {
            append_json_string(to, to_string(type));
        });
    }
    texts("tags", match.tags);
    texts("groups", match.groups);
    if (match.critical) {
        object.boolean("critical", *match.critical);
    }
    object.close();
}

}  // namespace

void append_seen(JsonObject& details, SeenDetails const& seen) {
    if (!seen.error.empty()) {
        details.text("error", seen.error);
    }
    if (!seen.note.empty()) {
        details.text("note", seen.note);
    }
    if (seen.http_status != 0) {
        details.number("httpStatus", std::int64_t{seen.http_status});
    }
    if (seen.endpoints_total != 0) {
        details.number("endpointsHealthy", std::int64_t{seen.endpoints_healthy});
        details.number("endpointsTotal", std::int64_t{seen.endpoints_total});
    }
    if (seen.certificate_expires) {
        details.time("certificateExpires", *seen.certificate_expires);
    }
}

void append_probe(std::string& out, ProbeSpec const& probe) {
    JsonObject object(out);
    std::visit(ProbeWriter{object}, probe);
    object.close();
}

void append_service(std::string& out, Service const& service, ServiceView const* view) {
    auto const& spec = service.spec;
    JsonObject object(out);
    object.number("id", service.id.value);
    object.number("projectId", service.project_id.value);
    object.text("project", spec.project);
    object.text("name", spec.name);
    object.text("type", to_string(spec.type));
    append_probe(object.key("probe"), spec.probe);
    append_policy(object, spec);
    object.boolean("critical", spec.critical);
    append_dependencies(object.key("dependsOn"), spec);
    object.texts("tags", spec.tags);
    object.text_or_null("group", spec.group);
    append_metadata(object.key("metadata"), spec.metadata);
    object.texts("capabilities", spec.capabilities);
    append_state(object, service, view);
    object.text_or_null("version", spec.version);
    append_port(object, spec);
    object.text_or_null("containerId", spec.container_id);
    object.text("owner", to_string(service.owner));
    object.time("createdAt", service.created_at);
    object.time("updatedAt", service.updated_at);
    object.close();
}

void append_window(std::string& out, Maintenance const& window) {
    auto const& spec = window.spec;
    JsonObject object(out);
    object.number("id", window.id.value);
    append_match(object.key("match"), spec.match);
    if (spec.from) {
        object.time("from", *spec.from);
    }
    if (spec.until) {
        object.time("until", *spec.until);
    }
    if (spec.weekly) {
        JsonObject weekly(object.key("weekly"));
        weekly.text("day", to_string(spec.weekly->day));
        weekly.text("from", clock_text(spec.weekly->from_minute));
        weekly.text("to", clock_text(spec.weekly->to_minute));
        weekly.text("zone", spec.weekly->zone);
        weekly.close();
    }
    object.text("why", spec.why);
    object.text("owner", to_string(window.owner));
    object.time("createdAt", window.created_at);
    object.close();
}

}  // namespace muster
