#include <hub/hub_side.hpp>

#include <chrono>
#include <utility>

#include <muster/http/http_client.hpp>

namespace muster {

HubSide::HubSide(HubOptions options, Outside const& outside, Reloading reloading)
    : clock_(outside.clock),
      started_at_(
          std::chrono::duration<double>(outside.clock.now().wall.time_since_epoch()).count()),
      sync_lane_(outside.loop, {"sync", 4}),
      checkpoint_lane_(outside.loop, {"checkpoint", 4}),
      store_lane_(outside.loop, {"store", 16}),
      bus_lane_(outside.loop, {"bus", 16}),
      config_lane_(outside.loop, {"config", 8}),
      probers_(outside.loop, outside.clock),
      metrics_(outside.loop, probers_.http_client()),
      hub_(std::move(options),
           HubPorts{outside.clock, outside.loop, share_out(reloading.running.hub.shards, outside),
                    metrics_, outside.journal, outside.checkpoints, outside.store, outside.bus,
                    outside.broadcaster, outside.log, sync_lane_, checkpoint_lane_, store_lane_,
                    bus_lane_, zones_}),
      config_(hub_, config_lane_, outside.log, std::move(reloading.running),
              std::move(reloading.load), std::move(reloading.applied)),
      commands_(hub_, config_),
      loop_lag_(outside.clock, outside.loop),
      figure_publisher_(outside.clock, outside.loop, outside.broadcaster,
                        [this](FigureSheet& sheet) { append_figures(sheet); }) {}

/// Who probes: this loop itself, or so many others.
Prober& HubSide::share_out(std::size_t shards, Outside const& outside) {
    if (shards == 1) {
        return probers_;
    }
    shards_.emplace(shards, outside.loop, outside.clock, outside.failed);
    return sharded_.emplace(probers_, shards_->links());
}

void HubSide::reach_shards(UniqueFunction<void()> reached) {
    if (shards_) {
        shards_->reach(std::move(reached));
    } else {
        reached();
    }
}

void HubSide::append_figures(FigureSheet& sheet) const {
    sheet.gauge("process_start_time_seconds",
                "Start time of the process since unix epoch in seconds.", started_at_);
    hub_.append_figures(sheet);
    append_figures_of(sheet, "sync", sync_lane_);
    append_figures_of(sheet, "checkpoint", checkpoint_lane_);
    append_figures_of(sheet, "store", store_lane_);
    append_figures_of(sheet, "bus", bus_lane_);
    append_figures_of(sheet, "config", config_lane_);
    append_figures_of(sheet, "hub", loop_lag_);
    auto idle = probers_.http_client().idle_connections();
    if (shards_) {
        std::size_t number = 0;
        for (auto const* const link : shards_->links()) {
            auto const figures = link->figures();
            append_figures_of(sheet, ++number, *link, figures, clock_.now().steady);
            idle += figures.idle_connections;
        }
    }
    sheet.gauge("muster_probe_connections_idle", "Connections that are kept for the next probe.",
                static_cast<double>(idle));
}

}  // namespace muster
