#include <muster/monitoring/fleet_view.hpp>

#include <algorithm>
#include <utility>

#include <muster/domain/project_status.hpp>

namespace muster {
namespace {

void take_details(SeenDetails& details, Outcome const& outcome) {
    details.error = outcome.error;
    details.note = outcome.note;
    details.http_status = outcome.http_status;
    details.endpoints_healthy = outcome.endpoints_healthy;
    details.endpoints_total = outcome.endpoints_total;
    details.certificate_expires = outcome.certificate_expires;
}

/// All but the details. In place: the texts are mostly the same, and have their memory already.
void take_state(ServiceView& view, Service const& service, Tracker const& tracker, WallTime now) {
    view.id = service.id;
    view.project_id = service.project_id;
    view.project = service.spec.project;
    view.name = service.spec.name;
    view.type = service.spec.type;
    view.critical = service.spec.critical;
    view.status = tracker.health.status;
    view.failures = tracker.health.failures;
    view.overlays = tracker.overlays;
    view.flap_percent = tracker.restlessness.score();
    view.last_check = tracker.last_check;
    view.response_time.reset();
    view.running = tracker.last_check && tracker.running;
    AvailabilityFigures figures;
    if (tracker.last_check) {
        view.response_time = tracker.response_time;
        figures = tracker.availability.over_last_day(now);
    }
    view.uptime_percent = figures.uptime_percent;
    view.coverage_percent = figures.coverage_percent;
}

template <class Row>
void sort_by_id(std::vector<Row*>& rows) {
    std::sort(rows.begin(), rows.end(),
              [](Row const* left, Row const* right) { return left->view.id < right->view.id; });
}

}  // namespace

ServiceView view_of(Service const& service, Tracker const& tracker, WallTime now) {
    ServiceView view;
    take_state(view, service, tracker, now);
    return view;
}

void FleetView::set_project(Project const& project) {
    auto& row = projects_[project.id];
    std::erase(delta_.removed_projects, project.id);
    row.view.id = project.id;
    row.view.name = project.spec.name;
    mark(row);
    delta_.urgent = true;
}

void FleetView::remove_project(ProjectId id) {
    auto const found = projects_.find(id);
    if (found == projects_.end()) {
        return;
    }
    if (found->second.changed) {
        std::erase(changed_projects_, &found->second);
    }
    projects_.erase(found);
    latest_metrics_.erase(id);
    delta_.removed_projects.push_back(id);
    delta_.urgent = true;
}

void FleetView::set_service(Service const& service, Tracker const& tracker, WallTime now,
                            Outcome const* seen) {
    auto const [found, added] = services_.try_emplace(service.id);
    auto& row = found->second;
    bool const overlaid = row.view.overlays != tracker.overlays;
    take_state(row.view, service, tracker, now);
    if (seen != nullptr && seen->verdict != Verdict::not_counted) {
        take_details(row.view.details, *seen);
    }
    mark(row);
    auto const project = projects_.find(service.project_id);
    if (project == projects_.end()) {
        return;
    }
    if (added) {
        std::erase(delta_.removed_services, service.id);  // it is back before anybody was told
        project->second.members.push_back(&row.view);
    }
    delta_.urgent = delta_.urgent || added || overlaid;
    mark(project->second);
}

void FleetView::remove_service(ServiceId id) {
    auto const found = services_.find(id);
    if (found == services_.end()) {
        return;
    }
    auto const project = projects_.find(found->second.view.project_id);
    if (project != projects_.end()) {
        std::erase(project->second.members, &found->second.view);
        mark(project->second);
    }
    if (found->second.changed) {
        std::erase(changed_services_, &found->second);
    }
    services_.erase(found);
    delta_.removed_services.push_back(id);
    delta_.urgent = true;
}

void FleetView::mark(ServiceRow& row) {
    if (!std::exchange(row.changed, true)) {
        changed_services_.push_back(&row);
    }
}

void FleetView::mark(ProjectRow& row) {
    if (!std::exchange(row.changed, true)) {
        changed_projects_.push_back(&row);
    }
}

void FleetView::add_metrics(ProjectMetrics metrics) {
    latest_metrics_.insert_or_assign(metrics.project, metrics);
    delta_.metrics.push_back(std::move(metrics));
}

void FleetView::add_transition(Transition transition) {
    delta_.transitions.push_back(std::move(transition));
    delta_.urgent = true;
}

ServiceView const* FleetView::find(ServiceId id) const noexcept {
    auto const found = services_.find(id);
    return found == services_.end() ? nullptr : &found->second.view;
}

FleetDelta FleetView::take(std::uint64_t epoch, std::uint64_t seq, bool whole) {
    if (whole) {
        for (auto& [id, row] : services_) {
            mark(row);
        }
        for (auto& [id, row] : projects_) {
            mark(row);
        }
        delta_.metrics.clear();
        for (auto const& [id, metrics] : latest_metrics_) {
            delta_.metrics.push_back(metrics);
        }
        delta_.reset = true;
    }
    // Hash order and that of the checks is nobody's business: runs repeat exactly.
    sort_by_id(changed_services_);
    sort_by_id(changed_projects_);
    delta_.services.reserve(changed_services_.size());
    for (auto* const row : changed_services_) {
        row->changed = false;
        delta_.services.push_back(row->view);
    }
    delta_.projects.reserve(changed_projects_.size());
    for (auto* const row : changed_projects_) {
        row->changed = false;
        row->view = compose(*row);
        delta_.projects.push_back(row->view);
    }
    changed_services_.clear();
    changed_projects_.clear();
    delta_.epoch = epoch;
    delta_.seq = seq;
    return std::exchange(delta_, FleetDelta{});
}

ProjectView FleetView::compose(ProjectRow const& row) {
    ProjectView view;
    view.id = row.view.id;
    view.name = row.view.name;
    std::vector<ProjectMember> members;
    members.reserve(row.members.size());
    bool any_critical = false;
    for (auto const* const service : row.members) {
        members.push_back({service->status, service->critical});
        view.overlays = view.overlays.with(service->overlays);
        any_critical = any_critical || service->critical;
    }
    view.status = project_status(members);

    bool first = true;
    for (auto const* const service : row.members) {
        if ((any_critical && !service->critical) || !service->last_check) {
            continue;  // does not decide, or has nothing to say yet
        }
        view.last_check = std::max(view.last_check, service->last_check);
        view.response_time = std::max(view.response_time, service->response_time);
        view.running = service->running && (first || view.running);
        if (first || service->uptime_percent < view.uptime_percent) {
            view.uptime_percent = service->uptime_percent;
            view.coverage_percent = service->coverage_percent;
        }
        first = false;
    }
    return view;
}

}  // namespace muster
