#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <vector>

#include <muster/base/result.hpp>
#include <muster/domain/bucket_series.hpp>
#include <muster/domain/event.hpp>
#include <muster/domain/record.hpp>
#include <muster/domain/rollup.hpp>
#include <muster/domain/watch.hpp>

namespace muster {

/// Records to be stored, with the move of the follower's cursor that goes with them.
struct StoreBatch {
    std::string hub_id;
    Cursor expected;  ///< Where the cursor must stand.
    Cursor next;      ///< Where it stands afterwards.
    std::vector<Record> records;
};

/// What was seen of a service in a minute of wall time, or in a part of it: parts of the same
/// minute add up, in whatever order they come.
struct RollupRow {
    ServiceId service;
    WallTime minute{};  ///< A whole one.
    Rollup seen;

    bool operator==(RollupRow const&) const = default;
};

struct WatchRow {
    ServiceId service;
    Watch watch;

    bool operator==(WatchRow const&) const = default;
};

/// What a run of records adds to the rollups, with the move of the rollup follower's cursor.
struct RollupBatch {
    std::string hub_id;
    Cursor expected;
    Cursor next;
    /// Until then the rollups tell all that there is; nothing: as far as before.
    std::optional<WallTime> known_until{};
    std::vector<RollupRow> rows;
    std::vector<WatchRow> watches;  ///< As they are now; those not named stay as they are.
    std::vector<ServiceId> ended;   ///< Watches of services that were removed.
};

/// What the rollup follower goes on from.
struct RollupState {
    Cursor cursor;
    std::vector<WatchRow> watches;
};

/// From when on rows of each kind are kept.
struct KeptSince {
    WallTime checks{};    ///< That passed.
    WallTime failures{};  ///< Checks that failed.
    WallTime metrics{};
    WallTime events{};
    WallTime minutes{};
    WallTime hours{};
};

/// The write side of the history: what the journal's followers feed. Blocks; lane thread only.
class ResultStore {
public:
    virtual ~ResultStore() = default;

    /// Where the hub's follower stands; an empty cursor where it never moved.
    /// Errors: unavailable.
    [[nodiscard]] virtual Result<Cursor> cursor(std::string const& hub_id) = 0;

    /// In one transaction: checks the cursor, writes the rows, moves the cursor; so nothing is lost
    /// and nothing is there twice, whatever happens in between. Check results become history rows,
    /// transitions and changes of the registry events and projections, metrics their rows, gaps and
    /// hub problems events. Errors: conflict (the cursor is elsewhere: read it again), unavailable
    /// (retry), in_doubt (look at the cursor), full (disk), invalid (a record of the batch can
    /// never be stored: halve the batch to find it).
    [[nodiscard]] virtual Result<void> append(StoreBatch const& batch) = 0;

    /// From now on a row that is older than these is counted instead of written: retention would
    /// remove it at once. Until it is called nothing is too old. Does not block.
    virtual void keep_since(KeptSince const& kept) = 0;

    /// Rows that were too old when they came, since this object was made. Any thread.
    [[nodiscard]] virtual std::uint64_t too_old() const = 0;

    /// Puts aside a record that can never be stored, with the reason, and moves the cursor over it.
    [[nodiscard]] virtual Result<void> bury(StoreBatch const& batch, std::string const& reason) = 0;

    /// Where the rollup follower stands, apart from cursor(), with what it knew there; empty where
    /// it never moved. Errors: unavailable.
    [[nodiscard]] virtual Result<RollupState> rollup_state(std::string const& hub_id) = 0;

    /// In one transaction, as append(): checks the rollup cursor, adds the rows to the minutes and
    /// hours that they lie in, keeps the watches, moves the cursor. Errors: as append().
    [[nodiscard]] virtual Result<void> roll_up(RollupBatch const& batch) = 0;

    /// Writes down that the hub lives, with what its records say is wrong with it. Apart from the
    /// cursors: a note that is lost is no loss. Errors: unavailable, full.
    [[nodiscard]] virtual Result<void> note_alive(std::string const& hub_id, WallTime at) = 0;

