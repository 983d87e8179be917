#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include <muster/base/result.hpp>
#include <muster/ports/store.hpp>
#include <muster/sqlite/database.hpp>

namespace muster {

/// What events must fulfil, names resolved to keys.
struct EventFilter {
    std::optional<std::vector<std::int64_t>> hubs;
    std::optional<std::vector<std::int64_t>> projects;
    std::optional<std::vector<std::int64_t>> services;
    std::optional<Severity> severity;
    std::optional<EventType> type;
    std::optional<std::int64_t> before;  ///< Ids below.
    std::optional<std::int64_t> after;   ///< Ids above.
};

[[nodiscard]] std::string count_events_sql(EventFilter const& filter);
[[nodiscard]] std::string select_events_sql(EventFilter const& filter, std::size_t limit,
                                            std::size_t offset);

/// See HistoryReader::events.
[[nodiscard]] Result<HistoryReader::Events> read_events(SqliteDatabase& database,
                                                        std::string const& hub_id,
                                                        EventsQuery const& query);

}  // namespace muster
