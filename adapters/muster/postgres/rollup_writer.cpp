#include <muster/postgres/rollup_writer.hpp>

#include <algorithm>
#include <optional>

#include <muster/postgres/follower_cursor.hpp>

namespace muster::postgres {
namespace {

/// Rows of a statement: each is an answer of the server, whose silence is told after a while.
constexpr std::size_t kMostAtOnce = 5'000;

std::optional<WallTime> wall_or_none(PostgresRow const& row, int column) {
    if (row.is_null(column)) {
        return std::nullopt;
    }
    return WallTime(Millis(row.integer(column)));
}

std::uint64_t count_of(std::int64_t stored) {
    return static_cast<std::uint64_t>(std::max<std::int64_t>(stored, 0));
}

std::optional<std::int64_t> millis_or_none(std::optional<WallTime> time) {
    return time ? std::optional(std::int64_t{time->time_since_epoch().count()}) : std::nullopt;
}

std::optional<std::int64_t> unless_zero(std::int64_t value) {
    return value == 0 ? std::nullopt : std::optional(value);
}

WallTime start_of_span(WallTime time, Millis span) {
    return WallTime(time.time_since_epoch() / span * span);
}

WallTime kept_of(RollupLevel const& level, KeptSince const& kept) {
    return start_of_span(level.facts == Facts::hours ? kept.hours : kept.minutes, level.span);
}

std::int64_t bytes_of_row(std::size_t sketch) {
    return RollupLevel::kRowBytes + static_cast<std::int64_t>(sketch);
}

/// The values of many rows, column by column.
struct RollupColumns {
    PostgresArray at;
    PostgresArray service;
    PostgresArray checks;
    PostgresArray unknown;
    PostgresArray degraded;
    PostgresArray down;
    PostgresArray missed;
    PostgresArray down_time;
    PostgresArray total;
    PostgresArray shortest;
    PostgresArray longest;
    PostgresArray sketch;

