#include "live_picture.hpp"

#include <utility>

namespace muster::simulation {
namespace {

constexpr Millis kShownWithin{110};  // a check without a transition may take so long

}  // namespace

void LivePicture::publish(FleetDelta delta) {
    ++deltas_;
    transitions_ += delta.transitions.size();
    expect(delta.reset == expect_reset_, "a reset comes first in a hub's life and only then");
    expect(delta.epoch > epoch_ || (delta.epoch == epoch_ && delta.seq >= seq_),
           "deltas go forward in (epoch, seq)");
    expect(disk_takes_nothing_ || delta.seq <= written_(), "nothing is shown before it is written");
    expect_reset_ = false;
    epoch_ = delta.epoch;
    seq_ = delta.seq;
    if (delta.reset) {
        services_.clear();
        projects_.clear();
    }
    for (auto const& transition : delta.transitions) {
        auto const row = services_.find(transition.service);
        expect(row != services_.end() && row->second.status == transition.from,
               "a transition starts from what was shown");
    }
    for (auto const id : delta.removed_services) {
        services_.erase(id);
    }
    for (auto const id : delta.removed_projects) {
        projects_.erase(id);
    }
    for (auto& view : delta.services) {
        services_.insert_or_assign(view.id, std::move(view));
    }
    for (auto& view : delta.projects) {
        projects_.insert_or_assign(view.id, std::move(view));
    }
}

void LivePicture::publish(HubCondition condition) {
    condition_ = std::move(condition);
}

void LivePicture::compare(Hub const& hub, WallTime now) {
    std::size_t count = 0;
    hub.each([&](Service const& service, Tracker const& tracker) {
        ++count;
        auto const row = services_.find(service.id);
        bool const just_checked = now - tracker.availability.last_at() <= kShownWithin;
        expect(row != services_.end() &&
                   (just_checked || (row->second.status == tracker.health.status &&
                                     row->second.overlays == tracker.overlays &&
                                     row->second.last_check == tracker.last_check)),
               "the picture of " + service.spec.project + "/" + service.spec.name + " is current");
    });
    expect(count == services_.size(), "the picture has no row too many");
}

void LivePicture::expect(bool holds, std::string complaint) {
    if (!holds) {
        complaints_.push_back(std::move(complaint));
    }
}

}  // namespace muster::simulation
