#pragma once

#include <muster/base/result.hpp>
#include <muster/ports/store.hpp>
#include <muster/sqlite/database.hpp>

namespace muster {

/// Removes some of what is older than asked, in a transaction of its own that takes some ten
/// milliseconds. True: there may be more.
[[nodiscard]] Result<bool> forget_slice(SqliteDatabase& database,
                                        ResultStore::Retention const& retention);

}  // namespace muster
