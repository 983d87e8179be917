#include <muster/hub/hub_impl.hpp>

#include <algorithm>

namespace muster {

Checkpoint Hub::Impl::checkpoint() const {
    Checkpoint result;
    result.hub_id = options.hub_id;
    result.epoch = epoch;
    result.as_of = {ports.journal.state().id, recorder.last().seq};
    result.next_project_id = registry.next_ids().project;
    result.next_service_id = registry.next_ids().service;
    result.next_maintenance_id = registry.next_ids().maintenance;
    for (auto const& [id, project] : registry.projects()) {
        result.projects.push_back(*project);
    }
    result.services.reserve(fleet.size());
    fleet.each([&result](Service const& service, Tracker const& tracker) {
        result.services.push_back({service, tracker});
    });
    std::sort(
        result.services.begin(), result.services.end(),
        [](auto const& left, auto const& right) { return left.service.id < right.service.id; });
    result.tombstones = registry.tombstones();
    for (auto const& [id, window] : registry.windows()) {
        result.windows.push_back(window);
    }
    for (auto const& [id, metrics] : view.latest_metrics()) {
        result.latest_metrics.push_back(metrics);
    }
    return result;
}

}  // namespace muster
