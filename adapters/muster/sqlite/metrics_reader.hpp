#pragma once

#include <string>

#include <muster/base/result.hpp>
#include <muster/ports/store.hpp>
#include <muster/sqlite/database.hpp>

namespace muster {

/// The statement that reads a project's figures: a seek and a scan of an index.
extern char const* const kMetricsSql;

/// See HistoryReader::metrics.
[[nodiscard]] Result<void> read_metrics(SqliteDatabase& database, std::string const& hub_id,
                                        MetricsQuery const& query,
                                        HistoryReader::MetricsVisitor const& visit);

}  // namespace muster
