#pragma once

#include <functional>
#include <string>
#include <vector>

#include <muster/base/result.hpp>
#include <muster/ports/store.hpp>
#include <muster/postgres/connection.hpp>

namespace muster::postgres {

/// See HistoryReader::buckets. `too_late`, asked now and then, ends it with timed_out.
[[nodiscard]] Result<std::vector<BucketRow>> read_buckets(PostgresTransaction& transaction,
                                                          std::string const& hub_id,
                                                          BucketsQuery const& query,
                                                          std::function<bool()> const& too_late);

}  // namespace muster::postgres
