#pragma once

#include <functional>
#include <string>

#include <muster/base/result.hpp>
#include <muster/ports/store.hpp>
#include <muster/sqlite/database.hpp>

namespace muster {

/// The statement that reads a service's part of a slot: one seek and a scan of neighbours.
extern char const* const kChecksOfSlotSql;
/// The statement that finds the slots of a range of time.
extern char const* const kSlotsSql;

/// See HistoryReader::checks. Holds one slot's rows of the project at a time.
/// `too_late`, asked between slots, ends it with timed_out.
[[nodiscard]] Result<void> read_checks(SqliteDatabase& database, std::string const& hub_id,
                                       ChecksQuery const& query,
                                       HistoryReader::CheckVisitor const& visit,
                                       std::function<bool()> const& too_late);

}  // namespace muster
