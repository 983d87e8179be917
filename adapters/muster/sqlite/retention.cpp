#include <muster/sqlite/retention.hpp>

#include <algorithm>
#include <cstdint>

namespace muster {
namespace {

constexpr std::int64_t kRowsAtOnce = 5'000;

/// A slot that begins before the bound: whole, or its older rows.
Result<bool> forget_checks(SqliteDatabase& database, WallTime before) {
    std::int64_t slot = 0;
    std::int64_t start_at = 0;
    std::int64_t max_at = 0;
    auto done = database
                    .statement(
                        "SELECT id, start_at, max_at FROM check_slot WHERE min_at < ?1"
                        " ORDER BY min_at LIMIT 1")
                    .bind(before)
                    .each([&](SqliteStatement const& row) {
                        slot = row.integer(0);
                        start_at = row.integer(1);
                        max_at = row.integer(2);
                    });
    if (!done || slot == 0) {
        return done ? Result<bool>(false) : tl::unexpected(done.error());
    }
    auto const bound = before.time_since_epoch().count();
    if (max_at < bound) {
        done = database.statement("DELETE FROM check_result WHERE slot = ?1").bind(slot).run();
        if (done) {
            done = database.statement("DELETE FROM check_slot WHERE id = ?1").bind(slot).run();
        }
    } else {
        done = database.statement("DELETE FROM check_result WHERE slot = ?1 AND at < ?2")
                   .bind(slot, bound - start_at)
                   .run();
        if (done) {
            done = database.statement("UPDATE check_slot SET min_at = ?2 WHERE id = ?1")
                       .bind(slot, bound)
                       .run();
        }
    }
    return done ? Result<bool>(true) : tl::unexpected(done.error());
}

/// Removes at most kRowsAtOnce rows by a statement with the bound as ?1 and that number as ?2.
Result<bool> forget_rows(SqliteDatabase& database, char const* sql, WallTime before) {
    auto const done = database.statement(sql).bind(before, kRowsAtOnce).run();
    if (!done) {
        return tl::unexpected(done.error());
    }
    return database.changes() > 0;
}

Result<bool> forget_oldest(SqliteDatabase& database, ResultStore::Retention const& retention) {
    auto more = forget_checks(database, retention.checks_before);
    if (more && !*more) {
        more = forget_rows(database,
                           "DELETE FROM project_metric WHERE id IN"
                           " (SELECT id FROM project_metric WHERE at < ?1 ORDER BY at LIMIT ?2)",
                           retention.metrics_before);
    }
    if (more && !*more) {
        more = forget_rows(database,
                           "DELETE FROM event WHERE id IN"
                           " (SELECT id FROM event WHERE at < ?1 ORDER BY at LIMIT ?2)",
                           retention.events_before);
    }
    if (more && !*more) {
        more = forget_rows(database,
                           "DELETE FROM hub_health WHERE id IN"
                           " (SELECT id FROM hub_health WHERE at < ?1 ORDER BY at LIMIT ?2)",
                           retention.events_before);
    }
    if (more && !*more) {
        more = forget_rows(database,
                           "DELETE FROM gap WHERE id IN"
                           " (SELECT id FROM gap WHERE at < ?1 ORDER BY id LIMIT ?2)",
                           retention.events_before);
    }
    return more;
}

}  // namespace

Result<bool> forget_slice(SqliteDatabase& database, ResultStore::Retention const& retention) {
    auto transaction = SqliteTransaction::begin(database, true);
    if (!transaction) {
        return tl::unexpected(transaction.error());
    }
    auto more = forget_oldest(database, retention);
    if (!more || !*more) {
        return more;
    }
    auto const committed = transaction->commit();
    if (!committed) {
        return tl::unexpected(committed.error());
    }
    return true;
}

}  // namespace muster
