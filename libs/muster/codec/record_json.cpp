#include <muster/codec/record_json.hpp>

#include <cstdint>
#include <utility>
#include <variant>
#include <vector>

#include <muster/base/utf8.hpp>
#include <muster/codec/json_text.hpp>
#include <muster/codec/phases_json.hpp>
#include <muster/codec/service_json.hpp>

namespace muster {
namespace {

template <class Number>
void integer(JsonObject& object, std::string_view name, Number value) {
    object.number(name, static_cast<std::int64_t>(value));
}

void append_deciding(std::string& out, std::vector<DecidingResult> const& results) {
    out += '[';
    for (auto const& result : results) {
        if (out.back() != '[') {
            out += ',';
        }
        JsonObject object(out);
        object.time("at", result.at);
        integer(object, "responseTimeMs", result.response_time.count());
        if (!result.error.empty()) {
            object.text("error", result.error);
        }
        object.close();
    }
    out += ']';
}

void append_reason(std::string& out, Reason const& reason) {
    JsonObject object(out);
    object.text("cause", to_string(reason.cause));
    integer(object, "count", reason.count);
    integer(object, "threshold", reason.threshold);
    if (reason.of != 0) {
        integer(object, "of", reason.of);
    }
    integer(object, "responseTimeMs", reason.response_time.count());
    integer(object, "degradedAboveMs", reason.degraded_above.count());
    if (reason.normal_below != Millis(0)) {
        integer(object, "normalBelowMs", reason.normal_below.count());
    }
    if (reason.http_status != 0) {
        integer(object, "httpStatus", reason.http_status);
    }
    if (!reason.error.empty()) {
        object.text("error", reason.error);
    }
    append_phases(object.key("phases"), reason.phases);
    append_deciding(object.key("deciding"), reason.deciding);
    if (!reason.root.empty()) {
        object.text("rootCause", reason.root);
    }
    object.close();
}

std::string message_id(std::string_view hub_id, Position position) {
    return std::string(hub_id) + ":" + std::to_string(position.epoch) + ":" +
           std::to_string(position.seq);
}

}  // namespace

std::string encode_reason(Reason const& reason) {
    std::string out;
    append_reason(out, reason);
    return out;
}

std::string encode_health_change(std::string_view hub_id, Position position,
                                 Transition const& transition) {
    std::string out;
    JsonObject object(out);
    object.text("id", message_id(hub_id, position));
    object.text("hubId", hub_id);
    object.text("project", transition.project);
    object.text("service", transition.name);
    object.text("status", to_string(transition.to));
    object.text("previousStatus", to_string(transition.from));
    append_reason(object.key("reason"), transition.reason);
    integer(object, "responseTimeMs", transition.reason.response_time.count());
    object.time("at", transition.at);
    object.time("timestamp", transition.at);
    object.close();
    return out;
}

std::string encode_service_registered(std::string_view hub_id, Service const& service) {
    std::string out;
    append_service(out, service, nullptr);
    out.pop_back();  // the brace that closes it: what the bus adds comes before
    out += ",\"hubId\":";
    append_json_string(out, hub_id);
    out += ",\"timestamp\":";
    append_json_string(out, to_rfc3339(service.updated_at));
    out += '}';
    return out;
}

std::string encode_service_deregistered(std::string_view hub_id, ServiceRemoved const& removed) {
    std::string out;
    JsonObject object(out);
    integer(object, "id", removed.id.value);
    object.text("hubId", hub_id);
    object.text("project", removed.project);
    object.text("name", removed.name);
    object.time("timestamp", removed.at);
    object.close();
    return out;
}

std::string encode_api_usage(std::map<std::string, double> const& usage) {
    std::string out = "{";
    for (auto const& [api, count] : usage) {
        if (out.size() > 1) {
            out += ',';
        }
        append_json_string(out, api);
        out += ':';
        append_json_number(out, count);
    }
    out += '}';
    return out;
}

namespace {

/// Writes what is worth knowing of each kind of record.
class RecordWriter {
public:
    explicit RecordWriter(JsonObject& object) : object_(object) {}

