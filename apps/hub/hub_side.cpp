#include <hub/hub_side.hpp>

#include <chrono>
#include <utility>

#include <muster/http/http_client.hpp>

namespace muster {

HubSide::HubSide(HubOptions options, Outside const& outside, Reloading reloading)
    : started_at_(
          std::chrono::duration<double>(outside.clock.now().wall.time_since_epoch()).count()),
      sync_lane_(outside.loop, {"sync", 4}),
      checkpoint_lane_(outside.loop, {"checkpoint", 4}),
      store_lane_(outside.loop, {"store", 16}),
      bus_lane_(outside.loop, {"bus", 16}),
      config_lane_(outside.loop, {"config", 8}),
      probers_(outside.loop, outside.clock),
      metrics_(outside.loop, probers_.http_client()),
      hub_(std::move(options),
           HubPorts{outside.clock, outside.loop, probers_, metrics_, outside.journal,
                    outside.checkpoints, outside.store, outside.bus, outside.broadcaster,
                    outside.log, sync_lane_, checkpoint_lane_, store_lane_, bus_lane_, zones_}),
      config_(hub_, config_lane_, outside.log, std::move(reloading.running),
              std::move(reloading.load), std::move(reloading.applied)),
      commands_(hub_, config_),
      loop_lag_(outside.clock, outside.loop),
      figure_publisher_(outside.clock, outside.loop, outside.broadcaster,
                        [this](FigureSheet& sheet) { append_figures(sheet); }) {}

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
    sheet.gauge("muster_probe_connections_idle", "Connections that are kept for the next probe.",
                static_cast<double>(probers_.http_client().idle_connections()));
}

}  // namespace muster
