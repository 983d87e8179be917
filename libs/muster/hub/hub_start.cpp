#include <muster/hub/hub_impl.hpp>

#include <algorithm>
#include <chrono>
#include <utility>
#include <variant>
#include <vector>

namespace muster {

Result<void> Hub::Impl::start(std::span<ProjectSpec const> projects,
                              std::span<MaintenanceSpec const> windows) {
    auto restored = restore_hub(ports.checkpoints, ports.journal, ports.log);
    if (!restored) {
        return tl::unexpected(std::move(restored.error()));
    }
    if (!restored->hub_id.empty() && restored->hub_id != options.hub_id) {
        return failure(Errc::conflict, "the data folder belongs to the hub '" + restored->hub_id +
                                           "', not to '" + options.hub_id +
                                           "': give this hub a folder of its own");
    }
    auto const now = ports.clock.now();
    begin_epoch(*restored, now.wall);
    documents.begin(registry.services(), registry.tombstones());
    auto const taken = take_configuration(*restored, projects, windows, now.wall);
    if (!taken) {
        return taken;
    }
    watch_all(*restored);
    overlays.start();
    for (auto& [id, transition] : restored->untold) {
        if (auto const* service = registry.find(id)) {
            note_transition(*service, transition);  // the picture begins with what it led to
        }
    }
    recorder.commit();
    if (!recorder.healthy()) {
        return failure(Errc::unavailable, "the journal cannot be written: " + recorder.problem());
    }
    // Where the disk takes it, no epoch is shown that a power loss would let be given again.
    recorder.sync_here();
    show_first_picture();
    history.start();
    store_follower.start();
    rollup_follower.start();
    bus_follower.start();
    if (announcer) {
        announcer->start(epoch);
    }
    if (store_watch) {
        store_watch->start();
    }
    checkpointer.start();
    condition.started = true;
    look_at_parts();
    alive_timer->arm(now.steady + options.note_alive_every);
    return {};
}

/// What was known is there again, as of a time before this life of the hub.
void Hub::Impl::begin_epoch(Restored& restored, WallTime now) {
    replayed = restored.replayed;
    registry = std::move(restored.registry);
    // Above every epoch of this data folder, and of one that was lost.
    auto const seconds = std::chrono::floor<std::chrono::seconds>(now.time_since_epoch());
    epoch = std::max(restored.last_epoch + 1, static_cast<std::uint64_t>(seconds.count()));
    recorder.start_epoch(epoch);
    learned(HubStarted{options.hub_id, options.version, now});
    lose_sight(restored.trackers, now);
}

/// Makes the registry what the configuration says, before anything is watched.
Result<void> Hub::Impl::take_configuration(Restored& restored,
                                           std::span<ProjectSpec const> projects,
                                           std::span<MaintenanceSpec const> windows, WallTime now) {
    auto plan = plan_configuration(registry, projects, windows, now);
    if (!plan) {
        return tl::unexpected(std::move(plan.error()));
    }
    for (auto const& warning : plan->warnings) {
        ports.log.write(LogLevel::warn, "config", warning);
    }
    auto accepted = accepts(*plan);
    if (!accepted) {
        return accepted;
    }
    for (auto const& change : plan->records) {
        if (auto const* changed = std::get_if<ServiceChanged>(&change)) {
            start_over_if_reprobed(restored.trackers, registry, *changed);
        }
        registry.apply(change);
        learned(change);
    }
    return {};
}

void Hub::Impl::watch_all(Restored& restored) {
    auto const now = ports.clock.now().wall;
    for (auto const& [id, project] : registry.projects()) {
        view.set_project(*project);
        collector.set(*project);
        auto const metrics = restored.latest_metrics.find(id);
        if (metrics != restored.latest_metrics.end()) {
            view.add_metrics(std::move(metrics->second));
        }
    }
    std::vector<Fleet::Member> members;
    members.reserve(registry.services().size());
    for (auto const& [id, service] : registry.services()) {
        auto& tracker = restored.trackers[id];
        view.set_service(*service, tracker, now);
        if (tracker.health.status == HealthStatus::down) {
            overlays.was_down(id);
        }
        members.push_back({service, std::move(tracker)});
    }
    for (auto const& error : fleet.add(std::move(members))) {
        problem("probing", error.message + ": its checks do not count until that is mended", false,
                now);
    }
}

void Hub::Impl::show_first_picture() {
    auto picture = view.take(epoch, recorder.last().seq, true);
    changes.describe(picture, true);
    ports.broadcaster.publish(std::move(picture));
}

}  // namespace muster
