#include <muster/codec/history_json.hpp>

#include <string_view>

#include <muster/codec/json_text.hpp>

namespace muster {
namespace {

void text_or_null(JsonObject& object, std::string_view name, std::string_view text) {
    if (text.empty()) {
        object.null(name);
    } else {
        object.text(name, text);
    }
}

}  // namespace

void append_check_row(std::string& out, CheckRow const& row) {
    JsonObject object(out);
    object.text("projectName", row.project);
    object.text("serviceName", row.service);
    object.text("status", project_word(row.status));
    object.time("lastCheck", row.last_check);
    object.percent("uptimePercentage", row.uptime_percent);
    object.number("responseTimeMs", std::int64_t{row.response_time.count()});
    if (!row.error.empty()) {
        object.text("errorMessage", row.error);
    }
    object.time("recordedAt", row.recorded_at);
    object.close();
}

void append_event_row(std::string& out, EventRow const& row) {
    JsonObject object(out);
    object.number("id", row.id);
    text_or_null(object, "projectName", row.project);
    text_or_null(object, "serviceName", row.service);
    object.text("eventType", to_string(row.type));
    object.text("severity", to_string(row.severity));
    object.text("description", row.description);
    // Stored text of ours, but one bad row must not make the whole answer unreadable.
    object.raw("metadata", is_json_object(row.metadata_json) ? row.metadata_json : "{}");
    object.time("occurredAt", row.occurred_at);
    object.close();
}

}  // namespace muster
