#include <muster/api/history_queries.hpp>

#include <algorithm>
#include <memory>
#include <utility>

#include <muster/codec/history_json.hpp>

namespace muster {
namespace {

using Rows = HistoryQueries::Rows;

tl::unexpected<Error> too_long_answer(std::size_t max_bytes) {
    return failure(Errc::invalid, "hours asks for more than " + std::to_string(max_bytes >> 20U) +
                                      " MB of history: ask for fewer, or for one service");
}

Result<Rows> encode_checks(HistoryReader& reader, ChecksQuery const& query, std::size_t max_bytes) {
    Rows rows;
    rows.json += '[';
    bool too_long = false;
    auto const visited = reader.checks(query, [&](CheckRow const& row) {
        if (rows.total > 0) {
            rows.json += ',';
        }
        append_check_row(rows.json, row);
        ++rows.total;
        too_long = rows.json.size() > max_bytes;
        return !too_long;
    });
    if (too_long) {
        return too_long_answer(max_bytes);
    }
    if (!visited) {
        return tl::unexpected(visited.error());
    }
    rows.json += ']';
    return rows;
}

Result<Rows> encode_buckets(HistoryReader& reader, BucketsQuery const& query,
                            std::size_t max_bytes) {
    auto const buckets = reader.buckets(query);
    if (!buckets) {
        return tl::unexpected(buckets.error());
    }
    Rows rows;
    rows.total = buckets->size();
    rows.json += '[';
    for (auto const& row : *buckets) {
        if (rows.json.size() > 1) {
            rows.json += ',';
        }
        append_bucket_row(rows.json, row);
        if (rows.json.size() > max_bytes) {
            return too_long_answer(max_bytes);
        }
    }
    rows.json += ']';
    return rows;
}

Result<Rows> encode_checks_or_buckets(HistoryReader& reader, ChecksQuery const& query, WallTime now,
                                      std::size_t max_bytes) {
    auto const kept = reader.kept();
    if (!kept) {
        return tl::unexpected(kept.error());
    }
    if (query.from >= kept->checks_since) {
        return encode_checks(reader, query, max_bytes);
    }
    BucketsQuery buckets;
    buckets.project = query.project;
    buckets.service = query.service;
    buckets.from = query.from;
    buckets.until = std::min(query.until, now);
    // Nobody asked for this step: one that gives too many buckets is ours to mend.
    auto rows = encode_buckets(reader, buckets, max_bytes);
    while (!rows && rows.error().code == Errc::invalid &&
           buckets.step < buckets.until - buckets.from) {
        buckets.step *= 2;
        rows = encode_buckets(reader, buckets, max_bytes);
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
    rows.json += '[';
    for (auto const& row : events->rows) {
        if (rows.json.size() > 1) {
            rows.json += ',';
        }
        append_event_row(rows.json, row);
    }
    rows.json += ']';
    return rows;
}

}  // namespace

HistoryQueries::HistoryQueries(std::vector<ReadLane> lanes, Options options)
    : lanes_(std::move(lanes)), options_(options) {}

void HistoryQueries::checks(ChecksQuery query, Done done) {
    submit([query = std::move(query), max_bytes = options_.max_bytes](
               HistoryReader& reader) { return encode_checks(reader, query, max_bytes); },
           std::move(done));
}

void HistoryQueries::buckets(BucketsQuery query, Done done) {
    submit([query = std::move(query), max_bytes = options_.max_bytes](
               HistoryReader& reader) { return encode_buckets(reader, query, max_bytes); },
           std::move(done));
}

void HistoryQueries::checks_or_buckets(ChecksQuery query, WallTime now, Done done) {
    submit(
        [query = std::move(query), now, max_bytes = options_.max_bytes](HistoryReader& reader) {
            return encode_checks_or_buckets(reader, query, now, max_bytes);
        },
        std::move(done));
}

void HistoryQueries::events(EventsQuery query, Done done) {
    submit(
        [query = std::move(query)](HistoryReader& reader) { return encode_events(reader, query); },
        std::move(done));
}

void HistoryQueries::submit(Job job, Done done) {
    // What a refused lane was given is lost: keep it where the refusal can reach it.
    struct Errand {
        Job job;
        Done done;
        Result<Rows> rows{failure(Errc::internal, "not asked yet")};
    };
    auto const errand = std::make_shared<Errand>(Errand{std::move(job), std::move(done)});
    auto const least = std::min_element(lanes_.begin(), lanes_.end(),
                                        [](ReadLane const& left, ReadLane const& right) {
                                            return left.lane.pending() < right.lane.pending();
                                        });
    bool const taken =
        least != lanes_.end() &&
        least->lane.submit(
            [errand, &reader = least->reader] { errand->rows = errand->job(reader); },
            [errand] { errand->done(std::move(errand->rows)); });
    if (!taken) {
        errand->done(failure(Errc::full, "too many history queries at once, try again"));
    }
}

}  // namespace muster
