#pragma once

#include <functional>
#include <string>

#include <muster/base/result.hpp>
#include <muster/ports/store.hpp>
#include <muster/postgres/connection.hpp>

namespace muster::postgres {

/// See HistoryReader::metrics. `too_late`, asked between some thousand rows, ends it with
/// timed_out.
[[nodiscard]] Result<void> read_metrics(PostgresTransaction& transaction, std::string const& hub_id,
                                        MetricsQuery const& query,
                                        HistoryReader::MetricsVisitor const& visit,
                                        std::function<bool()> const& too_late);

}  // namespace muster::postgres
