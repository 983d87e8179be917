#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <unordered_map>
#include <vector>

#include <muster/domain/record.hpp>
#include <muster/ports/store.hpp>
#include <muster/recording/record_stream.hpp>

namespace muster {

/// Makes rollups out of records: checks in the minute of their acceptance, and the time for which
/// they speak in the minutes that it covers, each decided by the result that ends it. What nobody
/// saw is not booked at all: the hub was off (HubStopped, HubStarted), records were lost (a Gap of
/// the journal, or numbers that are missing), a result did not count, or came too late for the one
/// before it to reach. A pure reducer; wall times may come in any order.
class RollupReducer {
public:
    /// What a run of records adds; nothing of it is remembered before apply(). Rows by minute, then
    /// by service, watches by service: neighbours in a store.
    struct Step {
        std::optional<WallTime> known_until;  ///< Nothing without records.
        std::vector<RollupRow> rows;
        std::vector<WatchRow> watches;
        std::vector<ServiceId> ended;
    };

    RollupReducer() = default;
    explicit RollupReducer(RollupState const& state);

    /// The records of (position, next], as far as they could be read. `expected` is where the
    /// store's cursor stands: records of another journal, or behind a hole, find the watches blind.
    [[nodiscard]] Step reduce(Cursor const& expected, Cursor const& next,
                              std::span<Record const> records) const;

    /// The same of records that are not all in memory.
    [[nodiscard]] Step reduce(Cursor const& expected, Cursor const& next,
                              RecordStream& records) const;

    void apply(Step const& step);

private:
    template <class Next>
    [[nodiscard]] Step reduce_all(Cursor const& expected, Cursor const& next,
                                  Next next_record) const;

    std::unordered_map<ServiceId, Watch> watches_;
};

}  // namespace muster
