#pragma once

#include <cstdint>
#include <string>

#include <muster/base/bytes.hpp>
#include <muster/base/result.hpp>
#include <muster/ports/store.hpp>
#include <muster/sqlite/database.hpp>
#include <muster/sqlite/history_level.hpp>
#include <muster/sqlite/registry_writer.hpp>

namespace muster {

/// Adds rollups to their minutes and hours, keeps the watches, moves the rollup cursor. All calls
/// within a transaction.
class RollupWriter {
public:
    RollupWriter(SqliteDatabase& database, RegistryWriter& registry)
        : database_(database), registry_(registry) {}

    /// As BatchWriter's.
    void begin(KeptSince const& kept);
    [[nodiscard]] std::uint64_t too_old() const noexcept { return too_old_; }

    /// Errors: conflict (the hub's rollup cursor is not at batch.expected).
    [[nodiscard]] Result<void> write(RollupBatch const& batch);

private:
    [[nodiscard]] Result<void> add(RollupLevel const& level, std::int64_t service,
                                   RollupRow const& row);
    [[nodiscard]] Result<void> keep(WatchRow const& row);
    [[nodiscard]] Result<void> move_cursor(std::int64_t hub, RollupBatch const& batch);

    SqliteDatabase& database_;
    RegistryWriter& registry_;
    std::int64_t minute_bytes_{0};
    std::int64_t hour_bytes_{0};
    Bytes sketch_;  // of the row under way
    KeptSince kept_;
    std::uint64_t too_old_{0};  // in the transaction under way
};

/// Where a hub's rollup follower stands, and its watches.
[[nodiscard]] Result<RollupState> read_rollup_state(SqliteDatabase& database,
                                                    std::string const& hub_id);

/// The row that is under `row`, read by RollupLevel::read. A sketch that is damaged counts as none:
/// percentiles of that span are lost, counts and times are not.
[[nodiscard]] Rollup rollup_of(SqliteStatement const& row, Millis span);

/// A row of rollup_watch: reach_ms, last_at, last_reach_ms, last, suspect_since, maintenance from
/// `column` on.
[[nodiscard]] Watch watch_of(SqliteStatement const& row, int column);

}  // namespace muster
