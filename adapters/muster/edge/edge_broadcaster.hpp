#pragma once

#include <memory>

#include <muster/api/health_feed.hpp>
#include <muster/api/read_model.hpp>
#include <muster/api/status_feed.hpp>
#include <muster/ports/broadcaster.hpp>
#include <muster/runtime/loop.hpp>

namespace muster {

/// Carries what changed from the hub's loop to the edge's: the read model takes it, then the live
/// feeds hear of it. However far the edge lags, what waits is one picture's size: deltas are
/// merged. publish() from one thread at a time.
class EdgeBroadcaster final : public Broadcaster {
public:
    /// Model and feeds belong to the loop and live as long as it runs.
    EdgeBroadcaster(Loop& edge, ReadModel& model, StatusFeed& status, HealthFeed& health);
    ~EdgeBroadcaster() override;

    void publish(FleetDelta delta) override;
    void publish(HubCondition condition) override;
    void publish(HubFigures figures) override;

private:
    struct Shared;

    void hand_over();

    Loop& edge_;
    std::shared_ptr<Shared> const shared_;
};

}  // namespace muster
