#pragma once

#include <cstdint>
#include <optional>
#include <set>

#include <muster/base/result.hpp>
#include <muster/ports/store.hpp>
#include <muster/postgres/check_writer.hpp>
#include <muster/postgres/connection.hpp>
#include <muster/postgres/event_writer.hpp>
#include <muster/postgres/partitions.hpp>
#include <muster/postgres/registry_writer.hpp>
#include <muster/postgres/rollup_writer.hpp>

namespace muster::postgres {

/// Writes the records of a batch, and the cursors that say how far that went: one transaction a
/// call, which is the caller's. When that does not commit, call forget().
class BatchWriter {
public:
    explicit BatchWriter(CheckLayout const& layout)
        : checks_(layout), rollups_(registry_, account_) {}

    /// The partitions that a batch needs.
    [[nodiscard]] static std::set<Partitions::Place> places_of(StoreBatch const& batch,
                                                               KeptSince const& kept);

    /// Begins a transaction: what is older than `kept` is counted instead of written.
    void begin(PostgresTransaction& transaction, KeptSince const& kept);
    /// Rows of the transaction that were too old.
    [[nodiscard]] std::uint64_t too_old() const noexcept { return too_old_ + rollups_.too_old(); }

    /// Errors: conflict (the hub's cursor is not at batch.expected).
    [[nodiscard]] Result<void> write(StoreBatch const& batch);
    [[nodiscard]] Result<void> bury(StoreBatch const& batch, std::string const& reason);
    [[nodiscard]] Result<void> roll_up(RollupBatch const& batch) {
        return rollups_.write(*transaction_, batch);
    }

    /// How the hub is, as its records say.
    [[nodiscard]] Result<void> note_alive(std::string const& hub_id, WallTime at);

    /// The transaction has committed.
    void committed() { account_.committed(); }

    /// It has not: drops what is remembered of the tables.
    void forget();

private:
    [[nodiscard]] Result<void> check_cursor(StoreBatch const& batch);
    [[nodiscard]] Result<void> move_cursor(StoreBatch const& batch);

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
    [[nodiscard]] EventWriter events() { return EventWriter(*transaction_); }

    PostgresTransaction* transaction_{nullptr};
    RegistryWriter registry_;
    PartAccount account_;
    CheckWriter checks_;
    RollupWriter rollups_;
    std::int64_t hub_{0};          // of the batch under way
    std::int64_t not_counted_{0};  // in the batch under way
    KeptSince kept_;
    std::uint64_t too_old_{0};  // in the transaction under way
};

}  // namespace muster::postgres
