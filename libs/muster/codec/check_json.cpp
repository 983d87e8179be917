#include <muster/codec/check_json.hpp>

#include <muster/codec/json_text.hpp>
#include <muster/codec/phases_json.hpp>

namespace muster {
namespace {

double millis(Micros time) {
    return static_cast<double>(time.count()) / 1000.0;
}

void append_certificate(JsonObject& details, WallTime expires, WallTime now, bool resumed) {
    auto const left = std::chrono::floor<std::chrono::days>(expires - now);
    details.time("certificateExpires", expires);
    details.number("certificateDaysLeft", static_cast<std::int64_t>(left.count()));
    details.boolean("tlsResumed", resumed);
}

void append_details(std::string& out, HealthStatus status, WallTime now, Outcome const& outcome,
                    HealthPolicy const& policy) {
    JsonObject details(out);
    if (outcome.http_status != 0) {
        details.number("httpStatus", static_cast<std::int64_t>(outcome.http_status));
    }
    if (outcome.endpoints_total != 0) {
        details.number("endpointsHealthy", static_cast<std::int64_t>(outcome.endpoints_healthy));
        details.number("endpointsTotal", static_cast<std::int64_t>(outcome.endpoints_total));
    }
    if (outcome.certificate_expires) {
        append_certificate(details, *outcome.certificate_expires, now, outcome.tls_resumed);
    }
    if (!outcome.note.empty()) {
        details.text("note", outcome.note);
    }
    if (status == HealthStatus::degraded && outcome.response_time > policy.degraded_above) {
        details.number("degradedAbove", millis(policy.degraded_above));
    }
    details.close();
}

}  // namespace

void append_checked_service(std::string& out, ServiceSpec const& service, HealthStatus status,
                            WallTime started_at, Outcome const& outcome) {
    JsonObject object(out);
    object.text_or_null("project", service.project);
    object.text("service", service.name);
    object.text("kind", kind_of(service.probe));
    object.text("target", target_of(service.probe));
    object.text("status", to_string(status));
    object.time("startedAt", started_at);
    if (outcome.verdict == Verdict::not_counted) {
        object.null("responseTime");
    } else {
        object.number("responseTime", millis(outcome.response_time));
    }
    object.text_or_null("errorMessage", outcome.error);
    append_details(object.key("details"), status, started_at, outcome, service.policy);
    append_phases(object.key("phases"), outcome.phases);
    object.close();
}

}  // namespace muster
