#pragma once

#include <string>
#include <string_view>

#include <muster/base/result.hpp>
#include <muster/domain/record.hpp>
#include <muster/sqlite/database.hpp>

namespace muster {

/// Of which follower a cursor is.
struct CursorKind {
    std::string_view name;  ///< In errors.
    char const* read;       ///< journal_id and seq of the hub ?1.
};
extern CursorKind const kRawCursor;
extern CursorKind const kRollupCursor;

/// Where a hub's follower stands; an empty cursor where it never moved.
[[nodiscard]] Result<Cursor> read_cursor(SqliteDatabase& database, CursorKind const& kind,
                                         std::string const& hub_id);

/// Errors: conflict (the cursor is elsewhere).
[[nodiscard]] Result<void> expect_cursor(SqliteDatabase& database, CursorKind const& kind,
                                         std::string const& hub_id, Cursor const& expected);

}  // namespace muster
