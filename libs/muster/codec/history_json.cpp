#include <muster/codec/history_json.hpp>

#include <string_view>

namespace muster {
namespace {

double in_millis(Micros time) {
    return static_cast<double>(time.count()) / 1'000.0;
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

void append_response_times(JsonObject& object, Rollup const& seen) {
    auto const time = [&](std::string_view name, Micros value, bool known) {
        if (known) {
            object.number(name, in_millis(value));
        } else {
            object.null(name);
        }
    };
    bool const any = seen.checks > 0;
    bool const spread = !seen.response_times.empty();  // not so where a damaged one was left out
    time("avgMs", mean_of(seen), any);
    time("p50Ms", quantile_of(seen, 0.50), spread);
    time("p95Ms", quantile_of(seen, 0.95), spread);
    time("p99Ms", quantile_of(seen, 0.99), spread);
    time("maxMs", seen.longest, any);
}

void append_bucket_row(std::string& out, BucketRow const& row) {
    auto const& seen = row.bucket.seen;
    JsonObject object(out);
    object.time("from", row.bucket.from);
    object.time("to", row.bucket.to);
    object.text("serviceName", row.service);
    object.number("checks", static_cast<std::int64_t>(seen.checks));
    object.number("up", static_cast<std::int64_t>(seen.up));
    object.number("degraded", static_cast<std::int64_t>(seen.degraded));
    object.number("down", static_cast<std::int64_t>(seen.down));
    object.number("unobservedMs", std::int64_t{row.bucket.unobserved.count()});
    append_response_times(object, seen);
    object.close();
}

void append_event_row(std::string& out, EventRow const& row) {
    JsonObject object(out);
    object.number("id", row.id);
    object.text_or_null("projectName", row.project);
    object.text_or_null("serviceName", row.service);
    object.text("eventType", to_string(row.type));
    object.text("severity", to_string(row.severity));
    object.text("description", row.description);
    // Stored text of ours, but one bad row must not make the whole answer unreadable.
    object.raw("metadata", is_json_object(row.metadata_json) ? row.metadata_json : "{}");
    object.time("occurredAt", row.occurred_at);
    object.close();
}

}  // namespace muster
