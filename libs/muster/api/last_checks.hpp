#pragma once

#include <cstddef>
#include <optional>
#include <vector>

#include <muster/base/result.hpp>
#include <muster/ports/store.hpp>

namespace muster {

/// What the history tells of how a service came to be as it is.
struct ServicePast {
    std::optional<EventRow> change;  ///< Its newest change of status.
    std::vector<CheckRow> checks;    ///< Newest first.
};

/// The newest checks of a service, at most `limit`, newest first. Looks back step by step, first as
/// far as `interval` says that they reach. Blocks: read lane only. Errors: as
/// HistoryReader::checks().
[[nodiscard]] Result<std::vector<CheckRow>> read_last_checks(HistoryReader& reader,
                                                             ProjectId project, ServiceId service,
                                                             std::size_t limit, Millis interval,
                                                             WallTime now);

}  // namespace muster
