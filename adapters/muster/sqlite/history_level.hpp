#pragma once

#include <cstdint>
#include <limits>
#include <string_view>

#include <muster/base/result.hpp>
#include <muster/ports/store.hpp>
#include <muster/sqlite/database.hpp>

namespace muster {

/// Of a slot of checks without any that passed (check_slot.passed_from).
inline constexpr std::int64_t kNonePassed = std::numeric_limits<std::int64_t>::max();

/// The two levels of rollups: their name in history_level, their span, and what their statements
/// are. ?1 is the time in whole spans since 1970, ?2 the service.
struct RollupLevel {
    std::string_view name;
    Millis span;
    char const* read;    ///< One row: the columns of the table behind `service`.
    char const* write;   ///< ?3 … ?12: those columns.
    char const* oldest;  ///< The time of the oldest row.
    char const* weigh;   ///< Bytes of the oldest ?2 rows before ?1.
    char const* remove;  ///< Removes the oldest ?2 rows before ?1.

    /// What a row takes besides its sketch, about; measured by bench/store.
    static constexpr std::int64_t kRowBytes = 26;
};
extern RollupLevel const kMinutes;
extern RollupLevel const kHours;

/// What was written (or, negative, removed), as bytes of the level's account.
[[nodiscard]] Result<void> add_level_bytes(SqliteDatabase& database, std::string_view name,
                                           std::int64_t bytes);
[[nodiscard]] Result<std::int64_t> level_bytes(SqliteDatabase& database, std::string_view name);

/// Before `since` the level is not complete any more.
[[nodiscard]] Result<void> keep_level_since(SqliteDatabase& database, std::string_view name,
                                            std::int64_t since);
[[nodiscard]] Result<HistoryKept> read_kept(SqliteDatabase& database);

}  // namespace muster
