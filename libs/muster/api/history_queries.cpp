#include <muster/api/history_queries.hpp>

#include <algorithm>
#include <utility>

#include <muster/api/bounded_reader.hpp>
#include <muster/codec/history_json.hpp>

namespace muster {
namespace {

using Rows = HistoryQueries::Rows;

tl::unexpected<Error> too_long_answer(std::size_t max_bytes) {
    return failure(Errc::invalid, "hours asks for more than " + std::to_string(max_bytes >> 20U) +
                                      " MB of history: ask for fewer, or for one service");
}

Rows rows_of(HistoryText text) {
    auto const total = text.rows();
    return {text.take(), total};
}

Result<Rows> encode_checks(HistoryReader& reader, ChecksQuery const& query, HistoryFormat format,
                           std::size_t max_bytes) {
    HistoryText text(format, HistoryText::Rows::checks);
    bool too_long = false;
    auto const visited = reader.checks(query, [&](CheckRow const& row) {
        text.add(row);
        too_long = text.size() > max_bytes;
        return !too_long;
    });
    if (too_long) {
        return too_long_answer(max_bytes);
    }
    if (!visited) {
        return tl::unexpected(visited.error());
    }
    return rows_of(std::move(text));
}

Result<Rows> encode_buckets(HistoryReader& reader, BucketsQuery const& query, HistoryFormat format,
                            std::size_t max_bytes) {
    auto const buckets = reader.buckets(query);
    if (!buckets) {
        return tl::unexpected(buckets.error());
    }
    HistoryText text(format, HistoryText::Rows::buckets);
    for (auto const& row : *buckets) {
        text.add(row);
        if (text.size() > max_bytes) {
            return too_long_answer(max_bytes);
        }
    }
    return rows_of(std::move(text));
}

Result<Rows> encode_checks_or_buckets(HistoryReader& reader, ChecksQuery const& query, WallTime now,
                                      HistoryFormat format, std::size_t max_bytes) {
    auto const kept = reader.kept();
    if (!kept) {
        return tl::unexpected(kept.error());
    }
    if (query.from >= kept->checks_since) {
        return encode_checks(reader, query, format, max_bytes);
    }
    BucketsQuery buckets;
    buckets.project = query.project;
    buckets.service = query.service;
    buckets.from = query.from;
    buckets.until = std::min(query.until, now);
    // Nobody asked for this step: one that gives too many buckets is ours to mend.
    auto rows = encode_buckets(reader, buckets, format, max_bytes);
    while (!rows && rows.error().code == Errc::invalid &&
           buckets.step < buckets.until - buckets.from) {
        buckets.step *= 2;
        rows = encode_buckets(reader, buckets, format, max_bytes);
    }
    return rows;
}

Result<Rows> encode_events(HistoryReader& reader, EventsQuery const& query) {
    auto const events = reader.events(query);
    if (!events) {
        return tl::unexpected(events.error());
    }
    Rows rows;
    rows.total = events->total;
    rows.text += '[';
    for (auto const& row : events->rows) {
        if (rows.text.size() > 1) {
            rows.text += ',';
        }
        append_event_row(rows.text, row);
    }
    rows.text += ']';
    return rows;
}

}  // namespace

HistoryQueries::HistoryQueries(std::vector<ReadLane> lanes, Clock const& clock, Options options)
    : lanes_(std::move(lanes)), clock_(clock), options_(options) {}

HistoryQueries::~HistoryQueries() {
    *unwanted_ = true;
}

void HistoryQueries::checks(ChecksQuery query, HistoryFormat format, Done done) {
    ask([query = std::move(query), format, max_bytes = options_.max_bytes](
            HistoryReader& reader) { return encode_checks(reader, query, format, max_bytes); },
        std::move(done));
}

void HistoryQueries::buckets(BucketsQuery query, HistoryFormat format, Done done) {
    ask([query = std::move(query), format, max_bytes = options_.max_bytes](
            HistoryReader& reader) { return encode_buckets(reader, query, format, max_bytes); },
        std::move(done));
}

void HistoryQueries::checks_or_buckets(ChecksQuery query, WallTime now, HistoryFormat format,
                                       Done done) {
    ask(
        [query = std::move(query), now, format,
         max_bytes = options_.max_bytes](HistoryReader& reader) {
            return encode_checks_or_buckets(reader, query, now, format, max_bytes);
        },
        std::move(done));
}

void HistoryQueries::events(EventsQuery query, Done done) {
    ask([query = std::move(query)](HistoryReader& reader) { return encode_events(reader, query); },
        std::move(done));
}

bool HistoryQueries::submit(UniqueFunction<void(HistoryReader&)> job, UniqueFunction<void()> done) {
    auto const least = std::min_element(lanes_.begin(), lanes_.end(),
                                        [](ReadLane const& left, ReadLane const& right) {
                                            return left.lane.pending() < right.lane.pending();
                                        });
    return least != lanes_.end() &&
           least->lane.submit(
               [job = std::move(job), &reader = least->reader, &clock = clock_,
                limit = options_.deadline, unwanted = unwanted_]() mutable {
                   BoundedReader bounded(reader, clock, limit, *unwanted);
                   job(bounded);
               },
               std::move(done));
}

}  // namespace muster
