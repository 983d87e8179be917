#include <muster/postgres/batch_writer.hpp>

#include <string>
#include <variant>

#include <muster/base/utf8.hpp>
#include <muster/codec/record_event.hpp>
#include <muster/codec/record_json.hpp>
#include <muster/postgres/follower_cursor.hpp>

namespace muster::postgres {
namespace {

/// The newest so many are kept: a flood of bad records must not fill the disk.
constexpr std::int64_t kMaxDeadRecords = 10'000;

WallTime kept_of(CheckResult const& result, KeptSince const& kept) noexcept {
    return result.outcome.error.empty() ? kept.checks : kept.failures;
}

}  // namespace

std::set<Partitions::Place> BatchWriter::places_of(StoreBatch const& batch, KeptSince const& kept) {
    std::set<Partitions::Place> places;
    for (auto const& record : batch.records) {
        auto const* const result = std::get_if<CheckResult>(&record.body);
        if (result != nullptr && result->outcome.verdict != Verdict::not_counted &&
            result->accepted_at >= kept_of(*result, kept)) {
            places.insert(CheckWriter::place_of(*result));
        }
    }
    return places;
}

void BatchWriter::begin(PostgresTransaction& transaction, KeptSince const& kept) {
    transaction_ = &transaction;
    kept_ = kept;
    too_old_ = 0;
    rollups_.begin(kept);
}

bool BatchWriter::is_too_old(WallTime at, WallTime since) noexcept {
    too_old_ += at < since ? 1 : 0;
    return at < since;
}

Result<void> BatchWriter::check_cursor(StoreBatch const& batch) {
    auto const hub = registry_.choose_hub(*transaction_, batch.hub_id);
    if (!hub) {
        return tl::unexpected(hub.error());
    }
    hub_ = *hub;
    not_counted_ = 0;
    return expect_cursor(*transaction_, kRawCursor, hub_, batch.hub_id, batch.expected);
}

Result<void> BatchWriter::move_cursor(StoreBatch const& batch) {
    return transaction_->run(
        "UPDATE follower SET journal_id = $2, seq = $3, not_counted = not_counted + $4"
        " WHERE hub = $1",
        hub_, batch.next.journal_id, batch.next.seq, not_counted_);
}

Result<void> BatchWriter::write(StoreBatch const& batch) {
    auto done = check_cursor(batch);
    for (auto const& record : batch.records) {
        if (!done) {
            return done;
        }
        done = std::visit([this](auto const& body) { return this->take(body); }, record.body);
    }
    if (done) {
        done = checks_.write(*transaction_, account_);
    }
    return done ? move_cursor(batch) : done;
}

Result<void> BatchWriter::bury(StoreBatch const& batch, std::string const& reason) {
    auto done = check_cursor(batch);
    for (auto const& record : batch.records) {
        if (done) {
            done = transaction_->run(
                "INSERT INTO dead_record (hub, journal_id, epoch, seq, reason, record)"
                " VALUES ($1, $2, $3, $4, $5, $6)",
                hub_, batch.next.journal_id, record.position.epoch, record.position.seq,
                clean_text(reason), encode_record(record));
        }
    }
    if (done) {
        done = transaction_->run(
            "DELETE FROM dead_record WHERE id <= (SELECT max(id) FROM dead_record) - $1",
            kMaxDeadRecords);
    }
    return done ? move_cursor(batch) : done;
}

Result<void> BatchWriter::note_alive(std::string const& hub_id, WallTime at) {
    auto const hub = registry_.choose_hub(*transaction_, hub_id);
    return hub ? events().health_now(*hub, at) : tl::unexpected(hub.error());
}

void BatchWriter::forget() {
    registry_.forget();
    checks_.forget();
    account_.forget();
}

Result<void> BatchWriter::take(CheckResult const& result) {
    if (result.outcome.verdict == Verdict::not_counted) {
        ++not_counted_;  // our own failure: no check of the target
        return {};
    }
    if (is_too_old(result.accepted_at, kept_of(result, kept_))) {
        return {};
    }
    auto const service = registry_.service(*transaction_, result.service);
    if (!service) {
        return tl::unexpected(service.error());
    }
    checks_.add(service->key, result);
    return {};
}

Result<void> BatchWriter::take(Transition const& transition) {
    auto const service =
        registry_.service(*transaction_, transition.service, transition.project, transition.name);
    return service ? tell(transition, *service) : tl::unexpected(service.error());
}

Result<void> BatchWriter::take(ProjectMetrics const& metrics) {
    if (is_too_old(metrics.at, kept_.metrics)) {
        return {};
    }
    auto const project = registry_.project(*transaction_, metrics.project);
    return project ? events().metrics(*project, metrics) : tl::unexpected(project.error());
}

Result<void> BatchWriter::take(ProjectChanged const& changed) {
    return registry_.changed(*transaction_, changed.project);
}

Result<void> BatchWriter::take(ProjectRemoved const& removed) {
    return registry_.removed(*transaction_, removed);
}

Result<void> BatchWriter::take(ServiceChanged const& changed) {
    auto done = registry_.changed(*transaction_, changed.service);
    if (!done) {
        return done;
    }
    auto const service = registry_.service(*transaction_, changed.service.id);
    return service ? tell(changed, *service) : tl::unexpected(service.error());
}

Result<void> BatchWriter::take(ServiceRemoved const& removed) {
    auto done = registry_.removed(*transaction_, removed);
    if (!done) {
        return done;
    }
    auto const service = registry_.service(*transaction_, removed.id);
    return service ? tell(removed, *service) : tl::unexpected(service.error());
}

Result<void> BatchWriter::take(HubStarted const& started) {
    return events().started(hub_, started);
}

Result<void> BatchWriter::take(HubStopped const& stopped) {
    return events().stopped(hub_, stopped);
}

Result<void> BatchWriter::take(Gap const& gap) {
    auto done = events().gap(hub_, gap);
    return done ? tell(gap) : done;
}

Result<void> BatchWriter::take(HubProblem const& problem) {
    auto done = events().problem(hub_, problem);
    return done ? tell(problem) : done;
}

Result<void> BatchWriter::take(OverlayChanged const& changed) {
    auto const service =
        registry_.service(*transaction_, changed.service, changed.project, changed.name);
    return service ? tell(changed, *service) : tl::unexpected(service.error());
}

Result<void> BatchWriter::take(ConfigReloaded const& reloaded) {
    return tell(reloaded);
}

Result<void> BatchWriter::tell(RecordBody const& body,
                               RegistryWriter::KnownService const& service) {
    auto const row = event_of(body, service.critical);
    return row ? write_event({hub_, service.project, service.key}, *row) : Result<void>{};
}

Result<void> BatchWriter::tell(RecordBody const& body) {
    auto const row = event_of(body, false);
    return row ? write_event({hub_, std::nullopt, std::nullopt}, *row) : Result<void>{};
}

Result<void> BatchWriter::write_event(EventWriter::About const& about, EventRow const& row) {
    return is_too_old(row.occurred_at, kept_.events) ? Result<void>{} : events().event(about, row);
}

}  // namespace muster::postgres
