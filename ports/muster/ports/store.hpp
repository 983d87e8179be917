#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <vector>

#include <muster/base/result.hpp>
#include <muster/domain/event.hpp>
#include <muster/domain/record.hpp>

namespace muster {

/// Records to be stored, with the move of the follower's cursor that goes with them.
struct StoreBatch {
    std::string hub_id;
    Cursor expected;  ///< Where the cursor must stand.
    Cursor next;      ///< Where it stands afterwards.
    std::vector<Record> records;
};

/// The write side of the history: what the journal's raw follower feeds. Blocks; lane thread only.
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

    /// Puts aside a record that can never be stored, with the reason, and moves the cursor over it.
    [[nodiscard]] virtual Result<void> bury(StoreBatch const& batch, std::string const& reason) = 0;

    /// Removes some of the history that is older than these, oldest first, for no longer than an
    /// append takes. True: there is more, so call again, appends in between. Rows that arrive
    /// after the call are none of its business. Errors: unavailable, full.
    struct Retention {
        WallTime checks_before{};
        WallTime metrics_before{};
        WallTime events_before{};
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

    struct Events {
        std::vector<EventRow> rows;  ///< Newest first.
        std::size_t total{0};        ///< Without limit and offset.
    };
    [[nodiscard]] virtual Result<Events> events(EventsQuery const& query) = 0;
};

}  // namespace muster
