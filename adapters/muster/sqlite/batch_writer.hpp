#pragma once

#include <cstdint>

#include <muster/base/result.hpp>
#include <muster/ports/store.hpp>
#include <muster/sqlite/check_writer.hpp>
#include <muster/sqlite/database.hpp>
#include <muster/sqlite/event_writer.hpp>
#include <muster/sqlite/registry_writer.hpp>
#include <muster/sqlite/rollup_writer.hpp>

namespace muster {

/// Writes the records of a batch, and the cursors that say how far that went.
/// All calls within a transaction; when that does not commit, call forget().
class BatchWriter {
public:
    explicit BatchWriter(SqliteDatabase& database);

    /// Begins a transaction: what is older than `kept` is counted instead of written.
    void begin(KeptSince const& kept);
    /// Rows of the transaction that were too old.
    [[nodiscard]] std::uint64_t too_old() const noexcept { return too_old_ + rollups_.too_old(); }

    /// Errors: conflict (the hub's cursor is not at batch.expected).
    [[nodiscard]] Result<void> check_cursor(StoreBatch const& batch);

    /// Without `keep_checks` check results are left out, which a gap tells.
    [[nodiscard]] Result<void> write(StoreBatch const& batch, bool keep_checks);
    [[nodiscard]] Result<void> bury(StoreBatch const& batch, std::string const& reason);

    /// The whole of a rollup batch, its cursor included. Errors: conflict.
    [[nodiscard]] Result<void> roll_up(RollupBatch const& batch) { return rollups_.write(batch); }

    /// How the hub is, as its records say.
    [[nodiscard]] Result<void> note_alive(std::string const& hub_id, WallTime at);

    [[nodiscard]] Result<void> move_cursor(StoreBatch const& batch);

    /// Drops what is remembered of the tables.
    void forget();
    /// Drops what is remembered of the slots of checks.
    void forget_slots() { checks_.forget(); }

private:
    [[nodiscard]] Result<void> left_out(Gap const& gap);
    [[nodiscard]] Result<void> take(CheckResult const& result);
    [[nodiscard]] Result<void> take(Transition const& transition);
    [[nodiscard]] Result<void> take(ProjectMetrics const& metrics);
    [[nodiscard]] Result<void> take(ProjectChanged const& changed);
    [[nodiscard]] Result<void> take(ProjectRemoved const& removed);
    [[nodiscard]] Result<void> take(ServiceChanged const& changed);
    [[nodiscard]] Result<void> take(ServiceRemoved const& removed);
    [[nodiscard]] Result<void> take(HubStarted const& started);
    [[nodiscard]] Result<void> take(HubStopped const& stopped);
    [[nodiscard]] Result<void> take(Gap const& gap);
    [[nodiscard]] Result<void> take(HubProblem const& problem);
    [[nodiscard]] Result<void> take(OverlayChanged const& changed);
    [[nodiscard]] Result<void> take(ConfigReloaded const& reloaded);
    // Windows live in the journal and the checkpoint; what they did is told by overlays.
    [[nodiscard]] static Result<void> take(MaintenanceChanged const&) { return {}; }
    [[nodiscard]] static Result<void> take(MaintenanceRemoved const&) { return {}; }

    /// The event that the record makes, if any, of a service or of the hub.
    [[nodiscard]] Result<void> tell(RecordBody const& body,
                                    RegistryWriter::KnownService const& service);
    [[nodiscard]] Result<void> tell(RecordBody const& body);
    [[nodiscard]] Result<void> write_event(EventWriter::About const& about, EventRow const& row);
    /// Counts it if so.
    [[nodiscard]] bool is_too_old(WallTime at, WallTime since) noexcept;

    SqliteDatabase& database_;
    RegistryWriter registry_;
    CheckWriter checks_;
    EventWriter events_;
    RollupWriter rollups_;
    std::int64_t hub_{0};          // of the batch under way
    std::int64_t not_counted_{0};  // in the batch under way
    KeptSince kept_;
    std::uint64_t too_old_{0};  // in the transaction under way
};

}  // namespace muster
