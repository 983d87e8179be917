#include <muster/hub/restore.hpp>

#include <algorithm>
#include <optional>
#include <string>
#include <utility>
#include <variant>

#include <muster/monitoring/fleet.hpp>
#include <muster/recording/checkpoint.hpp>
#include <muster/recording/journal_record.hpp>

namespace muster {
namespace {

constexpr std::size_t kChunkBytes = 4U << 20U;

void take_checkpoint(Restored& restored, Checkpoint checkpoint) {
    restored.hub_id = checkpoint.hub_id;
    restored.last_epoch = checkpoint.epoch;
    restored.registry.reserve_ids(
        {checkpoint.next_project_id, checkpoint.next_service_id, checkpoint.next_maintenance_id});
    for (auto& project : checkpoint.projects) {
        restored.registry.put(share(std::move(project)));
    }
    for (auto& tracked : checkpoint.services) {
        restored.trackers.insert_or_assign(tracked.service.id, std::move(tracked.tracker));
        restored.registry.put(share(std::move(tracked.service)));
    }
    for (auto& tombstone : checkpoint.tombstones) {
        restored.registry.put(std::move(tombstone));
    }
    for (auto& window : checkpoint.windows) {
        restored.registry.put(std::move(window));
    }
    for (auto& metrics : checkpoint.latest_metrics) {
        restored.latest_metrics.insert_or_assign(metrics.project, std::move(metrics));
    }
}

/// The change of status that a result made when it was judged; nothing: the status stayed.
/// `tracker`: as it was before.
std::optional<Transition> change_by(Service const& service, Tracker tracker,
                                    CheckResult const& result) {
    auto const before = tracker.health.status;
    if (result.outcome.verdict == Verdict::not_counted || before == result.after.status) {
        return std::nullopt;
    }
    auto judged = judge(tracker, service.id, service.spec.policy, result.outcome, result.started_at,
                        result.accepted_at);
    if (!judged.change || judged.change->to != result.after.status) {
        // It was judged in other circumstances. The result itself says what it led to.
        auto& change = judged.change.emplace(ExplainedChange{before, result.after.status, {}});
        bool const down = change.to == HealthStatus::down;
        change.reason.cause = down ? Cause::failures : Cause::passed;
        change.reason.error = result.outcome.error;
        change.reason.count = change.reason.threshold = 1;
        change.reason.deciding.push_back({result.started_at, {}, result.outcome.error});
    }
    judged.result = result;
    return transition_of(service, judged);
}

/// One record of the journal, applied in order.
struct Replay {
    Restored& restored;

