#pragma once

#include <muster/domain/fleet_delta.hpp>
#include <muster/domain/hub_figures.hpp>

namespace muster {

/// Shows live views what changed. Called on the hub's loop; returns at once, whatever the views do.
class Broadcaster {
public:
    virtual ~Broadcaster() = default;

    /// Deltas are applied in the order of the calls.
    virtual void publish(FleetDelta delta) = 0;

    /// How the hub itself is; replaces what was told before.
    virtual void publish(HubCondition condition) = 0;

    /// What the hub's loop has counted; replaces what was told before.
    virtual void publish(HubFigures figures) = 0;
};

}  // namespace muster
