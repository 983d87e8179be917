#include <muster/sqlite/metrics_reader.hpp>

#include <cstdint>
#include <utility>
#include <vector>

#include <muster/codec/metrics_json.hpp>

namespace muster {

char const* const kMetricsSql =
    "SELECT at, requests_per_second, error_rate, error_count, memory_usage_percent,"
    " cpu_usage_percent, database_query_time_ms, api_usage FROM project_metric"
    " WHERE project = ?1 AND at >= ?2 AND at < ?3 ORDER BY at";

namespace {

ProjectMetrics metrics_of(SqliteStatement const& row, ProjectId project) {
    ProjectMetrics metrics;
    metrics.project = project;
    metrics.at = WallTime(Millis(row.integer(0)));
    auto& sample = metrics.sample;
    // Stored text of ours; one damaged row must not hide the others.
    auto usage = decode_metrics("{\"apiUsage\":" + std::string(row.text(7)) + "}");
    if (usage) {
        sample.api_usage = std::move(usage->api_usage);
    }
    sample.requests_per_second = row.real(1);
    sample.error_rate = row.real(2);
    sample.error_count = row.real(3);
    sample.memory_usage_percent = row.real(4);
    sample.cpu_usage_percent = row.real(5);
    sample.database_query_time_ms = row.real(6);
    return metrics;
}

}  // namespace

Result<void> read_metrics(SqliteDatabase& database, std::string const& hub_id,
                          MetricsQuery const& query, HistoryReader::MetricsVisitor const& visit) {
    std::vector<std::int64_t> keys;
    auto read = database
                    .statement(
                        "SELECT p.key FROM project p JOIN hub h ON h.key = p.hub"
                        " WHERE p.id = ?1 AND (?2 = '' OR h.hub_id = ?2) ORDER BY p.key")
                    .bind(query.project.value, hub_id)
                    .each([&keys](SqliteStatement const& row) { keys.push_back(row.integer(0)); });
    for (auto const key : keys) {
        bool wants_more = true;
        if (read) {
            read = database.statement(kMetricsSql)
                       .bind(key, query.from, query.until)
                       .each([&](SqliteStatement const& row) {
                           wants_more = visit(metrics_of(row, query.project));
                           return wants_more;
                       });
        }
        if (!wants_more) {
            break;
        }
    }
    return read;
}

}  // namespace muster
