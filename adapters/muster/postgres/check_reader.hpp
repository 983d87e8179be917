#pragma once

#include <cstdint>
#include <functional>
#include <string>
#include <vector>

#include <muster/base/result.hpp>
#include <muster/ports/store.hpp>
#include <muster/postgres/connection.hpp>

namespace muster::postgres {

/// A check as it is stored, in the order of its table's day.
struct StoredCheck {
    WallTime at{};
    std::int64_t service{0};  ///< Its key.
    std::int64_t took{0};     ///< ms
    Micros response_time{0};
    HealthStatus status{HealthStatus::unknown};
    std::int64_t downtime_ppm{0};
    std::string error;
};

/// False ends the visit.
using StoredCheckVisitor = std::function<bool(StoredCheck const&)>;

/// Visits the checks of some services in [from, until), oldest first, then in the order of the
/// journal; some thousand of them are held at a time. `too_late`, asked now and then, ends it with
/// timed_out.
[[nodiscard]] Result<void> visit_checks(PostgresTransaction& transaction,
                                        std::vector<std::int64_t> const& services, WallTime from,
                                        WallTime until, StoredCheckVisitor const& visit,
                                        std::function<bool()> const& too_late);

/// See HistoryReader::checks.
[[nodiscard]] Result<void> read_checks(PostgresTransaction& transaction, std::string const& hub_id,
                                       ChecksQuery const& query,
                                       HistoryReader::CheckVisitor const& visit,
                                       std::function<bool()> const& too_late);

}  // namespace muster::postgres
