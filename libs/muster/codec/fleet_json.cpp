#include <muster/codec/fleet_json.hpp>

#include <muster/codec/json_text.hpp>

namespace muster {

void append_overlays(std::string& out, Overlays overlays) {
    out += '[';
    bool first = true;
    for (auto const& [overlay, name] : enum_names(Overlay{})) {
        if (overlays.has(overlay)) {
            out += first ? "" : ",";
            append_json_string(out, name);
            first = false;
        }
    }
    out += ']';
}

void append_project_status(std::string& out, ProjectView const& project) {
    JsonObject object(out);
    object.text("projectName", project.name);
    object.text("status", project_word(project.status));
    if (project.last_check) {
        object.time("lastCheck", *project.last_check);
    } else {
        object.null("lastCheck");
    }
    object.percent("uptime", project.uptime_percent);
    object.percent("coverage", project.coverage_percent);
    if (project.response_time) {
        object.number("responseTime", std::int64_t{project.response_time->count()});
    } else {
        object.null("responseTime");
    }
    object.boolean("isRunning", project.running);
    append_overlays(object.key("overlays"), project.overlays);
    object.close();
}

void append_status_member(std::string& out, ProjectView const& project) {
    append_json_string(out, project.name);
    out += ':';
    append_project_status(out, project);
}

void append_project_metrics(std::string& out, std::string_view project,
                            ProjectMetrics const& metrics) {
    auto const& sample = metrics.sample;
    JsonObject object(out);
    object.text("projectName", project);
    object.number("requestsPerSecond", sample.requests_per_second);
    object.number("errorRate", sample.error_rate);
    object.number("errorCount", sample.error_count);
    auto& usage = object.key("apiUsage");
    usage += '{';
    for (auto const& [api, count] : sample.api_usage) {
        if (usage.back() != '{') {
            usage += ',';
        }
        append_json_string(usage, api);
        usage += ':';
        append_json_number(usage, count);
    }
    usage += '}';
    object.number("memoryUsagePercent", sample.memory_usage_percent);
    object.number("cpuUsagePercent", sample.cpu_usage_percent);
    object.number("databaseQueryTime", sample.database_query_time_ms);
    object.time("timestamp", metrics.at);
    object.close();
}

}  // namespace muster
