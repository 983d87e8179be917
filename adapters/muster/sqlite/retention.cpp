#include <muster/sqlite/retention.hpp>

#include <cstdint>
#include <limits>
#include <utility>

#include <muster/sqlite/check_writer.hpp>
#include <muster/sqlite/history_level.hpp>

namespace muster {
namespace {

constexpr std::int64_t kRowsAtOnce = 5'000;

constexpr std::int64_t kBeyondAll = std::numeric_limits<std::int64_t>::max();

struct Slot {
    std::int64_t id{0};  ///< 0: there is none.
    std::int64_t start_at{0};
    std::int64_t max_at{0};
};

/// `sql`: gives one slot at most, with the bound as ?1.
Result<Slot> find_slot(SqliteDatabase& database, char const* sql, std::int64_t bound) {
    Slot slot;
    auto const read = database.statement(sql).bind(bound).each([&](SqliteStatement const& row) {
        slot = {row.integer(0), row.integer(1), row.integer(2)};
    });
    if (!read) {
        return tl::unexpected(read.error());
    }
    return slot;
}

/// Takes the bytes of the rows that are about to go off the account. `sql`: counts them and the
/// bytes of their errors, with slot and bound.
Result<void> take_off(SqliteDatabase& database, char const* sql, std::int64_t slot,
                      std::int64_t bound) {
    std::int64_t bytes = 0;
    auto const read =
        database.statement(sql).bind(slot, bound).each([&](SqliteStatement const& row) {
            bytes = row.integer(0) * CheckWriter::kBytes + row.integer(1);
        });
    return read ? add_level_bytes(database, "check", -bytes) : read;
}

/// The checks of a slot that passed before the bound. A slot of which nothing is left goes too.
Result<void> forget_passed(SqliteDatabase& database, Slot const& slot, std::int64_t bound) {
    auto const until = bound == kBeyondAll ? kBeyondAll : bound - slot.start_at;
    auto done = take_off(database,
                         "SELECT count(*), 0 FROM check_result"
                         " WHERE slot = ?1 AND error IS NULL AND at < ?2",
                         slot.id, until);
    if (done) {
        done =
            database
                .statement("DELETE FROM check_result WHERE slot = ?1 AND error IS NULL AND at < ?2")
                .bind(slot.id, until)
                .run();
    }
    if (done) {
        auto const from = slot.max_at < bound ? kNonePassed : bound;
        done = database.statement("UPDATE check_slot SET passed_from = ?2 WHERE id = ?1")
                   .bind(slot.id, from)
                   .run();
    }
    if (done && slot.max_at < bound) {
        done = database
                   .statement(
                       "DELETE FROM check_slot WHERE id = ?1"
                       " AND NOT EXISTS (SELECT 1 FROM check_result WHERE slot = ?1)")
                   .bind(slot.id)
                   .run();
    }
    return done;
}

/// All checks of a slot before the bound.
Result<void> forget_all(SqliteDatabase& database, Slot const& slot, std::int64_t bound) {
    auto const until = bound == kBeyondAll ? kBeyondAll : bound - slot.start_at;
    auto done = take_off(database,
                         "SELECT count(*), coalesce(sum(length(CAST(error AS BLOB))), 0)"
                         " FROM check_result WHERE slot = ?1 AND at < ?2",
                         slot.id, until);
    if (done) {
        done = database.statement("DELETE FROM check_result WHERE slot = ?1 AND at < ?2")
                   .bind(slot.id, until)
                   .run();
    }
    if (done && slot.max_at < bound) {
        return database.statement("DELETE FROM check_slot WHERE id = ?1").bind(slot.id).run();
    }
    if (done) {
        done = database
                   .statement(
                       "UPDATE check_slot SET min_at = max(min_at, ?2),"
                       " passed_from = max(passed_from, ?2) WHERE id = ?1")
                   .bind(slot.id, bound)
                   .run();
    }
    return done;
}

Result<bool> happened(Result<void> const& done) {
    return done ? Result<bool>(true) : tl::unexpected(done.error());
}

/// By age: of one slot what passed, then what failed.
Result<bool> forget_old_checks(SqliteDatabase& database, ResultStore::Retention const& retention) {
    auto const before = retention.checks_before.time_since_epoch().count();
    auto slot = find_slot(database,
                          "SELECT id, start_at, max_at FROM check_slot WHERE passed_from < ?1"
                          " ORDER BY passed_from LIMIT 1",
                          before);
    if (!slot) {
        return tl::unexpected(slot.error());
    }
    if (slot->id != 0) {
        return happened(forget_passed(database, *slot, before));
    }
    auto const failures_before = retention.failures_before.time_since_epoch().count();
    slot = find_slot(database,
                     "SELECT id, start_at, max_at FROM check_slot WHERE min_at < ?1"
                     " ORDER BY min_at LIMIT 1",
                     failures_before);
    if (!slot || slot->id == 0) {
        return slot ? Result<bool>(false) : tl::unexpected(slot.error());
    }
    return happened(forget_all(database, *slot, failures_before));
}

/// By size: what passed in the oldest slot that has such, else the oldest slot.
Result<bool> forget_excess_checks(SqliteDatabase& database, std::uint64_t most) {
    auto const bytes = level_bytes(database, "check");
    if (!bytes || most == 0 || static_cast<std::uint64_t>(*bytes) <= most) {
        return bytes ? Result<bool>(false) : tl::unexpected(bytes.error());
    }
    auto slot = find_slot(database,
                          "SELECT id, start_at, max_at FROM check_slot WHERE passed_from < ?1"
                          " ORDER BY passed_from LIMIT 1",
                          kNonePassed);
    bool const passed = slot && slot->id != 0;
    if (slot && !passed) {
        slot = find_slot(database,
                         "SELECT id, start_at, max_at FROM check_slot WHERE min_at < ?1"
                         " ORDER BY min_at LIMIT 1",
                         kBeyondAll);
    }
    if (!slot || slot->id == 0) {
        return slot ? Result<bool>(false) : tl::unexpected(slot.error());
    }
    auto done = keep_level_since(database, "check", slot->max_at + 1);
    if (done) {
        done = passed ? forget_passed(database, *slot, kBeyondAll)
                      : forget_all(database, *slot, kBeyondAll);
    }
    return happened(done);
}

/// The oldest rows before a time (in spans of the level).
Result<bool> forget_rollup_rows(SqliteDatabase& database, RollupLevel const& level,
                                std::int64_t before) {
    auto const bytes = database.statement(level.weigh).bind(before, kRowsAtOnce).number();
    if (!bytes || !*bytes) {
        return bytes ? Result<bool>(false) : tl::unexpected(bytes.error());
    }
    auto done = add_level_bytes(database, level.name, -**bytes);
    if (done) {
        done = database.statement(level.remove).bind(before, kRowsAtOnce).run();
    }
    return happened(done);
}

Result<bool> forget_rollups(SqliteDatabase& database, RollupLevel const& level, WallTime before,
                            std::uint64_t most) {
    auto const more = forget_rollup_rows(database, level, before.time_since_epoch() / level.span);
    if (!more || *more || most == 0) {
        return more;
    }
    auto const bytes = level_bytes(database, level.name);
    if (!bytes || static_cast<std::uint64_t>(*bytes) <= most) {
        return bytes ? Result<bool>(false) : tl::unexpected(bytes.error());
    }
    auto const oldest = database.statement(level.oldest).bind().number();
    if (!oldest || !*oldest) {
        return oldest ? Result<bool>(false) : tl::unexpected(oldest.error());
    }
    auto const kept = keep_level_since(database, level.name, (**oldest + 1) * level.span.count());
    return kept ? forget_rollup_rows(database, level, **oldest + 1) : tl::unexpected(kept.error());
}

/// Removes at most kRowsAtOnce rows by a statement with the bound as ?1 and that number as ?2.
Result<bool> forget_rows(SqliteDatabase& database, char const* sql, WallTime before) {
    auto const done = database.statement(sql).bind(before, kRowsAtOnce).run();
    if (!done) {
        return tl::unexpected(done.error());
    }
    return database.changes() > 0;
}

/// Readers look at coarser levels for what is before this, whether it is gone already or not.
Result<void> keep_since(SqliteDatabase& database, ResultStore::Retention const& retention) {
    auto done =
        keep_level_since(database, "check", retention.checks_before.time_since_epoch().count());
    for (auto const& [level, before] : {std::pair(&kMinutes, retention.minutes_before),
                                        std::pair(&kHours, retention.hours_before)}) {
        if (done) {
            auto const spans = before.time_since_epoch() / level->span;
            done = keep_level_since(database, level->name, spans * level->span.count());
        }
    }
    return done;
}

Result<bool> forget_oldest(SqliteDatabase& database, ResultStore::Retention const& retention) {
    auto const kept = keep_since(database, retention);
    auto more = kept ? forget_old_checks(database, retention) : tl::unexpected(kept.error());
    if (more && !*more) {
        more = forget_excess_checks(database, retention.checks_bytes);
    }
    if (more && !*more) {
        more =
            forget_rollups(database, kMinutes, retention.minutes_before, retention.minutes_bytes);
    }
    if (more && !*more) {
        more = forget_rollups(database, kHours, retention.hours_before, retention.hours_bytes);
    }
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
    auto const committed = more ? transaction->commit() : tl::unexpected(more.error());
    if (!committed) {
        return tl::unexpected(committed.error());
    }
    return more;
}

}  // namespace muster
