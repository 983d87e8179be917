#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>

#include <muster/base/time.hpp>
#include <muster/base/unique_function.hpp>
#include <muster/domain/fleet_delta.hpp>
#include <muster/domain/record.hpp>
#include <muster/ports/clock.hpp>
#include <muster/ports/journal.hpp>
#include <muster/ports/lane.hpp>
#include <muster/ports/log.hpp>
#include <muster/ports/timers.hpp>

namespace muster {

/// Puts what the hub learns into its journal: numbered at once, written in one batch a commit,
/// made durable within `sync_within`. Survives a journal that cannot write. Loop thread only.
///
/// While writes fail, records wait in a bounded buffer and are tried again by a timer. Beyond
/// `buffer_limit` new check results and metrics are no longer taken, beyond that plus a quarter
/// nothing is; once writing works again one Gap record {follower "journal"} says how many of what
/// were lost, somewhere between its `from` and its `to` (itself). A record that is not taken gets
/// no number, so that those which are taken keep theirs: a number that was given out is never given
/// to another record of the same epoch, and a checkpoint's position stays true.
class Recorder {
public:
    struct Options {
        Millis sync_within{250};  ///< From a write to the begin of its fsync; also between two.
        std::size_t buffer_limit = std::size_t{8} << 20;  ///< Bytes that wait while writes fail.
        Millis retry_first{100};     ///< Of a failed write or fsync; doubles ...
        Millis retry_longest{2000};  ///< ... up to this.
    };

    /// All but the options must outlive it.
    Recorder(Journal& journal, Clock const& clock, Timers& timers, Lane& sync_lane, Log& log,
             Options options);
    ~Recorder();
    Recorder(Recorder const&) = delete;
    Recorder& operator=(Recorder const&) = delete;

    /// Must be called once, before the first record: above every epoch in the journal. Numbers go
    /// on behind the journal's last.
    void start_epoch(std::uint64_t epoch);

    /// Buffers a record and returns where it will stand; commits first where the buffer is full. A
    /// record that is not taken (see above) gets the position of the newest that was: as order it
    /// is still right.
    Position record(RecordBody const& body);

    /// Writes what is buffered with one write() (several above 1 MiB) and arms the fsync. While
    /// writes fail it does nothing: the timer does. Calls `on_written` before it returns.
    void commit();

    /// Commits, and makes durable on this thread what is in the journal by then: blocks for an
    /// fsync. For a start, while no other can be under way. What fails is told and tried again as
    /// ever. Calls `on_written` and `on_durable` before it returns.
    void sync_here();

    /// Called after every successful write with the newest record that is in the journal.
    void on_written(UniqueFunction<void(std::uint64_t last_seq)> written);

    /// Called after every successful fsync with the newest record that survives a power loss. What
    /// remembers its own position for good (the store) follows this, not what was only written: it
    /// must never be ahead of the journal after a power loss.
    void on_durable(UniqueFunction<void(std::uint64_t durable_seq)> durable);

    /// Newest record that was numbered, and the newest that is in the journal.
    [[nodiscard]] Position last() const noexcept;
    [[nodiscard]] std::uint64_t written_seq() const noexcept;
    /// Bytes that wait to be written: at most `buffer_limit` and a quarter, and a record more.
    [[nodiscard]] std::size_t unwritten_bytes() const noexcept;

    /// False while the last write or fsync failed; `problem` then says why, in one line.
    [[nodiscard]] bool healthy() const;
    [[nodiscard]] std::string const& problem() const;
    [[nodiscard]] HubCondition::Part const& condition() const;

    /// Records that could not be taken since the start.
    [[nodiscard]] std::uint64_t lost() const noexcept;

    /// Writes and syncs at once. `done` runs exactly once, never inside this call: when all that
    /// was recorded before it is durable, or when an attempt to write or sync it has failed (look
    /// at healthy()). Several may wait. Destroying the recorder drops them.
    void flush_and_sync(UniqueFunction<void()> done);

private:
    class Impl;
    std::shared_ptr<Impl> impl_;  // shared with jobs on the lane, weakly
};

}  // namespace muster
