#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>

#include <muster/base/result.hpp>
#include <muster/base/unique_function.hpp>
#include <muster/domain/fleet_delta.hpp>
#include <muster/domain/record.hpp>
#include <muster/ports/clock.hpp>
#include <muster/ports/journal.hpp>
#include <muster/ports/lane.hpp>
#include <muster/ports/log.hpp>
#include <muster/ports/timers.hpp>
#include <muster/recording/follow_plan.hpp>
#include <muster/recording/record_stream.hpp>

namespace muster {

/// What a follower feeds. Blocks; called on the lane, one call at a time.
class FollowerSink {
public:
    virtual ~FollowerSink() = default;

    /// Where the other side stands; nothing where it does not remember.
    [[nodiscard]] virtual Result<std::optional<Cursor>> cursor() = 0;

    /// Takes the records, all that it needs of them, and moves the cursor from `expected` to
    /// `next`, all or nothing. Errors mean what ResultStore::append() says.
    [[nodiscard]] virtual Result<void> take(Cursor const& expected, Cursor const& next,
                                            RecordStream& records) = 0;

    /// Moves the cursor over a record that take() will never accept.
    [[nodiscard]] virtual Result<void> bury(Cursor const& expected, Cursor const& next,
                                            Record const& record, std::string const& reason) = 0;
};

/// Carries the journal's records to a sink, in order, with the sink's own cursor: one lane job at a
/// time, which reads, decodes and hands over. What the sink answers decides (design, section 4):
/// conflict and in_doubt ask for the cursor again, invalid halves the batch until the bad record
/// stands alone and is buried, anything else waits, twice as long each time. What cannot be read
/// any more is told as a gap before it is passed. Loop thread only.
class Follower {
public:
    struct Options {
        std::string name;  ///< In gaps and logs: `store`, `bus`.
        FollowPlan::Limits limits;
        FollowPlan::Unknown unknown{FollowPlan::Unknown::from_start};
    };

    /// Make it before this life of the hub writes to the journal. The references must outlive it
    /// and every job that it has put on the lane.
    Follower(Journal const& journal, std::unique_ptr<JournalReader> reader,
             std::unique_ptr<FollowerSink> sink, Lane& lane, Clock const& clock, Timers& timers,
             Log& log, Options options);
    ~Follower();
    Follower(Follower const&) = delete;
    Follower& operator=(Follower const&) = delete;

    /// Asks for the cursor, and again until it is known; then follows.
    void start();

    /// The journal now holds records up to `last_seq`.
    void wrote(std::uint64_t last_seq);

    /// The cursor in this journal: every record up to it has been taken (or was lost). Nothing
    /// until known; 0 where the other side's cursor is of another journal.
    [[nodiscard]] std::optional<std::uint64_t> position() const;

    [[nodiscard]] HubCondition::Part const& condition() const;

    /// Records since the start that could not be read any more: gaps, and what the journal holds
    /// stand-ins for (recording/shrinking).
    [[nodiscard]] std::uint64_t lost() const noexcept;

    /// Whatever stood in the way may be over: waits no longer after a failure.
    void try_again();

    /// Called after the position moved or became known.
    void on_progress(UniqueFunction<void()> progress);

    /// Called with records that cannot be read any more, before the cursor passes them. A crash in
    /// between tells it again. Record it in the journal.
    void on_gap(UniqueFunction<void(Gap)> gap);

    /// Stops lingering; `done` runs once, never inside this call: when everything written has been
    /// taken, or at the deadline. Asking again replaces it.
    void drain(UniqueFunction<void()> done, SteadyTime deadline);

    /// No further job, no further call. A job on the lane ends by itself; its answer is dropped.
    void stop();

private:
    class Impl;
    std::shared_ptr<Impl> impl_;  // jobs on the lane hold it weakly
};

}  // namespace muster
