#include <muster/sqlite/batch_writer.hpp>

#include <string>
#include <variant>

#include <muster/base/utf8.hpp>
#include <muster/codec/record_event.hpp>
#include <muster/codec/record_json.hpp>
#include <muster/sqlite/follower_cursor.hpp>

namespace muster {
namespace {

/// The newest so many are kept: a flood of bad records must not fill the disk.
constexpr std::int64_t kMaxDeadRecords = 10'000;

}  // namespace

BatchWriter::BatchWriter(SqliteDatabase& database)
    : database_(database),
      registry_(database),
      checks_(database),
      events_(database),
      rollups_(database, registry_) {}

void BatchWriter::begin(KeptSince const& kept) {
    kept_ = kept;
    too_old_ = 0;
    rollups_.begin(kept);
}

bool BatchWriter::is_too_old(WallTime at, WallTime since) noexcept {
    too_old_ += at < since ? 1 : 0;
    return at < since;
}

Result<void> BatchWriter::check_cursor(StoreBatch const& batch) {
    auto expected = expect_cursor(database_, kRawCursor, batch.hub_id, batch.expected);
    if (!expected) {
        return expected;
    }
    auto const hub = registry_.choose_hub(batch.hub_id);
    if (!hub) {
        return tl::unexpected(hub.error());
    }
    hub_ = *hub;
    not_counted_ = 0;
    return {};
}

Result<void> BatchWriter::write(StoreBatch const& batch, bool keep_checks) {
    Gap gap;
    for (auto const& record : batch.records) {
        if (auto const* result = std::get_if<CheckResult>(&record.body); result && !keep_checks) {
            gap.from = gap.from == 0 ? record.position.seq : gap.from;
            gap.to = record.position.seq;
            gap.at = result->accepted_at;
            continue;
        }
        auto taken = std::visit([this](auto const& body) { return take(body); }, record.body);
        if (!taken) {
            return taken;
        }
    }
    auto written = checks_.write();
    return written && gap.from != 0 ? left_out(gap) : written;
}

/// One gap for as long as the disk stays full, not one a batch.
Result<void> BatchWriter::left_out(Gap const& gap) {
    auto whole = gap;
    whole.follower = "store";
    whole.why = "the disk is nearly full, single checks are not kept";
    auto const extended = events_.extend_gap(hub_, whole);
    if (!extended || *extended) {
        return extended ? Result<void>{} : tl::unexpected(extended.error());
    }
    return take(whole);
}

Result<void> BatchWriter::bury(StoreBatch const& batch, std::string const& reason) {
    auto const clean = clean_text(reason);
    for (auto const& record : batch.records) {
        auto const json = encode_record(record);
        auto buried = database_
                          .statement(
                              "INSERT INTO dead_record (hub, journal_id, epoch, seq, reason,"
                              " record) VALUES (?1, ?2, ?3, ?4, ?5, ?6)")
                          .bind(hub_, batch.next.journal_id, record.position.epoch,
                                record.position.seq, clean, json)
                          .run();
        if (!buried) {
            return buried;
        }
    }
    return database_
        .statement("DELETE FROM dead_record WHERE id <= (SELECT max(id) FROM dead_record) - ?1")
        .bind(kMaxDeadRecords)
        .run();
}

Result<void> BatchWriter::move_cursor(StoreBatch const& batch) {
    return database_
        .statement(
            "INSERT INTO follower (hub, journal_id, seq, not_counted)"
            " VALUES (?1, ?2, ?3, ?4) ON CONFLICT (hub) DO UPDATE SET"
            " journal_id = ?2, seq = ?3, not_counted = not_counted + ?4")
        .bind(hub_, batch.next.journal_id, batch.next.seq, not_counted_)
        .run();
}

Result<void> BatchWriter::note_alive(std::string const& hub_id, WallTime at) {
    auto const hub = registry_.choose_hub(hub_id);
    return hub ? events_.health_now(*hub, at) : tl::unexpected(hub.error());
}

void BatchWriter::forget() {
    registry_.forget();
    checks_.forget();
}

Result<void> BatchWriter::take(CheckResult const& result) {
    if (result.outcome.verdict == Verdict::not_counted) {
        ++not_counted_;  // our own failure: no check of the target
        return {};
    }
    if (is_too_old(result.accepted_at,
                   result.outcome.error.empty() ? kept_.checks : kept_.failures)) {
        return {};
    }
    auto const service = registry_.service(result.service);
    if (!service) {
        return tl::unexpected(service.error());
    }
    checks_.add(service->key, result);
    return {};
}

Result<void> BatchWriter::take(Transition const& transition) {
    auto const service = registry_.service(transition.service, transition.project, transition.name);
    if (!service) {
        return tl::unexpected(service.error());
    }
    return tell(transition, *service);
}

Result<void> BatchWriter::take(ProjectMetrics const& metrics) {
    if (is_too_old(metrics.at, kept_.metrics)) {
        return {};
    }
    auto const project = registry_.project(metrics.project);
    if (!project) {
        return tl::unexpected(project.error());
    }
    return events_.metrics(*project, metrics);
}

Result<void> BatchWriter::take(ProjectChanged const& changed) {
    return registry_.changed(changed.project);
}

Result<void> BatchWriter::take(ProjectRemoved const& removed) {
    return registry_.removed(removed);
}

Result<void> BatchWriter::take(ServiceChanged const& changed) {
    auto done = registry_.changed(changed.service);
    if (!done) {
        return done;
    }
    auto const service = registry_.service(changed.service.id);
    if (!service) {
        return tl::unexpected(service.error());
    }
    return tell(changed, *service);
}

Result<void> BatchWriter::take(ServiceRemoved const& removed) {
    auto done = registry_.removed(removed);
    if (!done) {
        return done;
    }
    auto const service = registry_.service(removed.id);
    if (!service) {
        return tl::unexpected(service.error());
    }
    return tell(removed, *service);
}

Result<void> BatchWriter::take(HubStarted const& started) {
    return events_.started(hub_, started);
}

Result<void> BatchWriter::take(HubStopped const& stopped) {
    return events_.stopped(hub_, stopped);
}

Result<void> BatchWriter::take(Gap const& gap) {
    auto done = events_.gap(hub_, gap);
    return done ? tell(gap) : done;
}

Result<void> BatchWriter::take(HubProblem const& problem) {
    auto done = events_.problem(hub_, problem);
    return done ? tell(problem) : done;
}

Result<void> BatchWriter::take(OverlayChanged const& changed) {
    auto const service = registry_.service(changed.service, changed.project, changed.name);
    if (!service) {
        return tl::unexpected(service.error());
    }
    return tell(changed, *service);
}

Result<void> BatchWriter::take(ConfigReloaded const& reloaded) {
    return tell(reloaded);
}

Result<void> BatchWriter::tell(RecordBody const& body,
                               RegistryWriter::KnownService const& service) {
    auto const row = event_of(body, service.critical);
    if (!row) {
        return {};
    }
    return write_event({hub_, service.project, service.key}, *row);
}

Result<void> BatchWriter::tell(RecordBody const& body) {
    auto const row = event_of(body, false);
    return row ? write_event({hub_, std::nullopt, std::nullopt}, *row) : Result<void>{};
}

Result<void> BatchWriter::write_event(EventWriter::About const& about, EventRow const& row) {
    return is_too_old(row.occurred_at, kept_.events) ? Result<void>{} : events_.event(about, row);
}

}  // namespace muster
