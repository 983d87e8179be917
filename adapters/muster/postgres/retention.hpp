#pragma once

#include <muster/base/result.hpp>
#include <muster/ports/store.hpp>
#include <muster/postgres/connection.hpp>
#include <muster/postgres/layout.hpp>

namespace muster::postgres {

/// Removes some of what is older than asked, in a transaction of its own that takes some ten
/// milliseconds. True: there may be more. Errors: unavailable, also where a partition is in use for
/// so long that dropping it would hold up others.
[[nodiscard]] Result<bool> forget_slice(PostgresConnection& connection, CheckLayout const& layout,
                                        ResultStore::Retention const& retention);

}  // namespace muster::postgres
