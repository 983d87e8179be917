#include <muster/codec/report_json.hpp>

#include <cstdint>
#include <string_view>

#include <muster/codec/history_json.hpp>
#include <muster/codec/json_text.hpp>

namespace muster {
namespace {

void append_service(std::string& out, ServiceReport const& service) {
    auto const& seen = service.seen;
    JsonObject object(out);
    object.number("id", service.service.value);
    object.text("name", service.name);
    object.boolean("critical", service.critical);
    object.percent("uptime", service.availability.uptime_percent);
    object.percent("coverage", service.availability.coverage_percent);
    object.number("downMs", std::int64_t{service.down.count()});
    object.number("checks", static_cast<std::int64_t>(seen.checks));
    append_response_times(object, seen);
    object.close();
}

void append_incident(std::string& out, Incident const& incident) {
    JsonObject object(out);
    object.text("service", incident.service);
    object.time("from", incident.from);
    if (incident.until) {
        object.time("until", *incident.until);
        object.number("durationMs", std::int64_t{(*incident.until - incident.from).count()});
    } else {
        object.null("until");
        object.null("durationMs");
    }
    object.text("why", incident.why);
    object.close();
}

}  // namespace

void append_report(std::string& out, Report const& report) {
    JsonObject object(out);
    object.text("projectName", report.project);
    object.time("from", report.from);
    object.time("until", report.until);
    object.percent("uptime", report.availability.uptime_percent);
    object.percent("coverage", report.availability.coverage_percent);
    auto& services = object.key("services");
    services += '[';
    for (auto const& service : report.services) {
        services += &service == &report.services.front() ? "" : ",";
        append_service(services, service);
    }
    services += ']';
    auto& incidents = object.key("incidents");
    incidents += '[';
    for (auto const& incident : report.incidents) {
        incidents += &incident == &report.incidents.front() ? "" : ",";
        append_incident(incidents, incident);
    }
    incidents += ']';
    object.boolean("moreIncidents", report.more_incidents);
    object.close();
}

}  // namespace muster
