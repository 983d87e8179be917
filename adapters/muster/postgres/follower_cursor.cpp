#include <muster/postgres/follower_cursor.hpp>

#include <cstdint>

namespace muster::postgres {
namespace {

std::string text_of(Cursor const& cursor) {
    return cursor.journal_id.empty() ? "the beginning"
                                     : cursor.journal_id + ":" + std::to_string(cursor.seq);
}

Result<Cursor> cursor_from(Result<PostgresRows> const& rows) {
    if (!rows) {
        return tl::unexpected(rows.error());
    }
    Cursor cursor;
    each_row(*rows, [&cursor](PostgresRow const& row) {
        cursor.journal_id = row.text(0);
        cursor.seq = static_cast<std::uint64_t>(row.integer(1));
    });
    return cursor;
}

}  // namespace

CursorKind const kRawCursor{
    "cursor",
    "SELECT f.journal_id, f.seq FROM hub h JOIN follower f ON f.hub = h.key WHERE h.hub_id = $1",
    "SELECT journal_id, seq FROM follower WHERE hub = $1 FOR UPDATE"};
CursorKind const kRollupCursor{
    "rollup cursor",
    "SELECT f.journal_id, f.seq FROM hub h JOIN rollup_follower f ON f.hub = h.key"
    " WHERE h.hub_id = $1",
    "SELECT journal_id, seq FROM rollup_follower WHERE hub = $1 FOR UPDATE"};

Result<Cursor> read_cursor(PostgresTransaction& transaction, CursorKind const& kind,
                           std::string const& hub_id) {
    return cursor_from(transaction.prepared(kind.read, hub_id));
}

Result<void> expect_cursor(PostgresTransaction& transaction, CursorKind const& kind,
                           std::int64_t hub, std::string const& hub_id, Cursor const& expected) {
    auto const cursor = cursor_from(transaction.prepared(kind.lock, hub));
    if (!cursor) {
        return tl::unexpected(cursor.error());
    }
    if (*cursor != expected) {
        return failure(Errc::conflict, "the " + std::string(kind.name) + " of " + hub_id +
                                           " is at " + text_of(*cursor) + ", not at " +
                                           text_of(expected));
    }
    return {};
}

}  // namespace muster::postgres
