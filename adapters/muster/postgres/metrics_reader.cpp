#include <muster/postgres/metrics_reader.hpp>

#include <cstdint>
#include <utility>

#include <muster/codec/metrics_json.hpp>

namespace muster::postgres {
namespace {

constexpr std::size_t kSamplesAtOnce = 5'000;

ProjectMetrics metrics_of(PostgresRow const& row, ProjectId project) {
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

/// Of one project's key behind (`at`, `id`), some of them.
Result<PostgresRows> page(PostgresTransaction& transaction, std::int64_t key, WallTime at,
                          std::int64_t id, WallTime until) {
    return transaction.query(
        "SELECT (extract(epoch FROM at) * 1000)::bigint, requests_per_second, error_rate,"
        " error_count, memory_usage_percent, cpu_usage_percent, database_query_time_ms, api_usage,"
        " id FROM project_metric WHERE project = $1 AND at >= $2 AND (at, id) > ($2, $3)"
        " AND at < $4 ORDER BY at, id LIMIT $5",
        key, at, id, until, kSamplesAtOnce);
}

}  // namespace

Result<void> read_metrics(PostgresTransaction& transaction, std::string const& hub_id,
                          MetricsQuery const& query, HistoryReader::MetricsVisitor const& visit,
                          std::function<bool()> const& too_late) {
    auto const keys = transaction.query(
        "SELECT p.key FROM project p JOIN hub h ON h.key = p.hub"
        " WHERE p.id = $1 AND ($2 = '' OR h.hub_id = $2) ORDER BY p.key",
        query.project.value, hub_id);
    if (!keys) {
        return tl::unexpected(keys.error());
    }
    for (std::size_t key = 0; key < keys->size(); ++key) {
        auto at = query.from;
        std::int64_t id = 0;
        std::size_t found = kSamplesAtOnce;
        while (found == kSamplesAtOnce) {
            if (too_late()) {
                return failure(Errc::timed_out, "too late");
            }
            auto const rows = page(transaction, keys->integer(key, 0), at, id, query.until);
            if (!rows) {
                return tl::unexpected(rows.error());
            }
            found = rows->size();
            for (std::size_t row = 0; row < found; ++row) {
                if (!visit(metrics_of(PostgresRow(*rows, row), query.project))) {
                    return {};
                }
            }
            if (found != 0) {
                at = WallTime(Millis(rows->integer(found - 1, 0)));
                id = rows->integer(found - 1, 8);
            }
        }
    }
    return {};
}

}  // namespace muster::postgres
