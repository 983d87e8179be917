#include <muster/sqlite/rollup_writer.hpp>

#include <algorithm>
#include <optional>

#include <muster/sqlite/follower_cursor.hpp>

namespace muster {
namespace {

std::optional<WallTime> wall_or_none(SqliteStatement const& row, int column) {
    if (row.is_null(column)) {
        return std::nullopt;
    }
    return WallTime(Millis(row.integer(column)));
}

std::uint64_t count_of(std::int64_t stored) {
    return static_cast<std::uint64_t>(std::max<std::int64_t>(stored, 0));
}

}  // namespace

Rollup rollup_of(SqliteStatement const& row, Millis span) {
    Rollup rollup;
    rollup.checks = count_of(row.integer(0));
    auto const unknown = count_of(row.integer(1));
    rollup.degraded = count_of(row.integer(2));
    rollup.down = count_of(row.integer(3));
    auto const others = unknown + rollup.degraded + rollup.down;
    rollup.up = rollup.checks - std::min(rollup.checks, others);
    rollup.observed = std::max(span - Millis(row.integer(4)), Millis(0));
    rollup.down_time = Millis(row.integer(5));
    rollup.total = Micros(row.integer(6));
    rollup.shortest = Micros(row.integer(7));
    rollup.longest = Micros(row.integer(8));
    if (!row.is_null(9)) {
        if (auto sketch = Sketch::decode(row.blob(9))) {
            rollup.response_times = std::move(*sketch);
        }
    }
    return rollup;
}

Watch watch_of(SqliteStatement const& row, int column) {
    Watch watch;
    watch.reach = Millis(row.integer(column));
    watch.last_at = wall_or_none(row, column + 1);
    watch.last_reach = Millis(row.integer(column + 2));
    watch.last = static_cast<Observed>(row.integer(column + 3));
    watch.suspect_since = wall_or_none(row, column + 4);
    watch.maintenance = row.integer(column + 5) != 0;
    return watch;
}

Result<RollupState> read_rollup_state(SqliteDatabase& database, std::string const& hub_id) {
    RollupState state;
    auto cursor = read_cursor(database, kRollupCursor, hub_id);
    if (!cursor) {
        return tl::unexpected(std::move(cursor.error()));
    }
    state.cursor = std::move(*cursor);
    auto const read =
        database
            .statement(
                "SELECT s.id, w.reach_ms, w.last_at, w.last_reach_ms, w.last,"
                " w.suspect_since, w.maintenance FROM hub h JOIN service s ON s.hub = h.key"
                " JOIN rollup_watch w ON w.service = s.key WHERE h.hub_id = ?1")
            .bind(hub_id)
            .each([&state](SqliteStatement const& row) {
                state.watches.push_back({ServiceId{row.integer(0)}, watch_of(row, 1)});
            });
    if (!read) {
        return tl::unexpected(read.error());
    }
    return state;
}

void RollupWriter::begin(KeptSince const& kept) {
    kept_ = kept;
    too_old_ = 0;
}

Result<void> RollupWriter::write(RollupBatch const& batch) {
    auto expected = expect_cursor(database_, kRollupCursor, batch.hub_id, batch.expected);
    if (!expected) {
        return expected;
    }
    auto const hub = registry_.choose_hub(batch.hub_id);
    if (!hub) {
        return tl::unexpected(hub.error());
    }
    minute_bytes_ = 0;
    hour_bytes_ = 0;
    for (auto const& row : batch.rows) {
        auto const service = registry_.service(row.service);
        if (!service) {
            return tl::unexpected(service.error());
        }
        auto done = add(kMinutes, service->key, row);
        if (done) {
            done = add(kHours, service->key, row);
        }
        if (!done) {
            return done;
        }
    }
    for (auto const& row : batch.watches) {
        auto const kept = keep(row);
        if (!kept) {
            return kept;
        }
    }
    for (auto const id : batch.ended) {
        auto const service = registry_.service(id);
        if (!service) {
            return tl::unexpected(service.error());
        }
        auto const ended = database_.statement("DELETE FROM rollup_watch WHERE service = ?1")
                               .bind(service->key)
                               .run();
        if (!ended) {
            return ended;
        }
    }
    auto done = add_level_bytes(database_, kMinutes.name, minute_bytes_);
    if (done) {
        done = add_level_bytes(database_, kHours.name, hour_bytes_);
    }
    return done ? move_cursor(*hub, batch) : done;
}

Result<void> RollupWriter::add(RollupLevel const& level, std::int64_t service,
                               RollupRow const& row) {
    auto const at = row.minute.time_since_epoch() / level.span;
    auto const since = &level == &kMinutes ? kept_.minutes : kept_.hours;
    if (at < since.time_since_epoch() / level.span) {
        ++too_old_;
        return {};
    }
    Rollup whole;
    std::int64_t bytes_before = 0;
    auto const read =
        database_.statement(level.read).bind(at, service).each([&](SqliteStatement const& stored) {
            bytes_before =
                RollupLevel::kRowBytes + static_cast<std::int64_t>(stored.blob(9).size());
            whole = rollup_of(stored, level.span);
        });
    if (!read) {
        return read;
    }
    merge(whole, row.seen, level.span);
    sketch_.clear();
    std::optional<ByteView> sketch;
    if (!whole.response_times.empty()) {
        whole.response_times.encode(sketch_);
        sketch = ByteView(sketch_);
    }
    auto& bytes = &level == &kMinutes ? minute_bytes_ : hour_bytes_;
    bytes += RollupLevel::kRowBytes + static_cast<std::int64_t>(sketch_.size()) - bytes_before;
    auto const unknown = whole.checks - whole.up - whole.degraded - whole.down;
    return database_.statement(level.write)
        .bind(at, service, whole.checks, unknown, whole.degraded, whole.down,
              (level.span - whole.observed).count(), whole.down_time.count(), whole.total.count(),
              whole.shortest.count(), whole.longest.count(), sketch)
        .run();
}

Result<void> RollupWriter::keep(WatchRow const& row) {
    auto const service = registry_.service(row.service);
    if (!service) {
        return tl::unexpected(service.error());
    }
    auto const& watch = row.watch;
    return database_
        .statement("INSERT OR REPLACE INTO rollup_watch VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7)")
        .bind(service->key, watch.reach.count(), watch.last_at, watch.last_reach.count(),
              watch.last, watch.suspect_since, watch.maintenance)
        .run();
}

Result<void> RollupWriter::move_cursor(std::int64_t hub, RollupBatch const& batch) {
    return database_
        .statement(
            "INSERT INTO rollup_follower (hub, journal_id, seq, known_until)"
            " VALUES (?1, ?2, ?3, coalesce(?4, 0)) ON CONFLICT (hub) DO UPDATE SET"
            " journal_id = ?2, seq = ?3, known_until = coalesce(?4, known_until)")
        .bind(hub, batch.next.journal_id, batch.next.seq, batch.known_until)
        .run();
}

}  // namespace muster
