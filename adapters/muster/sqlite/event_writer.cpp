#include <muster/sqlite/event_writer.hpp>

#include <muster/codec/record_json.hpp>

namespace muster {
namespace {

/// The part of the hub whose problems are the database's.
constexpr std::string_view kStore = "store";

}  // namespace

Result<void> EventWriter::event(About const& about, EventRow const& row) {
    return database_
        .statement(
            "INSERT INTO event (hub, project, service, type, severity, description,"
            " metadata, at) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8)")
        .bind(about.hub, about.project, about.service, row.type, row.severity, row.description,
              row.metadata_json, row.occurred_at)
        .run();
}

Result<void> EventWriter::metrics(std::int64_t project, ProjectMetrics const& metrics) {
    auto const& sample = metrics.sample;
    auto const usage = encode_api_usage(sample.api_usage);
    return database_
        .statement(
            "INSERT INTO project_metric (project, at, requests_per_second, error_rate,"
            " error_count, memory_usage_percent, cpu_usage_percent, database_query_time_ms,"
            " api_usage) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9)")
        .bind(project, metrics.at, sample.requests_per_second, sample.error_rate,
              sample.error_count, sample.memory_usage_percent, sample.cpu_usage_percent,
              sample.database_query_time_ms, usage)
        .run();
}

Result<void> EventWriter::gap(std::int64_t hub, Gap const& gap) {
    return database_
        .statement(
            "INSERT INTO gap (hub, from_seq, to_seq, follower, why, at)"
            " VALUES (?1, ?2, ?3, ?4, ?5, ?6)")
        .bind(hub, gap.from, gap.to, gap.follower, gap.why, gap.at)
        .run();
}

Result<bool> EventWriter::extend_gap(std::int64_t hub, Gap const& gap) {
    constexpr Millis kPause{600'000};
    auto const done = database_
                          .statement(
                              "UPDATE gap SET to_seq = ?5, at = ?6"
                              " WHERE id = (SELECT max(id) FROM gap WHERE hub = ?1)"
                              " AND follower = ?2 AND why = ?3 AND at >= ?4")
                          .bind(hub, gap.follower, gap.why, gap.at - kPause, gap.to, gap.at)
                          .run();
    if (!done) {
        return tl::unexpected(done.error());
    }
    return database_.changes() > 0;
}

Result<void> EventWriter::started(std::int64_t hub, HubStarted const& started) {
    // What was wrong in its last life is not known to be wrong in this one.
    auto cleared = database_.statement("DELETE FROM hub_problem WHERE hub = ?1").bind(hub).run();
    if (!cleared) {
        return cleared;
    }
    return health(hub, "up", "up", {}, started.at);
}

Result<void> EventWriter::stopped(std::int64_t hub, HubStopped const& stopped) {
    return health(hub, "off", "up", {}, stopped.at);
}

Result<void> EventWriter::problem(std::int64_t hub, HubProblem const& problem) {
    auto noted = problem.over
                     ? database_.statement("DELETE FROM hub_problem WHERE hub = ?1 AND what = ?2")
                           .bind(hub, problem.what)
                           .run()
                     : database_
                           .statement(
                               "INSERT INTO hub_problem VALUES (?1, ?2, ?3, ?4) ON CONFLICT"
                               " (hub, what) DO UPDATE SET description = ?3")
                           .bind(hub, problem.what, problem.description, problem.at)
                           .run();
    return noted ? health_now(hub, problem.at) : noted;
}

Result<void> EventWriter::health_now(std::int64_t hub, WallTime at) {
    bool hub_works = true;
    bool store_works = true;
    std::string why;
    auto const read =
        database_
            .statement("SELECT what, description FROM hub_problem WHERE hub = ?1 ORDER BY since")
            .bind(hub)
            .each([&](SqliteStatement const& row) {
                (row.text(0) == kStore ? store_works : hub_works) = false;
                why += (why.empty() ? "" : "; ") + std::string(row.text(1));
            });
    if (!read) {
        return read;
    }
    return health(hub, hub_works && store_works ? "up" : "degraded", store_works ? "up" : "down",
                  why, at);
}

Result<void> EventWriter::health(std::int64_t hub, std::string_view status,
                                 std::string_view database, std::string_view error, WallTime at) {
    std::optional<std::string_view> const told =
        error.empty() ? std::nullopt : std::optional(error);
    return database_
        .statement(
            "INSERT INTO hub_health (hub, status, database, error, at)"
            " VALUES (?1, ?2, ?3, ?4, ?5)")
        .bind(hub, status, database, told, at)
        .run();
}

}  // namespace muster
