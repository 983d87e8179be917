#pragma once

#include <string>

#include <muster/base/result.hpp>
#include <muster/ports/store.hpp>
#include <muster/postgres/connection.hpp>

namespace muster::postgres {

/// See HistoryReader::metrics.
[[nodiscard]] Result<void> read_metrics(PostgresTransaction& transaction, std::string const& hub_id,
                                        MetricsQuery const& query,
                                        HistoryReader::MetricsVisitor const& visit);

}  // namespace muster::postgres
