#include <muster/sqlite/follower_cursor.hpp>

#include <cstdint>

namespace muster {
namespace {

std::string text_of(Cursor const& cursor) {
    return cursor.journal_id.empty() ? "the beginning"
                                     : cursor.journal_id + ":" + std::to_string(cursor.seq);
}

}  // namespace

CursorKind const kRawCursor{
    "cursor",
    "SELECT f.journal_id, f.seq FROM hub h JOIN follower f ON f.hub = h.key WHERE h.hub_id = ?1"};
CursorKind const kRollupCursor{
    "rollup cursor",
    "SELECT f.journal_id, f.seq FROM hub h JOIN rollup_follower f ON f.hub = h.key"
    " WHERE h.hub_id = ?1"};

Result<Cursor> read_cursor(SqliteDatabase& database, CursorKind const& kind,
                           std::string const& hub_id) {
    Cursor cursor;
    auto const read =
        database.statement(kind.read).bind(hub_id).each([&cursor](SqliteStatement const& row) {
            cursor.journal_id = row.text(0);
            cursor.seq = static_cast<std::uint64_t>(row.integer(1));
        });
    if (!read) {
        return tl::unexpected(read.error());
    }
    return cursor;
}

Result<void> expect_cursor(SqliteDatabase& database, CursorKind const& kind,
                           std::string const& hub_id, Cursor const& expected) {
    auto const cursor = read_cursor(database, kind, hub_id);
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

}  // namespace muster