    /// The bytes of the row.
    std::int64_t add(std::int64_t key, WallTime start, Rollup const& seen, Millis span) {
        at.add(time_text(start));
        service.add(key);
        auto const number = [](std::uint64_t count) { return static_cast<std::int64_t>(count); };
        checks.add(number(seen.checks));
        unknown.add(unless_zero(number(seen.checks - seen.up - seen.degraded - seen.down)));
        degraded.add(unless_zero(number(seen.degraded)));
        down.add(unless_zero(number(seen.down)));
        missed.add(unless_zero((span - seen.observed).count()));
        down_time.add(unless_zero(seen.down_time.count()));
        total.add(unless_zero(seen.total.count()));
        shortest.add(unless_zero(seen.shortest.count()));
        longest.add(unless_zero(seen.longest.count()));
        Bytes encoded;
        if (seen.response_times.empty()) {
            sketch.add_null();
        } else {
            seen.response_times.encode(encoded);
            sketch.add(bytes_text(encoded));
        }
        return bytes_of_row(encoded.size());
    }
};

}  // namespace

char const* const kRollupColumns =
    "r.checks, r.total_us, r.shortest_us, r.longest_us, r.sketch,"
    " coalesce(r.unknown, r.degraded, r.down, r.missed_ms, r.down_ms),"
    " r.unknown, r.degraded, r.down, r.missed_ms, r.down_ms";

Rollup rollup_of(PostgresRow const& row, int column, Millis span) {
    Rollup rollup;
    rollup.checks = count_of(row.integer(column));
    rollup.up = rollup.checks;
    rollup.observed = span;
    rollup.total = Micros(row.integer(column + 1));
    rollup.shortest = Micros(row.integer(column + 2));
    rollup.longest = Micros(row.integer(column + 3));
    auto const sketch = row.text(column + 4);
    if (!sketch.empty()) {
        if (auto decoded = Sketch::decode(bytes_of(sketch))) {
            rollup.response_times = std::move(*decoded);
        }
    }
    if (row.is_null(column + 5)) {
        return rollup;  // as most are: fields cost time
    }
    auto const unknown = count_of(row.integer(column + 6));
    rollup.degraded = count_of(row.integer(column + 7));
    rollup.down = count_of(row.integer(column + 8));
    auto const others = unknown + rollup.degraded + rollup.down;
    rollup.up = rollup.checks - std::min(rollup.checks, others);
    rollup.observed = std::max(span - Millis(row.integer(column + 9)), Millis(0));
    rollup.down_time = Millis(row.integer(column + 10));
    return rollup;
}

Watch watch_of(PostgresRow const& row, int column) {
    Watch watch;
    watch.reach = Millis(row.integer(column));
    watch.last_at = wall_or_none(row, column + 1);
    watch.last_reach = Millis(row.integer(column + 2));
    watch.last = static_cast<Observed>(row.integer(column + 3));
    watch.suspect_since = wall_or_none(row, column + 4);
    watch.maintenance = row.integer(column + 5) != 0;
    return watch;
}

Result<RollupState> read_rollup_state(PostgresTransaction& transaction, std::string const& hub_id) {
    auto cursor = read_cursor(transaction, kRollupCursor, hub_id);
    if (!cursor) {
        return tl::unexpected(std::move(cursor.error()));
    }
    auto const rows = transaction.prepared(
        "SELECT s.id, w.reach_ms, w.last_at, w.last_reach_ms, w.last, w.suspect_since,"
        " w.maintenance::int FROM hub h JOIN service s ON s.hub = h.key"
        " JOIN rollup_watch w ON w.service = s.key WHERE h.hub_id = $1 ORDER BY s.key",
        hub_id);
    if (!rows) {
        return tl::unexpected(rows.error());
    }
    RollupState state;
    state.cursor = std::move(*cursor);
    each_row(*rows, [&state](PostgresRow const& row) {
        state.watches.push_back({ServiceId{row.integer(0)}, watch_of(row, 1)});
    });
    return state;
}

void RollupWriter::begin(KeptSince const& kept) {
    kept_ = kept;
    too_old_ = 0;
}

std::set<Partitions::Place> RollupWriter::places_of(RollupBatch const& batch,
                                                    KeptSince const& kept) {
    std::set<Partitions::Place> places;
    for (auto const* level : {&kMinutes, &kHours}) {
        for (auto const& row : batch.rows) {
            auto const start = start_of_span(row.minute, level->span);
            if (start >= kept_of(*level, kept)) {
                places.insert(Partitions::place_of(level->facts, start));
            }
        }
    }
    return places;
}

Result<void> RollupWriter::write(PostgresTransaction& transaction, RollupBatch const& batch) {
    auto const hub = registry_.choose_hub(transaction, batch.hub_id);
    if (!hub) {
        return tl::unexpected(hub.error());
    }
    auto done = expect_cursor(transaction, kRollupCursor, *hub, batch.hub_id, batch.expected);
    for (auto const* level : {&kMinutes, &kHours}) {
        if (done) {
            done = add(transaction, *level, batch);
        }
    }
    if (done) {
        done = keep_watches(transaction, batch);
    }
    if (done) {
        done = transaction.run(
            "UPDATE rollup_follower SET journal_id = $2, seq = $3,"
            " known_until = coalesce($4, known_until) WHERE hub = $1",
            *hub, batch.next.journal_id, batch.next.seq, millis_or_none(batch.known_until));
    }
    return done;
}

Result<void> RollupWriter::add(PostgresTransaction& transaction, RollupLevel const& level,
                               RollupBatch const& batch) {
    std::map<Partitions::Place, Parts> places;
    for (auto const& row : batch.rows) {
        auto const service = registry_.service(transaction, row.service);
        if (!service) {
            return tl::unexpected(service.error());
        }
        auto const start = start_of_span(row.minute, level.span);
        if (start < kept_of(level, kept_)) {
            ++too_old_;
            continue;
        }
        auto& parts = places[Partitions::place_of(level.facts, start)];
        merge(parts[{service->key, within_calendar(start)}], row.seen, level.span);
    }
    for (auto& [place, parts] : places) {
        while (!parts.empty()) {
            Parts slice;
            while (!parts.empty() && slice.size() < kMostAtOnce) {
                slice.insert(parts.extract(parts.begin()));
            }
            auto merged = merge_into(transaction, level, place, slice);
            if (!merged) {
                return merged;
            }
        }
    }
    return {};
}

Result<void> RollupWriter::merge_into(PostgresTransaction& transaction, RollupLevel const& level,
                                      Partitions::Place place, Parts& parts) {
    auto const table = Partitions::name_of(place);
    PostgresArray services;
    PostgresArray starts;
    for (auto const& [spot, seen] : parts) {
        services.add(spot.first);
        starts.add(time_text(spot.second));
    }
    // Asked of the partition: the parent would look into each.
    auto const stored =
        transaction.query("SELECT r.service, (extract(epoch FROM r.at) * 1000)::bigint, " +
                              std::string(kRollupColumns) + ", coalesce(length(r.sketch), 0) FROM" +
                              " unnest($1::int[], $2::timestamptz[]) AS w (service, at) JOIN " +
                              table + " r ON r.service = w.service AND r.at = w.at",
                          services.text(), starts.text());
    if (!stored) {
        return tl::unexpected(stored.error());
    }
    std::int64_t bytes = 0;
    each_row(*stored, [&](PostgresRow const& row) {
        auto& part = parts[{row.integer(0), WallTime(Millis(row.integer(1)))}];
        auto whole = rollup_of(row, 2, level.span);
        merge(whole, part, level.span);
        part = std::move(whole);
        bytes -= bytes_of_row(static_cast<std::size_t>(row.integer(13)));
    });
    RollupColumns columns;
    for (auto const& [spot, seen] : parts) {
        bytes += columns.add(spot.first, spot.second, seen, level.span);
    }
    auto const written = transaction.query(
        "INSERT INTO " + table +
            " (at, service, checks, unknown, degraded, down, missed_ms, down_ms, total_us,"
            " shortest_us, longest_us, sketch) SELECT * FROM unnest($1::timestamptz[], $2::int[], "
            "$3::int[], $4::int[], $5::int[],"
            " $6::int[], $7::int[], $8::int[], $9::bigint[], $10::bigint[], $11::bigint[],"
            " $12::bytea[]) ON CONFLICT (service, at) DO UPDATE SET checks = excluded.checks,"
            " unknown = excluded.unknown, degraded = excluded.degraded, down = excluded.down,"
            " missed_ms = excluded.missed_ms, down_ms = excluded.down_ms,"
            " total_us = excluded.total_us, shortest_us = excluded.shortest_us,"
            " longest_us = excluded.longest_us, sketch = excluded.sketch",
        columns.at.text(), columns.service.text(), columns.checks.text(), columns.unknown.text(),
        columns.degraded.text(), columns.down.text(), columns.missed.text(),
        columns.down_time.text(), columns.total.text(), columns.shortest.text(),
        columns.longest.text(), columns.sketch.text());
    if (!written) {
        return tl::unexpected(written.error());
    }
    return account_.add(transaction, {{place, bytes}});
}

Result<void> RollupWriter::keep_watches(PostgresTransaction& transaction,
                                        RollupBatch const& batch) {
    PostgresArray services;
    PostgresArray reaches;
    PostgresArray last_ats;
    PostgresArray last_reaches;
    PostgresArray lasts;
    PostgresArray suspects;
    PostgresArray windows;
    std::map<std::int64_t, Watch const*> newest;
    for (auto const& row : batch.watches) {
        auto const service = registry_.service(transaction, row.service);
        if (!service) {
            return tl::unexpected(service.error());
        }
        newest[service->key] = &row.watch;
    }
    for (auto const& [key, watch] : newest) {
        services.add(key);
        reaches.add(watch->reach.count());
        last_ats.add(millis_or_none(watch->last_at));
        last_reaches.add(watch->last_reach.count());
        lasts.add(static_cast<std::int64_t>(watch->last));
        suspects.add(millis_or_none(watch->suspect_since));
        windows.add(std::string_view(watch->maintenance ? "t" : "f"));
    }
    if (!newest.empty()) {
        auto kept = transaction.run(
            "INSERT INTO rollup_watch (service, reach_ms, last_at, last_reach_ms, last,"
            " suspect_since, maintenance) SELECT * FROM unnest($1::int[], $2::bigint[], "
            "$3::bigint[],"
            " $4::bigint[], $5::smallint[], $6::bigint[], $7::boolean[]) ON CONFLICT (service)"
            " DO UPDATE SET reach_ms = excluded.reach_ms, last_at = excluded.last_at,"
            " last_reach_ms = excluded.last_reach_ms, last = excluded.last,"
            " suspect_since = excluded.suspect_since, maintenance = excluded.maintenance",
            services.text(), reaches.text(), last_ats.text(), last_reaches.text(), lasts.text(),
            suspects.text(), windows.text());
        if (!kept) {
            return kept;
        }
    }
    for (auto const id : batch.ended) {
        auto const service = registry_.service(transaction, id);
        if (!service) {
            return tl::unexpected(service.error());
        }
        auto ended = transaction.run("DELETE FROM rollup_watch WHERE service = $1", service->key);
        if (!ended) {
            return ended;
        }
    }
    return {};
}

}  // namespace muster::postgres
