#include <muster/edge/edge_broadcaster.hpp>

#include <cstdint>
#include <mutex>
#include <optional>
#include <utility>

#include <muster/api/pending_delta.hpp>

namespace muster {

/// Held by the functions on the edge's loop too, which may run when the broadcaster is gone.
struct EdgeBroadcaster::Shared {
    Shared(ReadModel& read_model, StatusFeed& status_feed, HealthFeed& health_feed)
        : model(read_model), status(status_feed), health(health_feed) {}

    void deliver();

    ReadModel& model;  // edge's loop only
    StatusFeed& status;
    HealthFeed& health;

    std::mutex mutex;  // guards what follows
    PendingDelta delta;
    std::optional<HubCondition> condition;
    std::optional<HubFigures> figures;
    bool posted{false};
};

void EdgeBroadcaster::Shared::deliver() {
    FleetDelta new_delta;
    std::optional<HubCondition> new_condition;
    std::optional<HubFigures> new_figures;
    std::uint64_t lost_transitions = 0;
    {
        std::lock_guard const lock(mutex);
        posted = false;
        new_delta = delta.take();
        new_condition = std::exchange(condition, std::nullopt);
        new_figures = std::exchange(figures, std::nullopt);
        lost_transitions = delta.lost_transitions();
    }
    if (new_condition) {
        model.apply(std::move(*new_condition));
    }
    if (new_figures) {
        new_figures->sheet.counter("muster_live_transitions_lost_total",
                                   "Transitions that live views missed: the edge lagged too far.",
                                   lost_transitions);
        model.apply(std::move(*new_figures));
    }
    if (!new_delta.empty()) {
        auto const news = HealthNews::of(new_delta);
        model.apply(std::move(new_delta));
        health.applied(news);
        status.changed();
    }
}

EdgeBroadcaster::EdgeBroadcaster(Loop& edge, ReadModel& model, StatusFeed& status,
                                 HealthFeed& health)
    : edge_(edge), shared_(std::make_shared<Shared>(model, status, health)) {}

EdgeBroadcaster::~EdgeBroadcaster() = default;

void EdgeBroadcaster::publish(FleetDelta delta) {
    {
        std::lock_guard const lock(shared_->mutex);
        shared_->delta.add(std::move(delta));
    }
    hand_over();
}

void EdgeBroadcaster::publish(HubCondition condition) {
    {
        std::lock_guard const lock(shared_->mutex);
        shared_->condition = std::move(condition);
    }
    hand_over();
}

void EdgeBroadcaster::publish(HubFigures figures) {
    {
        std::lock_guard const lock(shared_->mutex);
        shared_->figures = std::move(figures);
    }
    hand_over();
}

void EdgeBroadcaster::hand_over() {
    {
        std::lock_guard const lock(shared_->mutex);
        if (std::exchange(shared_->posted, true)) {
            return;
        }
    }
    edge_.post([shared = shared_] { shared->deliver(); });
}

}  // namespace muster
