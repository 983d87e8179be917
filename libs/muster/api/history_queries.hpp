#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

#include <muster/base/result.hpp>
#include <muster/base/unique_function.hpp>
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
    };

    /// A JSON array, and how many rows there are (of events: without limit and offset).
    struct Rows {
        std::string json;
        std::uint64_t total{0};
    };
    /// Errors: full (every lane has all it takes; `done` ran inside the call), unavailable,
    /// timed_out, invalid (the answer would be too long).
    using Done = UniqueFunction<void(Result<Rows>)>;

    explicit HistoryQueries(std::vector<ReadLane> lanes) : HistoryQueries(std::move(lanes), {}) {}
    HistoryQueries(std::vector<ReadLane> lanes, Options options);

    void checks(ChecksQuery query, Done done);
    void buckets(BucketsQuery query, Done done);
    /// Single checks, or, where retention has taken some of the range, its buckets up to `now`: of
    /// an hour, or of 2, 4, … where these would be too many.
    void checks_or_buckets(ChecksQuery query, WallTime now, Done done);
    void events(EventsQuery query, Done done);

private:
    using Job = UniqueFunction<Result<Rows>(HistoryReader&)>;

    void submit(Job job, Done done);

    std::vector<ReadLane> const lanes_;
    Options const options_;
};

}  // namespace muster