    /// Removes some of the history that is older than these, oldest first, for no longer than an
    /// append takes. True: there is more, so call again, appends in between. Rows that arrive
    /// after the call are none of its business. Errors: unavailable, full.
    struct Retention {
        WallTime checks_before{};  ///< Checks that passed.
        WallTime metrics_before{};
        WallTime events_before{};
        WallTime failures_before{};  ///< Checks that failed; not above checks_before.
        WallTime minutes_before{};
        WallTime hours_before{};
        /// Bytes of each level, 0: as many as there are. Beyond, the oldest rows go: of the checks
        /// first those that passed.
        std::uint64_t checks_bytes{0};
        std::uint64_t minutes_bytes{0};
        std::uint64_t hours_bytes{0};
    };
    [[nodiscard]] virtual Result<bool> forget(Retention const& retention) = 0;
};

/// One check of one service as history shows it.
struct CheckRow {
    std::string project;
    std::string service;
    HealthStatus status{HealthStatus::unknown};
    WallTime last_check{};   ///< When the probe started.
    WallTime recorded_at{};  ///< When its result was accepted.
    double uptime_percent{0};
    Millis response_time{0};
    std::string error;  ///< Empty: none.
};

struct ChecksQuery {
    ProjectId project;
    std::optional<ServiceId> service{};
    WallTime from{};                  ///< Inclusive, by recorded_at.
    WallTime until{WallTime::max()};  ///< Exclusive.
};

struct EventRow {
    std::int64_t id{0};
    std::string project;
    std::string service;  ///< Empty: concerns the project, or the hub.
    EventType type{EventType::status_changed};
    Severity severity{Severity::info};
    std::string description;
    std::string metadata_json;  ///< An object.
    WallTime occurred_at{};
};

struct EventsQuery {
    std::string project{};  ///< Empty: all.
    std::string service{};
    std::optional<Severity> severity{};
    std::optional<EventType> type{};
    std::size_t limit{100};
    std::size_t offset{0};
    std::optional<std::int64_t> before{};  ///< Only those with a lower id.
    std::optional<std::int64_t> after{};   ///< Only those with a higher id.
};

/// A project's own figures, as they were collected.
struct MetricsQuery {
    ProjectId project;
    WallTime from{};   ///< Inclusive.
    WallTime until{};  ///< Exclusive.
};

struct BucketsQuery {
    ProjectId project;
    std::optional<ServiceId> service{};
    WallTime from{};         ///< Rounded down to a whole step.
    WallTime until{};        ///< Exclusive.
    Millis step{3'600'000};  ///< > 0. Rounded up to whole hours where only those are left.
};

/// A bucket with the service's name of today.
struct BucketRow {
    std::string service;
    Bucket bucket;
};

/// From when on retention has left each level alone.
struct HistoryKept {
    WallTime checks_since{};
    WallTime minutes_since{};
    WallTime hours_since{};
};

/// Who is, or was, known by a name.
struct OnceNamed {
    std::optional<ProjectId> project;
    std::optional<ServiceId> service;

    bool operator==(OnceNamed const&) const = default;
};

/// The read side of the history. Blocks; one thread at a time, on a read lane of its own.
class HistoryReader {
public:
    virtual ~HistoryReader() = default;

    /// False ends the visit.
    using CheckVisitor = std::function<bool(CheckRow const&)>;

    /// Visits checks, oldest first (by recorded_at, then in the order of the journal).
    /// Errors: unavailable, timed_out (the reader's own deadline passed).
    [[nodiscard]] virtual Result<void> checks(ChecksQuery const& query,
                                              CheckVisitor const& visit) = 0;

    /// The history in buckets, oldest first, then by service, from the coarsest level that answers:
    /// hours for a step of whole hours, minutes for one of whole minutes, else single checks.
    /// Errors: invalid (more than BucketSeries::kMost of them), unavailable, timed_out.
    [[nodiscard]] virtual Result<std::vector<BucketRow>> buckets(BucketsQuery const& query) = 0;

    /// Errors: unavailable, timed_out.
    [[nodiscard]] virtual Result<HistoryKept> kept() = 0;

    struct Events {
        std::vector<EventRow> rows;  ///< Newest first.
        std::size_t total{0};        ///< Without limit and offset.
    };
    [[nodiscard]] virtual Result<Events> events(EventsQuery const& query) = 0;

    /// The project and the service of these names, the removed too; of several namesakes rather
    /// one that is still there, else the one removed last. An empty name asks for nothing: of a
    /// service without a project any project's is meant. What was never stored is missing in the
    /// answer. Errors: unavailable, timed_out.
    [[nodiscard]] virtual Result<OnceNamed> once_named(std::string const& project,
                                                       std::string const& service) = 0;

    /// False ends the visit.
    using MetricsVisitor = std::function<bool(ProjectMetrics const&)>;

    /// Visits a project's figures, oldest first. Errors: unavailable, timed_out.
    [[nodiscard]] virtual Result<void> metrics(MetricsQuery const& query,
                                               MetricsVisitor const& visit) = 0;
};

}  // namespace muster
