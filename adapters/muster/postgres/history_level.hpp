#pragma once

#include <cstdint>
#include <string_view>

#include <muster/base/result.hpp>
#include <muster/ports/store.hpp>
#include <muster/postgres/connection.hpp>
#include <muster/postgres/partitions.hpp>

namespace muster::postgres {

/// The two levels of rollups.
struct RollupLevel {
    Facts facts;
    std::string_view name;  ///< In history_level.
    Millis span;

    /// What a row takes with its part of the index and without its sketch, about; measured:
    /// decision 0221.
    static constexpr std::int64_t kRowBytes = 120;
};
inline constexpr RollupLevel kMinutes{Facts::minutes, "minute", Millis(60'000)};
inline constexpr RollupLevel kHours{Facts::hours, "hour", Millis(3'600'000)};

/// Before `since`, in ms since 1970, the level is not complete any more.
[[nodiscard]] Result<void> keep_level_since(PostgresTransaction& transaction, std::string_view name,
                                            std::int64_t since);
[[nodiscard]] Result<HistoryKept> read_kept(PostgresTransaction& transaction);

}  // namespace muster::postgres
