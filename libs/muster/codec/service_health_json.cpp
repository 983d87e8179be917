#include <muster/codec/service_health_json.hpp>

#include <cstdint>

#include <muster/codec/fleet_json.hpp>
#include <muster/codec/json_text.hpp>
#include <muster/codec/service_json.hpp>

namespace muster {
namespace {

void append_state(JsonObject& object, ServiceView const& view) {
    object.text("status", to_string(view.status));
    append_overlays(object.key("overlays"), view.overlays);
    if (view.last_check) {
        object.time("lastCheck", *view.last_check);
    } else {
        object.null("lastCheck");
    }
    if (view.response_time) {
        object.number("responseTimeMs", std::int64_t{view.response_time->count()});
    } else {
        object.null("responseTimeMs");
    }
    object.boolean("isRunning", view.running);
    object.number("consecutiveFailures", std::int64_t{view.failures});
    object.percent("uptime", view.uptime_percent);
    object.percent("coverage", view.coverage_percent);
}

void append_details(std::string& out, Service const& service, ServiceView const& view) {
    JsonObject details(out);
    details.text("kind", kind_of(service.spec.probe));
    details.text("target", target_of(service.spec.probe));
    details.percent("flapPercent", view.flap_percent);
    append_seen(details, view.details);
    details.close();
}

void append_change(std::string& out, EventRow const& change) {
    JsonObject object(out);
    object.time("at", change.occurred_at);
    object.text("description", change.description);
    // Stored text of ours, but one bad row must not make the whole answer unreadable.
    object.raw("reason", is_json_object(change.metadata_json) ? change.metadata_json : "{}");
    object.close();
}

void append_check(std::string& out, CheckRow const& row) {
    JsonObject object(out);
    object.text("status", to_string(row.status));
    object.time("startedAt", row.last_check);
    object.time("recordedAt", row.recorded_at);
    object.number("responseTimeMs", std::int64_t{row.response_time.count()});
    if (!row.error.empty()) {
        object.text("errorMessage", row.error);
    }
    object.close();
}

}  // namespace

void append_service_health(std::string& out, Service const& service, ServiceView const* view,
                           std::optional<EventRow> const& change,
                           std::span<CheckRow const> checks) {
    ServiceView const unknown;
    auto const& known = view != nullptr ? *view : unknown;
    JsonObject object(out);
    object.number("id", service.id.value);
    object.text("project", service.spec.project);
    object.text("name", service.spec.name);
    append_state(object, known);
    append_details(object.key("details"), service, known);
    if (change) {
        append_change(object.key("lastTransition"), *change);
    } else {
        object.null("lastTransition");
    }
    auto& list = object.key("checks");
    list += '[';
    for (auto const& check : checks) {
        list += &check == &checks.front() ? "" : ",";
        append_check(list, check);
    }
    list += ']';
    object.close();
}

}  // namespace muster
