#pragma once

#include <cstdint>
#include <map>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include <muster/base/result.hpp>

namespace muster {

/// A step of a schema, as migrations/ENGINE/V001__name.sql says it.
struct Migration {
    int version{0};
    std::string_view name;
    std::string_view sql;
};

/// `V001__name`.
[[nodiscard]] std::string file_name_of(Migration const& migration);

/// Tells whether the text of a step was changed. Stored: the same in every version.
[[nodiscard]] std::string checksum_of(Migration const& migration);

/// Checksums of the steps that a database holds, by version.
using AppliedMigrations = std::map<std::int64_t, std::string>;

/// Of `known`, in order of their versions: those that the database lacks. Errors: unsupported (it
/// is newer than `known`, or a step that it holds was changed since).
[[nodiscard]] Result<std::vector<Migration>> missing_migrations(std::span<Migration const> known,
                                                                AppliedMigrations const& applied);

/// Whether a database whose newest step is `found` (0: none) can be worked with as it is. Errors:
/// unavailable (steps are missing), unsupported (it is newer than `known`).
[[nodiscard]] Result<void> check_version(std::int64_t found, std::span<Migration const> known);

}  // namespace muster
