#pragma once

#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include <muster/ports/store.hpp>

namespace muster {

/// What a MemoryStore holds. Shared with its readers and with whoever wants it to outlive the
/// store, as a database outlives the program.
struct MemoryHistory {
    struct Buried {
        std::string hub_id;
        Record record;
        std::string reason;
    };
    struct Check {
        std::string hub_id;
        CheckResult result;
    };
    /// The row without its names: they are looked up when it is read.
    struct Event {
        std::string hub_id;
        EventRow row;
        std::optional<ServiceId> service;
    };
    struct Metrics {
        std::string hub_id;
        ProjectMetrics metrics;
    };
    struct KnownService {
        ProjectId project;
        std::string name;
        bool critical{true};
        bool removed{false};
        Millis reach{0};  ///< For how long a result of it speaks.
        WallTime since{};
        WallTime until{WallTime::max()};
    };
    struct KnownProject {
        std::string name;
        bool removed{false};
        WallTime until{WallTime::max()};
    };
    template <class Id>
    using Key = std::pair<std::string, Id>;  ///< Of a hub.

    mutable std::mutex mutex;  ///< Guards all below: a reader lives on a lane of its own.
    std::map<std::string, Cursor> cursors;
    std::vector<Record> applied;
    std::vector<Buried> buried;
    std::uint64_t not_counted{0};
    KeptSince kept_since;
    std::uint64_t too_old{0};
    std::vector<Check> checks;
    std::vector<Event> events;
    std::int64_t last_event_id{0};
    std::vector<Metrics> metrics;
    std::map<Key<ServiceId>, KnownService> services;
    std::map<Key<ProjectId>, KnownProject> projects;

    /// What the rollup follower brought of a hub.
    struct RolledUp {
        Cursor cursor;
        WallTime known_until{};
        std::map<ServiceId, Watch> watches;
    };
    using Rollups = std::map<std::pair<Key<ServiceId>, WallTime>, Rollup>;
    std::map<std::string, RolledUp> rolled_up;
    Rollups minutes;
    Rollups hours;
    HistoryKept kept;
    std::map<std::string, WallTime> alive_at;
};

/// The history in memory: the reference for every store, and the store of the simulation, which
/// tells it to fail.
class MemoryStore final : public ResultStore {
public:
    MemoryStore() : MemoryStore(std::make_shared<MemoryHistory>()) {}
    explicit MemoryStore(std::shared_ptr<MemoryHistory> history);

    [[nodiscard]] Result<Cursor> cursor(std::string const& hub_id) override;
    [[nodiscard]] Result<void> append(StoreBatch const& batch) override;
    void keep_since(KeptSince const& kept) override;
    [[nodiscard]] std::uint64_t too_old() const override;
    [[nodiscard]] Result<void> bury(StoreBatch const& batch, std::string const& reason) override;
    [[nodiscard]] Result<RollupState> rollup_state(std::string const& hub_id) override;
    [[nodiscard]] Result<void> roll_up(RollupBatch const& batch) override;
    [[nodiscard]] Result<void> note_alive(std::string const& hub_id, WallTime at) override;
    [[nodiscard]] Result<bool> forget(Retention const& retention) override;

    /// Reads what is there; may outlive the store. `hub_id`: only that hub's; empty: every hub's.
    [[nodiscard]] std::unique_ptr<HistoryReader> reader(std::string hub_id = {}) const;

    enum class Fault : std::uint8_t {
        none,
        unavailable,       ///< Every call fails, nothing happens.
        full,              ///< What writes fails, nothing happens.
        in_doubt_applied,  ///< What writes happens, but says in_doubt.
        in_doubt_lost,     ///< What writes does not happen and says in_doubt.
    };
    /// From now on.
    void fail_with(Fault fault) { fault_ = fault; }
    /// The next call that writes; then as before.
    void fail_once(Fault fault) { once_ = fault; }
    /// Batches with such a record are invalid.
    void refuse(std::function<bool(Record const&)> refused) { refused_ = std::move(refused); }

    [[nodiscard]] std::shared_ptr<MemoryHistory> const& history() const { return history_; }
    /// Every record that was taken, in order, of all hubs; retention leaves it alone. Not while
    /// another thread writes.
    [[nodiscard]] std::vector<Record> const& applied() const { return history_->applied; }
    /// How often each check of a service was taken: exactly once is all ones.
    [[nodiscard]] std::map<std::pair<ServiceId, Position>, std::size_t> times_applied() const;

private:
    [[nodiscard]] Fault next_fault();
    [[nodiscard]] Cursor& cursor_of(std::string const& hub_id);
    [[nodiscard]] MemoryHistory::RolledUp& rolled_up(std::string const& hub_id);
    void add(MemoryHistory::Rollups& rollups,
             std::pair<MemoryHistory::Key<ServiceId>, WallTime> const& place, Rollup const& seen,
             Millis span, WallTime since);
    /// Checks the cursor, lets `work` happen, moves the cursor, or fails as told.
    [[nodiscard]] Result<void> write(Cursor& cursor, Cursor const& expected, Cursor const& next,
                                     std::function<void()> const& work);

    std::shared_ptr<MemoryHistory> history_;
    Fault fault_{Fault::none};
    std::optional<Fault> once_;
    std::function<bool(Record const&)> refused_;
};

}  // namespace muster
