#include <muster/postgres/schema.hpp>

#include <optional>
#include <string>
#include <utility>

#include <muster/postgres/advisory_lock.hpp>

namespace muster {
namespace {

using Kind = PostgresTransaction::Kind;

Result<AppliedMigrations> read_applied(PostgresTransaction& transaction) {
    auto const there = transaction.query(
        "SELECT count(*) FROM pg_catalog.pg_tables"
        " WHERE schemaname = 'muster' AND tablename = 'schema_version'");
    if (!there) {
        return tl::unexpected(there.error());
    }
    AppliedMigrations applied;
    if (there->number().value_or(0) == 0) {
        return applied;
    }
    auto const rows = transaction.query("SELECT version, checksum FROM muster.schema_version");
    if (!rows) {
        return tl::unexpected(rows.error());
    }
    each_row(*rows,
             [&applied](PostgresRow const& row) { applied.emplace(row.integer(0), row.text(1)); });
    return applied;
}

Result<std::vector<Migration>> missing_now(PostgresTransaction& transaction,
                                           std::span<Migration const> known) {
    auto const applied = read_applied(transaction);
    if (!applied) {
        return tl::unexpected(applied.error());
    }
    return missing_migrations(known, *applied);
}

Result<void> apply(PostgresTransaction& transaction, Migration const& migration) {
    auto done = transaction.script(
        "CREATE SCHEMA IF NOT EXISTS muster;"
        "CREATE TABLE IF NOT EXISTS muster.schema_version (version integer PRIMARY KEY,"
        " name text NOT NULL, checksum text NOT NULL,"
        " applied_at timestamptz NOT NULL DEFAULT now());" +
        std::string(migration.sql));
    if (done) {
        done = transaction.query(
            "INSERT INTO muster.schema_version (version, name, checksum) VALUES ($1, $2, $3)",
            migration.version, migration.name, checksum_of(migration));
    }
    return done ? transaction.commit() : tl::unexpected(std::move(done.error()));
}

/// A lock that was not given in time says no more than that.
Error told_of_migrator(PostgresConnection const& connection, Error error) {
    if (error.code == Errc::unavailable && connection.alive()) {
        error.message +=
            ": another program is changing the database's schema (muster migrate, or"
            " a hub that starts)";
    }
    return error;
}

std::string migration_lock() {
    return "(" + std::to_string(postgres::kLockClass) + ", " +
           std::to_string(postgres::kMigrationLock) + ")";
}

/// The first step that is missing, under the lock; nothing: there was none.
Result<std::optional<Migration>> apply_next(PostgresConnection& connection,
                                            std::span<Migration const> known) {
    auto transaction = PostgresTransaction::begin(connection, Kind::write);
    if (!transaction) {
        return tl::unexpected(transaction.error());
    }
    auto const locked = (*transaction)
                            ->script(
                                "SET LOCAL statement_timeout = 0; SET LOCAL lock_timeout = '60s';"
                                "SELECT pg_advisory_xact_lock" +
                                migration_lock());
    if (!locked) {
        return tl::unexpected(told_of_migrator(connection, locked.error()));
    }
    auto const missing = missing_now(**transaction, known);
    if (!missing) {
        return tl::unexpected(missing.error());
    }
    if (missing->empty()) {
        return std::optional<Migration>();
    }
    auto const& next = missing->front();
    auto const applied = apply(**transaction, next);
    if (!applied) {
        return prefixed("migration " + file_name_of(next), applied.error());
    }
    return std::optional(next);
}

}  // namespace

Result<std::vector<Migration>> missing_in(PostgresConnection& connection,
                                          std::span<Migration const> known) {
    auto transaction = PostgresTransaction::begin(connection, Kind::one_moment);
    if (!transaction) {
        return tl::unexpected(transaction.error());
    }
    return missing_now(**transaction, known);
}

Result<std::vector<Migration>> migrate(PostgresConnection& connection,
                                       std::span<Migration const> known) {
    // What is up to date needs no lock, and no right to make anything.
    auto missing = missing_in(connection, known);
    if (!missing || missing->empty()) {
        return missing;
    }
    std::vector<Migration> applied;
    while (true) {
        auto const next = apply_next(connection, known);
        if (!next) {
            return tl::unexpected(next.error());
        }
        if (!*next) {
            return applied;
        }
        applied.push_back(**next);
    }
}

Result<void> hold_schema(PostgresConnection const& connection, PostgresTransaction& transaction) {
    // Two statements, each with its own view: the version is that behind the lock.
    static auto const sql = "SELECT pg_advisory_xact_lock_shared" + migration_lock() +
                            "; SELECT coalesce(max(version), 0) FROM muster.schema_version";
    auto const version = transaction.script(sql);
    if (!version) {
        return tl::unexpected(told_of_migrator(connection, version.error()));
    }
    return check_version(version->number().value_or(0), postgres_migrations());
}

Result<void> check_schema(PostgresConnection& connection) {
    auto transaction = PostgresTransaction::begin(connection, Kind::one_moment);
    if (!transaction) {
        return tl::unexpected(transaction.error());
    }
    auto const applied = read_applied(**transaction);
    if (!applied) {
        return tl::unexpected(applied.error());
    }
    return check_version(applied->empty() ? 0 : applied->rbegin()->first, postgres_migrations());
}

}  // namespace muster
