#pragma once

#include <span>

#include <muster/base/result.hpp>
#include <muster/sqlite/database.hpp>
#include <muster/storage/migration.hpp>

namespace muster {

/// The steps that this program was built with, in order of their versions.
[[nodiscard]] std::span<Migration const> sqlite_migrations() noexcept;

/// The version that this program works with: of the last of its migrations.
[[nodiscard]] int sqlite_schema_version() noexcept;

/// Applies what is missing, each step in a transaction of its own with its version and checksum.
/// Errors: unsupported (the database is newer than `known`, or a step that it holds was changed
/// since), conflict (a database of some other program), as SQLite's otherwise.
[[nodiscard]] Result<void> migrate(SqliteDatabase& database, std::span<Migration const> known);

/// Whether a database can be read as it is. Errors: unavailable (steps are missing: its writer has
/// not opened it yet), unsupported (it is newer than this program).
[[nodiscard]] Result<void> check_schema(SqliteDatabase& database);

}  // namespace muster
