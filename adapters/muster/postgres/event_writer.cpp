#include <muster/postgres/event_writer.hpp>

#include <string>

#include <muster/codec/record_json.hpp>

namespace muster::postgres {
namespace {

/// The part of the hub whose problems are the database's.
constexpr std::string_view kStore = "store";

}  // namespace

Result<void> EventWriter::event(About const& about, EventRow const& row) {
    return transaction_.run(
        "INSERT INTO event (hub, project, service, type, severity, description, metadata, at)"
        " VALUES ($1, $2, $3, $4, $5, $6, $7, $8)",
        about.hub, about.project, about.service, row.type, row.severity, row.description,
        row.metadata_json, row.occurred_at);
}

Result<void> EventWriter::metrics(std::int64_t project, ProjectMetrics const& metrics) {
    auto const& sample = metrics.sample;
    return transaction_.run(
        "INSERT INTO project_metric (project, at, requests_per_second, error_rate, error_count,"
        " memory_usage_percent, cpu_usage_percent, database_query_time_ms, api_usage)"
        " VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)",
        project, metrics.at, sample.requests_per_second, sample.error_rate, sample.error_count,
        sample.memory_usage_percent, sample.cpu_usage_percent, sample.database_query_time_ms,
        encode_api_usage(sample.api_usage));
}

Result<void> EventWriter::gap(std::int64_t hub, Gap const& gap) {
    return transaction_.run(
        "INSERT INTO gap (hub, from_seq, to_seq, follower, why, at) VALUES ($1, $2, $3, $4, $5, "
        "$6)",
        hub, gap.from, gap.to, gap.follower, gap.why, gap.at);
}

Result<void> EventWriter::started(std::int64_t hub, HubStarted const& started) {
    // What was wrong in its last life is not known to be wrong in this one.
    auto cleared = transaction_.run("DELETE FROM hub_problem WHERE hub = $1", hub);
    return cleared ? health(hub, "up", "up", {}, started.at) : cleared;
}

Result<void> EventWriter::stopped(std::int64_t hub, HubStopped const& stopped) {
    return health(hub, "off", "up", {}, stopped.at);
}

Result<void> EventWriter::problem(std::int64_t hub, HubProblem const& problem) {
    auto noted = problem.over
                     ? transaction_.run("DELETE FROM hub_problem WHERE hub = $1 AND what = $2", hub,
                                        problem.what)
                     : transaction_.run(
                           "INSERT INTO hub_problem VALUES ($1, $2, $3, $4) ON CONFLICT"
                           " (hub, what) DO UPDATE SET description = excluded.description",
                           hub, problem.what, problem.description, problem.at);
    return noted ? health_now(hub, problem.at) : noted;
}

Result<void> EventWriter::health_now(std::int64_t hub, WallTime at) {
    bool hub_works = true;
    bool store_works = true;
    std::string why;
    auto const rows = transaction_.prepared(
        "SELECT what, description FROM hub_problem WHERE hub = $1 ORDER BY since", hub);
    if (!rows) {
        return tl::unexpected(rows.error());
    }
    each_row(*rows, [&](PostgresRow const& row) {
        (row.text(0) == kStore ? store_works : hub_works) = false;
        why += (why.empty() ? "" : "; ") + std::string(row.text(1));
    });
    return health(hub, hub_works && store_works ? "up" : "degraded", store_works ? "up" : "down",
                  why, at);
}

Result<void> EventWriter::health(std::int64_t hub, std::string_view status,
                                 std::string_view database, std::string_view error, WallTime at) {
    return transaction_.run(
        "INSERT INTO hub_health (hub, status, database, error, at)"
        " VALUES ($1, $2, $3, nullif($4, ''), $5)",
        hub, status, database, error, at);
}

}  // namespace muster::postgres
