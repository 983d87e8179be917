#pragma once

#include <cstdint>
#include <map>
#include <set>
#include <string>
#include <utility>

#include <muster/base/result.hpp>
#include <muster/ports/store.hpp>
#include <muster/postgres/connection.hpp>
#include <muster/postgres/history_level.hpp>
#include <muster/postgres/partitions.hpp>
#include <muster/postgres/registry_writer.hpp>

namespace muster::postgres {

/// Adds rollups to their minutes and hours, keeps the watches, moves the rollup cursor.
class RollupWriter {
public:
    RollupWriter(RegistryWriter& registry, PartAccount& account)
        : registry_(registry), account_(account) {}

    /// Begins a transaction: what is older than `kept` is counted instead of written.
    void begin(KeptSince const& kept);
    [[nodiscard]] std::uint64_t too_old() const noexcept { return too_old_; }

    /// The partitions that the batch needs.
    [[nodiscard]] static std::set<Partitions::Place> places_of(RollupBatch const& batch,
                                                               KeptSince const& kept);

    /// Errors: conflict (the hub's rollup cursor is not at batch.expected).
    [[nodiscard]] Result<void> write(PostgresTransaction& transaction, RollupBatch const& batch);

private:
    using Spot = std::pair<std::int64_t, WallTime>;  // service, start of the span
    using Parts = std::map<Spot, Rollup>;

    [[nodiscard]] Result<void> add(PostgresTransaction& transaction, RollupLevel const& level,
                                   RollupBatch const& batch);
    [[nodiscard]] Result<void> merge_into(PostgresTransaction& transaction,
                                          RollupLevel const& level, Partitions::Place place,
                                          Parts& parts);
    [[nodiscard]] Result<void> keep_watches(PostgresTransaction& transaction,
                                            RollupBatch const& batch);

    RegistryWriter& registry_;
    PartAccount& account_;
    KeptSince kept_;
    std::uint64_t too_old_{0};  // in the transaction under way
};

/// Where a hub's rollup follower stands, and its watches.
[[nodiscard]] Result<RollupState> read_rollup_state(PostgresTransaction& transaction,
                                                    std::string const& hub_id);

/// The columns of a row of a level that rollup_of() reads, in its order.
extern char const* const kRollupColumns;

/// From `column` on. A sketch that is damaged counts as none: percentiles of that span are lost,
/// counts and times are not.
[[nodiscard]] Rollup rollup_of(PostgresRow const& row, int column, Millis span);

/// A row of rollup_watch: reach_ms, last_at, last_reach_ms, last, suspect_since, maintenance::int
/// from `column` on.
[[nodiscard]] Watch watch_of(PostgresRow const& row, int column);

}  // namespace muster::postgres
