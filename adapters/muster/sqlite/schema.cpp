#include <muster/sqlite/schema.hpp>

#include <cstdint>
#include <string>
#include <string_view>
#include <utility>

namespace muster {
namespace {

Result<bool> has_table(SqliteDatabase& database, std::string_view name) {
    auto const found =
        database.statement("SELECT count(*) FROM sqlite_schema WHERE type = 'table' AND name = ?1")
            .bind(name)
            .number();
    if (!found) {
        return tl::unexpected(found.error());
    }
    return found->value_or(0) != 0;
}

/// Makes the table of versions in an empty database; refuses to do it in somebody else's.
Result<void> prepare_versions(SqliteDatabase& database) {
    auto const there = has_table(database, "schema_version");
    if (!there) {
        return tl::unexpected(there.error());
    }
    if (*there) {
        return {};
    }
    auto const objects = database.statement("SELECT count(*) FROM sqlite_schema").bind().number();
    if (!objects) {
        return tl::unexpected(objects.error());
    }
    if (objects->value_or(0) != 0) {
        return failure(Errc::conflict, "this database belongs to some other program");
    }
    return database.execute(
        "CREATE TABLE IF NOT EXISTS schema_version ("
        " version INTEGER PRIMARY KEY, name TEXT NOT NULL, checksum TEXT NOT NULL,"
        " applied_at TEXT NOT NULL)");
}

Result<AppliedMigrations> read_applied(SqliteDatabase& database) {
    AppliedMigrations applied;
    auto const done = database.statement("SELECT version, checksum FROM schema_version")
                          .bind()
                          .each([&applied](SqliteStatement const& row) {
                              applied.emplace(row.integer(0), row.text(1));
                          });
    if (!done) {
        return tl::unexpected(done.error());
    }
    return applied;
}

Result<void> apply(SqliteDatabase& database, Migration const& migration) {
    auto transaction = SqliteTransaction::begin(database, true);
    if (!transaction) {
        return tl::unexpected(transaction.error());
    }
    auto done = database.execute(std::string(migration.sql));
    if (!done) {
        return done;
    }
    auto const checksum = checksum_of(migration);
    done = database
               .statement(
                   "INSERT INTO schema_version VALUES"
                   " (?1, ?2, ?3, strftime('%Y-%m-%dT%H:%M:%fZ', 'now'))")
               .bind(migration.version, migration.name, checksum)
               .run();
    if (!done) {
        return done;
    }
    return transaction->commit();
}

}  // namespace

int sqlite_schema_version() noexcept {
    auto const known = sqlite_migrations();
    return known.empty() ? 0 : known.back().version;
}

Result<void> migrate(SqliteDatabase& database, std::span<Migration const> known) {
    auto prepared = prepare_versions(database);
    if (!prepared) {
        return prepared;
    }
    auto const applied = read_applied(database);
    if (!applied) {
        return tl::unexpected(applied.error());
    }
    auto const missing = missing_migrations(known, *applied);
    if (!missing) {
        return tl::unexpected(missing.error());
    }
    for (auto const& migration : *missing) {
        auto done = apply(database, migration);
        if (!done) {
            return prefixed("migration " + file_name_of(migration), std::move(done.error()));
        }
    }
    return {};
}

Result<void> check_schema(SqliteDatabase& database) {
    auto const there = has_table(database, "schema_version");
    if (!there) {
        return tl::unexpected(there.error());
    }
    std::int64_t found = 0;
    if (*there) {
        auto const newest =
            database.statement("SELECT max(version) FROM schema_version").bind().number();
        if (!newest) {
            return tl::unexpected(newest.error());
        }
        found = newest->value_or(0);
    }
    return check_version(found, sqlite_migrations());
}

}  // namespace muster
