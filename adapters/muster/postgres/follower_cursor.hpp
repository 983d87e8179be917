#pragma once

#include <string>
#include <string_view>

#include <muster/base/result.hpp>
#include <muster/domain/record.hpp>
#include <muster/postgres/connection.hpp>

namespace muster::postgres {

/// Of which follower a cursor is.
struct CursorKind {
    std::string_view name;  ///< In errors.
    char const* read;       ///< journal_id and seq of the hub $1.
    char const* lock;       ///< The same, of the hub with the key $1, FOR UPDATE.
};
extern CursorKind const kRawCursor;
extern CursorKind const kRollupCursor;

/// Where a hub's follower stands; an empty cursor where it never moved.
[[nodiscard]] Result<Cursor> read_cursor(PostgresTransaction& transaction, CursorKind const& kind,
                                         std::string const& hub_id);

/// Locks the cursor, which waits for a COMMIT of unknown outcome to come to its end.
/// Errors: conflict (it is elsewhere).
[[nodiscard]] Result<void> expect_cursor(PostgresTransaction& transaction, CursorKind const& kind,
                                         std::int64_t hub, std::string const& hub_id,
                                         Cursor const& expected);

}  // namespace muster::postgres
