#pragma once

#include <span>
#include <vector>

#include <muster/base/result.hpp>
#include <muster/postgres/connection.hpp>
#include <muster/storage/migration.hpp>

namespace muster {

/// The steps that this program was built with, in order of their versions.
[[nodiscard]] std::span<Migration const> postgres_migrations() noexcept;

/// Those of `known` that the database lacks; changes nothing. Errors: unsupported (the database is
/// newer than `known`, or a step that it holds was changed since), as PostgreSQL's otherwise.
[[nodiscard]] Result<std::vector<Migration>> missing_in(PostgresConnection& connection,
                                                        std::span<Migration const> known);

/// Applies what is missing, each step in a transaction of its own with its version and checksum,
/// and gives what it applied. Of several programs that do so at once one does, the others wait and
/// find it done. Errors: as missing_in(); conflict (the database has something of one of our
/// names), unavailable (another program has been at it for a minute).
[[nodiscard]] Result<std::vector<Migration>> migrate(PostgresConnection& connection,
                                                     std::span<Migration const> known);

/// Keeps migrators out until the transaction ends, for whoever writes: a program that was started
/// before its database was migrated must not go on by the old shape. Errors: unavailable (one is at
/// it, or steps are missing), unsupported (the database is newer than this program).
[[nodiscard]] Result<void> hold_schema(PostgresConnection const& connection,
                                       PostgresTransaction& transaction);

/// Whether the database can be worked with as it is. Errors: unavailable (steps are missing),
/// unsupported (it is newer than this program).
[[nodiscard]] Result<void> check_schema(PostgresConnection& connection);

}  // namespace muster
