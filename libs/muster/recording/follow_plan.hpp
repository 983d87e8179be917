#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>

#include <muster/base/result.hpp>
#include <muster/base/time.hpp>
#include <muster/domain/record.hpp>

namespace muster {

/// The decisions of a follower, without lanes, timers or I/O: when to run which job, how long to
/// back off, how far the cursor has come. The caller runs one job at a time and reports it.
class FollowPlan {
public:
    struct Limits {
        std::size_t max_records = 2000;
        std::size_t max_bytes = std::size_t{1} << 20;
        Millis linger{100};          ///< A batch that is not full waits this long for more.
        Millis retry_first{100};     ///< After a failure; doubles ...
        Millis retry_longest{5000};  ///< ... up to this.
        /// Seed of what shortens these waits by up to half, so that hubs which lost the same server
        /// do not come back to it all at once; nothing: they are as they stand here.
        std::optional<std::uint64_t> chance{};
    };

    /// Where to begin when the other side's cursor is not in this journal.
    enum class Unknown : std::uint8_t { from_start, from_end };

    enum class Work : std::uint8_t {
        find_cursor,  ///< Ask the other side where it stands.
        feed,         ///< Read, decode, hand over with the move of the cursor.
        bury,         ///< Put one record aside with `reason`, move the cursor over it.
    };

    struct Job {
        Work work{Work::find_cursor};
        Cursor expected;           ///< Where the other side's cursor stands.
        std::string journal_id;    ///< Of ours: where it stands afterwards.
        std::uint64_t after{0};    ///< Read behind this (above expected.seq behind a gap).
        std::uint64_t through{0};  ///< Read nothing newer.
        std::uint64_t newest{0};   ///< Newest record in the journal.
        std::size_t max_bytes{0};
        std::string reason;  ///< Of a burial.
    };

    /// What a job came to.
    struct Report {
        enum class What : std::uint8_t {
            cursor,   ///< `cursor` is where the other side stands.
            moved,    ///< It now stands at `last_seq`.
            skipped,  ///< Nothing was done: [after + 1, last_seq] cannot be read, for `error`.
            refused,  ///< `error` of the other side for a batch up to `last_seq`, or for the
                      ///< question.
            unread,   ///< `error` of the journal's reader.
        };

        What what{What::unread};
        std::optional<Cursor> cursor;
        std::uint64_t last_seq{0};
        bool alone{false};      ///< The batch was of one record.
        std::uint64_t gone{0};  ///< Of a batch that was taken: records of it that had given way.
        Error error;
    };

    /// What the report means to others.
    struct Consequence {
        bool progressed{false};
        std::optional<Gap> gap;  ///< Without `follower` and `at`.
    };

    struct Next {
        std::optional<Job> job;          ///< Run this now.
        std::optional<SteadyTime> wake;  ///< Ask again then; both empty: nothing to do.
    };

    /// `last_seq`: of the journal at this moment, before this life of the hub writes to it.
    FollowPlan(Limits limits, Unknown unknown, std::string journal_id, std::uint64_t last_seq);

    void wrote(std::uint64_t last_seq, SteadyTime now);
    /// From now on nothing lingers.
    void hurry() noexcept { hurried_ = true; }

    /// The job that `next` gave is under way until `take` gets its report (or `not_taken` says that
    /// the lane was full).
    [[nodiscard]] Next next(SteadyTime now);
    [[nodiscard]] Consequence take(Report const& report, SteadyTime now);
    void not_taken(SteadyTime now);
    /// Whatever stood in the way may be over: waits no longer after a failure.
    void try_again() noexcept { not_before_ = {}; }

    /// The cursor in this journal; nothing until known.
    [[nodiscard]] std::optional<std::uint64_t> position() const noexcept;
    /// Everything written has been passed.
    [[nodiscard]] bool idle() const noexcept;
    /// The last attempt failed, and not only by a conflict that asking again may solve.
    [[nodiscard]] bool failing() const noexcept { return failures_ > 0 || doubts_ > 1; }

private:
    void found(std::optional<Cursor> const& cursor);
    void moved(std::uint64_t last_seq);
    void refused(Report const& report, SteadyTime now);
    void wait(unsigned failures, SteadyTime now);
    [[nodiscard]] bool ready(SteadyTime now) const;
    [[nodiscard]] Job make_job();

    Limits const limits_;
    Unknown const unknown_;
    std::string const journal_id_;
    std::uint64_t const tail_at_start_;

    Cursor cursor_;                          // the other side's, as last seen
    std::optional<std::uint64_t> position_;  // what it means in this journal
    bool seen_{false};                       // a cursor was found before
    bool must_ask_{true};
    std::uint64_t after_{0};  // reading goes on behind this: position_ or behind a gap
    std::uint64_t last_seq_;
    std::uint64_t batch_;  // records a batch: halved in search of a bad one
    std::string bury_reason_;
    SteadyTime waiting_since_{};
    SteadyTime not_before_{};
    unsigned failures_{0};      // since the last success
    std::uint64_t doubted_{0};  // where a batch of unknown end would have led; 0: none
    unsigned doubts_{0};        // conflicts and unknown ends since the cursor last moved
    std::uint64_t chance_;
    bool hurried_{false};
    bool under_way_{false};
};

}  // namespace muster
