#pragma once

#include <array>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include <muster/base/result.hpp>
#include <muster/domain/availability.hpp>
#include <muster/ports/store.hpp>

namespace muster {

struct UptimeRange {
    std::string_view name;
    Millis length{0};
};

/// The ranges of contract section 4, shortest first.
inline constexpr std::array<UptimeRange, 5> kUptimeRanges{{{"24h", std::chrono::hours(24)},
                                                           {"7d", std::chrono::hours(7 * 24)},
                                                           {"30d", std::chrono::hours(30 * 24)},
                                                           {"90d", std::chrono::hours(90 * 24)},
                                                           {"1y", std::chrono::hours(365 * 24)}}};

/// How available a service was in each of the ranges up to now, by the history.
struct ServiceUptime {
    ServiceId service;
    std::string name;
    std::array<AvailabilityFigures, kUptimeRanges.size()> ranges;
};

/// Of every service of a project, or of one. The last day counts to the minute, longer ranges to
/// the hour. Blocks: read lane only. Errors: as HistoryReader::buckets().
[[nodiscard]] Result<std::vector<ServiceUptime>> read_uptime(HistoryReader& reader,
                                                             ProjectId project,
                                                             std::optional<ServiceId> service,
                                                             WallTime now);

}  // namespace muster
