#pragma once

#include <string>

#include <muster/base/result.hpp>
#include <muster/ports/store.hpp>
#include <muster/postgres/connection.hpp>

namespace muster::postgres {

/// See HistoryReader::events.
[[nodiscard]] Result<HistoryReader::Events> read_events(PostgresTransaction& transaction,
                                                        std::string const& hub_id,
                                                        EventsQuery const& query);

}  // namespace muster::postgres
