#pragma once

#include <string>

#include <muster/base/result.hpp>
#include <muster/ports/store.hpp>
#include <muster/postgres/connection.hpp>

namespace muster::postgres {

/// See HistoryReader::once_named.
[[nodiscard]] Result<OnceNamed> read_once_named(PostgresTransaction& transaction,
                                                std::string const& hub_id,
                                                std::string const& project,
                                                std::string const& service);

}  // namespace muster::postgres
