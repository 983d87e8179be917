#include <muster/sqlite/history_level.hpp>

namespace muster {

RollupLevel const kMinutes{
    "minute",
    Millis(60'000),
    "SELECT checks, unknown, degraded, down, missed_ms, down_ms, total_us, shortest_us,"
    " longest_us, sketch FROM rollup_minute WHERE at = ?1 AND service = ?2",
    "INSERT OR REPLACE INTO rollup_minute VALUES"
    " (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12)",
    "SELECT min(at) FROM rollup_minute",
    "SELECT sum(26 + coalesce(length(sketch), 0)) FROM (SELECT sketch FROM rollup_minute"
    " WHERE at < ?1 ORDER BY at, service LIMIT ?2)",
    "DELETE FROM rollup_minute WHERE (at, service) IN (SELECT at, service FROM rollup_minute"
    " WHERE at < ?1 ORDER BY at, service LIMIT ?2)"};
RollupLevel const kHours{
    "hour",
    Millis(3'600'000),
    "SELECT checks, unknown, degraded, down, missed_ms, down_ms, total_us, shortest_us,"
    " longest_us, sketch FROM rollup_hour WHERE at = ?1 AND service = ?2",
    "INSERT OR REPLACE INTO rollup_hour VALUES"
    " (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12)",
    "SELECT min(at) FROM rollup_hour",
    "SELECT sum(26 + coalesce(length(sketch), 0)) FROM (SELECT sketch FROM rollup_hour"
    " WHERE at < ?1 ORDER BY at, service LIMIT ?2)",
    "DELETE FROM rollup_hour WHERE (at, service) IN (SELECT at, service FROM rollup_hour"
    " WHERE at < ?1 ORDER BY at, service LIMIT ?2)"};

Result<void> add_level_bytes(SqliteDatabase& database, std::string_view name, std::int64_t bytes) {
    return database.statement("UPDATE history_level SET bytes = max(0, bytes + ?2) WHERE name = ?1")
        .bind(name, bytes)
        .run();
}

Result<std::int64_t> level_bytes(SqliteDatabase& database, std::string_view name) {
    auto const bytes =
        database.statement("SELECT bytes FROM history_level WHERE name = ?1").bind(name).number();
    if (!bytes) {
        return tl::unexpected(bytes.error());
    }
    return bytes->value_or(0);
}

Result<void> keep_level_since(SqliteDatabase& database, std::string_view name, std::int64_t since) {
    return database.statement("UPDATE history_level SET since = ?2 WHERE name = ?1 AND since < ?2")
        .bind(name, since)
        .run();
}

Result<HistoryKept> read_kept(SqliteDatabase& database) {
    HistoryKept kept;
    auto const read = database.statement("SELECT name, since FROM history_level")
                          .bind()
                          .each([&kept](SqliteStatement const& row) {
                              auto& since = row.text(0) == "check"    ? kept.checks_since
                                            : row.text(0) == "minute" ? kept.minutes_since
                                                                      : kept.hours_since;
                              since = WallTime(Millis(row.integer(1)));
                          });
    if (!read) {
        return tl::unexpected(read.error());
    }
    return kept;
}

}  // namespace muster
