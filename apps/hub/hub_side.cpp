#include <hub/hub_side.hpp>

#include <utility>

namespace muster {

HubSide::HubSide(HubOptions options, Outside const& outside, Reloading reloading)
    : sync_lane_(outside.loop, {"sync", 4}),
      checkpoint_lane_(outside.loop, {"checkpoint", 4}),
      store_lane_(outside.loop, {"store", 16}),
      bus_lane_(outside.loop, {"bus", 16}),
      config_lane_(outside.loop, {"config", 8}),
      resolver_(outside.loop),
      http_client_(outside.loop, outside.clock, resolver_),
      http_prober_(http_client_),
      tcp_prober_(outside.loop, outside.clock, resolver_),
      metrics_(outside.loop, http_client_),
      hub_(std::move(options),
           HubPorts{outside.clock, outside.loop, probers_, metrics_, outside.journal,
                    outside.checkpoints, outside.store, outside.bus, outside.broadcaster,
                    outside.log, sync_lane_, checkpoint_lane_, store_lane_, bus_lane_}),
      config_(hub_, config_lane_, outside.log, std::move(reloading.running),
              std::move(reloading.load), std::move(reloading.applied)),
      commands_(hub_, config_) {
    probers_.add("http", http_prober_);
    probers_.add("tcp", tcp_prober_);
}

}  // namespace muster