    void operator()(CheckResult const& result) {
        object_.text("kind", "checkResult");
        integer(object_, "service", result.service.value);
        object_.time("startedAt", result.started_at);
        object_.time("acceptedAt", result.accepted_at);
        object_.text("verdict", to_string(result.outcome.verdict));
        integer(object_, "responseTimeUs", result.outcome.response_time.count());
        text("error", result.outcome.error);
        text("note", result.outcome.note);
        object_.text("status", to_string(result.after.status));
        integer(object_, "failures", result.after.failures);
        object_.number("uptimePercentage", result.uptime_percent);
    }
    void operator()(Transition const& transition) {
        object_.text("kind", "transition");
        integer(object_, "service", transition.service.value);
        text("project", transition.project);
        text("name", transition.name);
        object_.text("from", to_string(transition.from));
        object_.text("to", to_string(transition.to));
        object_.time("at", transition.at);
        text("error", transition.reason.error);
    }
    void operator()(ProjectMetrics const& metrics) {
        object_.text("kind", "projectMetrics");
        integer(object_, "project", metrics.project.value);
        object_.time("at", metrics.at);
        object_.number("requestsPerSecond", metrics.sample.requests_per_second);
        object_.number("errorRate", metrics.sample.error_rate);
        object_.number("errorCount", metrics.sample.error_count);
        object_.number("memoryUsagePercent", metrics.sample.memory_usage_percent);
        object_.number("cpuUsagePercent", metrics.sample.cpu_usage_percent);
        object_.number("databaseQueryTime", metrics.sample.database_query_time_ms);
        std::map<std::string, double> usage;
        for (auto const& [api, count] : metrics.sample.api_usage) {
            usage.emplace(clean_text(api), count);
        }
        object_.raw("apiUsage", encode_api_usage(usage));
    }
    void operator()(ProjectChanged const& changed) {
        object_.text("kind", "projectChanged");
        integer(object_, "project", changed.project.id.value);
        text("name", changed.project.spec.name);
        text("description", changed.project.spec.description);
    }
    void operator()(ProjectRemoved const& removed) {
        object_.text("kind", "projectRemoved");
        integer(object_, "project", removed.id.value);
        text("name", removed.name);
        object_.time("at", removed.at);
    }
    void operator()(ServiceChanged const& changed) {
        object_.text("kind", "serviceChanged");
        integer(object_, "service", changed.service.id.value);
        integer(object_, "projectId", changed.service.project_id.value);
        text("project", changed.service.spec.project);
        text("name", changed.service.spec.name);
    }
    void operator()(ServiceRemoved const& removed) {
        object_.text("kind", "serviceRemoved");
        integer(object_, "service", removed.id.value);
        text("project", removed.project);
        text("name", removed.name);
        object_.time("at", removed.at);
    }
    void operator()(HubStarted const& started) {
        object_.text("kind", "hubStarted");
        text("hubId", started.hub_id);
        text("version", started.version);
        object_.time("at", started.at);
    }
    void operator()(HubStopped const& stopped) {
        object_.text("kind", "hubStopped");
        object_.time("at", stopped.at);
    }
    void operator()(Gap const& gap) {
        object_.text("kind", "gap");
        integer(object_, "from", gap.from);
        integer(object_, "to", gap.to);
        text("follower", gap.follower);
        text("why", gap.why);
        object_.time("at", gap.at);
    }
    void operator()(HubProblem const& problem) {
        object_.text("kind", "hubProblem");
        text("what", problem.what);
        text("description", problem.description);
        object_.boolean("over", problem.over);
        object_.time("at", problem.at);
    }
    void operator()(OverlayChanged const& changed) {
        object_.text("kind", "overlayChanged");
        integer(object_, "service", changed.service.value);
        text("project", changed.project);
        text("name", changed.name);
        object_.text("overlay", to_string(changed.overlay));
        object_.boolean("on", changed.on);
        text("why", changed.why);
        text("rootCause", changed.root);
        object_.time("at", changed.at);
    }
    void operator()(MaintenanceChanged const& changed) {
        object_.text("kind", "maintenanceChanged");
        integer(object_, "window", changed.window.id.value);
        text("why", changed.window.spec.why);
        object_.time("at", changed.at);
    }
    void operator()(MaintenanceRemoved const& removed) {
        object_.text("kind", "maintenanceRemoved");
        integer(object_, "window", removed.id.value);
        object_.time("at", removed.at);
    }
    void operator()(ConfigReloaded const& reloaded) {
        object_.text("kind", "configReloaded");
        integer(object_, "added", reloaded.added);
        integer(object_, "changed", reloaded.changed);
        integer(object_, "removed", reloaded.removed);
        object_.time("at", reloaded.at);
    }

private:
    void text(std::string_view name, std::string_view value) {
        object_.text(name, clean_text(value));
    }

    JsonObject& object_;
};

}  // namespace

std::string encode_record(Record const& record) {
    std::string out;
    JsonObject object(out);
    integer(object, "epoch", record.position.epoch);
    integer(object, "seq", record.position.seq);
    std::visit(RecordWriter(object), record.body);
    object.close();
    return out;
}

}  // namespace muster
