#include <muster/hub/hub_impl.hpp>

#include <utility>

#include <muster/recording/trimming.hpp>

namespace muster {
namespace {

/// Each of them draws from a seed of its own.
std::optional<std::uint64_t> chance_of(HubOptions const& options, std::uint64_t follower) {
    return options.chance ? std::optional(*options.chance + follower) : std::nullopt;
}

StoreFollower::Options store_options(HubOptions const& options) {
    StoreFollower::Options result;
    result.hub_id = options.hub_id;
    result.chance = chance_of(options, 1);
    return result;
}

RollupFollower::Options rollup_options(HubOptions const& options) {
    RollupFollower::Options result;
    result.hub_id = options.hub_id;
    result.chance = chance_of(options, 2);
    return result;
}

BusFollower::Options bus_options(HubOptions const& options) {
    BusFollower::Options result;
    result.hub_id = options.hub_id;
    result.routine = options.bus_is_shared;  // no channel carries results
    result.chance = chance_of(options, 3);
    return result;
}

Recorder::Options recorder_options(HubOptions const& options) {
    Recorder::Options result;
    result.sync_within = options.sync_within;
    return result;
}

}  // namespace

Hub::Impl::Impl(HubOptions hub_options, HubPorts hub_ports)
    : options(std::move(hub_options)),
      ports(hub_ports),
      recorder(ports.journal, ports.clock, ports.timers, ports.sync_lane, ports.log,
               recorder_options(options)),
      store_follower(ports.journal, ports.journal.reader(), ports.store, ports.store_lane,
                     ports.clock, ports.timers, ports.log, store_options(options)),
      rollup_follower(ports.journal, ports.journal.reader(), ports.store, ports.store_lane,
                      ports.clock, ports.timers, ports.log, rollup_options(options)),
      new_documents(std::make_unique<BusDocuments>(options.hub_id, options.bus_is_shared)),
      documents(*new_documents),
      bus_follower(ports.journal, ports.journal.reader(), ports.bus, std::move(new_documents),
                   ports.bus_lane, ports.clock, ports.timers, ports.log, bus_options(options)),
      checkpointer(recorder, ports.checkpoints, ports.checkpoint_lane, ports.clock, ports.timers,
                   ports.log, options.checkpoint_every, [this] { return checkpoint(); }),
      journal_room(ports.journal, ports.checkpoint_lane, ports.clock, ports.log),
      history(ports.store, ports.store_lane, ports.clock, ports.timers, ports.log,
              options.forget_every, options.retention),
      collector(
          ports.clock, ports.timers, ports.metrics,
          [this](ProjectMetrics metrics) { collected(std::move(metrics)); },
          [this](std::string_view project, Error const& error) { not_collected(project, error); },
          options.metrics_limits),
      fleet(ports.clock, ports.timers, ports.prober, *this, options.limits),
      changes(registry, fleet, view, collector),
      overlays(registry, fleet, view, ports.zones, ports.clock, ports.timers, ports.log,
               [this](RecordBody const& body) { learned(body); }),
      commit_timer(ports.timers.make([this] { commit(); })),
      show_timer(ports.timers.make([this] {
          show_due = true;
          commit();  // nothing is shown before it is written
      })),
      look_timer(ports.timers.make([this] { look_at_parts(); })),
      alive_timer(ports.timers.make([this] { note_alive(); })) {
    if (options.bus_is_shared) {
        announcer = std::make_unique<BusAnnouncer>(
            options.hub_id, ports.bus, ports.bus_server, ports.bus_lane, ports.clock, ports.timers,
            [this] { return summary(); }, [this] { bus_came_or_went(); });
    }
    if (ports.store_server != nullptr) {
        store_watch = std::make_unique<StoreWatch>(options.hub_id, ports.store, *ports.store_server,
                                                   ports.store_lane, ports.clock, ports.timers,
                                                   [this] { store_came_or_went(); });
    }
    fleet.set_caps(options.limits, options.group_caps);
    recorder.on_written([this](std::uint64_t seq) {
        lag.wrote(seq, ports.clock.now().steady);
        bus_follower.wrote(seq);
    });
    recorder.on_durable([this](std::uint64_t seq) {
        store_follower.wrote(seq);
        rollup_follower.wrote(seq);
    });
    store_follower.on_gap([this](Gap gap) { learned(std::move(gap)); });
    rollup_follower.on_gap([this](Gap gap) { learned(std::move(gap)); });
    bus_follower.on_gap([this](Gap gap) { learned(std::move(gap)); });
    checkpointer.on_saved([this](std::uint64_t seq) {
        auto const stored =
            forgettable(seq, {store_follower.position(), rollup_follower.position()});
        ports.journal.may_go(stored);
        auto trimmed = ports.journal.trim(forgettable(stored, {bus_follower.position()}),
                                          ports.clock.now().wall);
        if (!trimmed) {
            ports.log.write(LogLevel::warn, "journal", "cannot trim: " + trimmed.error().message);
        }
    });
}

}  // namespace muster
