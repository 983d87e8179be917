#pragma once

#include <atomic>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>
#include <type_traits>
#include <utility>
#include <vector>

#include <muster/base/result.hpp>
#include <muster/base/unique_function.hpp>
#include <muster/codec/history_text.hpp>
#include <muster/ports/clock.hpp>
#include <muster/ports/lane.hpp>
#include <muster/ports/store.hpp>

namespace muster {

/// Asks the history without blocking: each query goes to the least busy of several read lanes, is
/// answered and encoded there, and comes back on the edge's loop, which owns this object. Rows
/// become text while they are read; no query is in memory twice.
class HistoryQueries {
public:
    /// A lane with the reader that only its jobs use. Both outlive this object and its jobs.
    struct ReadLane {
        Lane& lane;
        HistoryReader& reader;
    };

    struct Options {
        /// An answer grows no longer than this; longer ones are refused (invalid).
        std::size_t max_bytes{256U << 20U};
        /// Of all the reads of one question, from when its lane takes it up.
        Millis deadline{5'000};
    };

    /// A JSON array, or the text of another format, and how many rows there are (of events: without
    /// limit and offset).
    struct Rows {
        std::string text;
        std::uint64_t total{0};
    };
    /// Errors: full (every lane has all it takes; `done` ran inside the call), unavailable,
    /// timed_out, invalid (the answer would be too long).
    using Done = UniqueFunction<void(Result<Rows>)>;

    /// `clock` outlives the jobs too; they read it.
    HistoryQueries(std::vector<ReadLane> lanes, Clock const& clock)
        : HistoryQueries(std::move(lanes), clock, {}) {}
    HistoryQueries(std::vector<ReadLane> lanes, Clock const& clock, Options options);
    /// Questions under way end with their next read: nobody wants the answer.
    ~HistoryQueries();
    HistoryQueries(HistoryQueries const&) = delete;
    HistoryQueries& operator=(HistoryQueries const&) = delete;

    void checks(ChecksQuery query, HistoryFormat format, Done done);
    void buckets(BucketsQuery query, HistoryFormat format, Done done);
    /// Single checks, or, where retention has taken some of the range, its buckets up to `now`: of
    /// an hour, or of 2, 4, … where these would be too many.
    void checks_or_buckets(ChecksQuery query, WallTime now, HistoryFormat format, Done done);
    void events(EventsQuery query, Done done);

    /// Any other question, asked on a lane; `done` gets what `job` gave, or `full` inside the call.
    template <class Job, class Answered>
    void ask(Job job, Answered done) {
        using Answer = std::invoke_result_t<Job&, HistoryReader&>;
        struct Asking {
            Job job;
            Answered done;
            Answer answer{failure(Errc::internal, "not asked yet")};
        };
        // What a refused lane was given is lost: keep it where the refusal can reach it.
        auto const asking = std::make_shared<Asking>(Asking{std::move(job), std::move(done)});
        bool const taken =
            submit([asking](HistoryReader& reader) { asking->answer = asking->job(reader); },
                   [asking] { asking->done(std::move(asking->answer)); });
        if (!taken) {
            asking->done(
                Answer(failure(Errc::full, "too many history queries at once, try again")));
        }
    }

    [[nodiscard]] std::size_t max_bytes() const noexcept { return options_.max_bytes; }

private:
    [[nodiscard]] bool submit(UniqueFunction<void(HistoryReader&)> job,
                              UniqueFunction<void()> done);

    std::vector<ReadLane> const lanes_;
    Clock const& clock_;
    Options const options_;
    std::shared_ptr<std::atomic<bool>> const unwanted_{std::make_shared<std::atomic<bool>>(false)};
};

}  // namespace muster
