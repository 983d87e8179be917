#include <muster/postgres/history_level.hpp>

namespace muster::postgres {

Result<void> keep_level_since(PostgresTransaction& transaction, std::string_view name,
                              std::int64_t since) {
    return transaction.run("UPDATE history_level SET since = $2 WHERE name = $1 AND since < $2",
                           name, since);
}

Result<HistoryKept> read_kept(PostgresTransaction& transaction) {
    auto const rows = transaction.prepared("SELECT name, since FROM history_level");
    if (!rows) {
        return tl::unexpected(rows.error());
    }
    HistoryKept kept;
    each_row(*rows, [&kept](PostgresRow const& row) {
        auto& since = row.text(0) == "check"    ? kept.checks_since
                      : row.text(0) == "minute" ? kept.minutes_since
                                                : kept.hours_since;
        since = WallTime(Millis(row.integer(1)));
    });
    return kept;
}

}  // namespace muster::postgres