    void operator()(CheckResult const& result) const {
        auto const* service = restored.registry.find(result.service);
        if (service == nullptr) {
            return;
        }
        auto& tracker = restored.trackers[result.service];
        if (auto change = change_by(*service, tracker, result)) {
            restored.untold.insert_or_assign(service->id, *std::move(change));
        }
        restore(tracker, result, service->spec.policy);
    }
    void operator()(OverlayChanged const& changed) const {
        if (restored.registry.find(changed.service) != nullptr) {
            set_overlay(restored.trackers[changed.service], changed.overlay, changed.on,
                        changed.at);
        }
    }
    void operator()(ProjectMetrics const& metrics) const {
        restored.latest_metrics.insert_or_assign(metrics.project, metrics);
    }
    /// Before the registry takes it over.
    void operator()(ServiceChanged const& changed) const {
        start_over_if_reprobed(restored.trackers, restored.registry, changed);
    }
    void operator()(Transition const& transition) const {
        // Its result says the same; of a journal that shrank only the transition is left.
        if (restored.registry.find(transition.service) != nullptr) {
            restore(restored.trackers[transition.service], transition);
        }
        restored.untold.erase(transition.service);
    }
    void operator()(ServiceRemoved const& removed) const {
        restored.trackers.erase(removed.id);
        restored.untold.erase(removed.id);
    }
    void operator()(ProjectRemoved const& removed) const {
        restored.latest_metrics.erase(removed.id);
    }
    void operator()(HubStarted const& started) const {
        restored.hub_id = started.hub_id;
        lose_sight(restored.trackers, started.at);
    }
    void operator()(HubStopped const& stopped) const { lose_sight(restored.trackers, stopped.at); }
    // What does not change the picture: the registry applies its own.
    void operator()(ProjectChanged const&) const {}
    void operator()(Gap const&) const {}
    void operator()(HubProblem const&) const {}
    void operator()(MaintenanceChanged const&) const {}
    void operator()(MaintenanceRemoved const&) const {}
    void operator()(ConfigReloaded const&) const {}
};

void replay_chunk(Restored& restored, JournalChunk const& chunk, Log& log) {
    FrameScanner scanner(chunk.frames);
    while (scanner.next() == FrameScanner::Found::frame) {
        auto const record = decode_frame(scanner.frame());
        if (!record) {
            log.write(LogLevel::error, "hub", "journal record passed: " + record.error().message);
            continue;
        }
        std::visit(Replay{restored}, record->body);
        restored.registry.apply(record->body);
        ++restored.replayed;
    }
}

Result<void> replay_journal(Restored& restored, Journal const& journal, std::uint64_t after,
                            Log& log) {
    auto const state = journal.state();
    auto const reader = journal.reader();
    while (after < state.last_seq) {
        auto chunk = reader->read(after, state.last_seq, kChunkBytes);
        if (!chunk && chunk.error().code == Errc::corrupt) {
            // What cannot be read is passed; what lies behind it still counts.
            log.write(LogLevel::error, "hub", "journal damaged: " + chunk.error().message);
            auto const next = reader->next_readable(after, state.last_seq);
            if (!next) {
                return prefixed("journal", next.error());
            }
            after = std::max(after + 1, *next) - 1;
            continue;
        }
        if (!chunk) {
            return prefixed("journal", std::move(chunk.error()));
        }
        if (chunk->first_seq == 0) {
            return {};
        }
        if (chunk->first_seq != after + 1) {
            log.write(LogLevel::error, "hub",
                      "journal records " + std::to_string(after + 1) + " to " +
                          std::to_string(chunk->first_seq - 1) + " are gone");
        }
        replay_chunk(restored, *chunk, log);
        after = chunk->last_seq;
    }
    return {};
}

}  // namespace

void start_over_if_reprobed(std::map<ServiceId, Tracker>& trackers, Registry const& registry,
                            ServiceChanged const& changed) {
    auto const* known = registry.find(changed.service.id);
    if (known != nullptr && known->spec.probe != changed.service.spec.probe) {
        start_over(trackers[changed.service.id], changed.service.updated_at);
    }
}

void lose_sight(std::map<ServiceId, Tracker>& trackers, WallTime at) {
    for (auto& [id, tracker] : trackers) {
        tracker.availability.lose_sight(at);
    }
}

Result<Restored> restore_hub(CheckpointStore& checkpoints, Journal const& journal, Log& log) {
    Restored restored;
    std::uint64_t replay_after = 0;
    auto bytes = checkpoints.load();
    if (!bytes && bytes.error().code != Errc::corrupt) {
        return prefixed("checkpoint", std::move(bytes.error()));
    }
    if (!bytes) {
        log.write(LogLevel::error, "hub",
                  "checkpoint damaged, replaying the journal: " + bytes.error().message);
    } else if (*bytes) {
        auto checkpoint = decode_checkpoint(**bytes);
        if (checkpoint) {
            bool const same_journal = checkpoint->as_of.journal_id == journal.state().id;
            replay_after = same_journal ? checkpoint->as_of.seq : 0;
            take_checkpoint(restored, std::move(*checkpoint));
        } else {
            log.write(LogLevel::error, "hub",
                      "checkpoint damaged, replaying the journal: " + checkpoint.error().message);
        }
    }
    auto replayed = replay_journal(restored, journal, replay_after, log);
    if (!replayed) {
        return tl::unexpected(std::move(replayed.error()));
    }
    restored.last_epoch = std::max(restored.last_epoch, journal.state().last_epoch);
    return restored;
}

}  // namespace muster
