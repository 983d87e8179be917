#include <muster/monitoring/fleet_view.hpp>

#include <algorithm>
#include <utility>

#include <muster/domain/project_status.hpp>

namespace muster {
namespace {

SeenDetails details_of(Outcome const& outcome) {
    SeenDetails details;
    details.error = outcome.error;
    details.note = outcome.note;
    details.http_status = outcome.http_status;
    details.endpoints_healthy = outcome.endpoints_healthy;
    details.endpoints_total = outcome.endpoints_total;
    details.certificate_expires = outcome.certificate_expires;
    return details;
}

}  // namespace

ServiceView view_of(Service const& service, Tracker const& tracker, WallTime now) {
    ServiceView view;
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
    if (tracker.last_check) {
        view.response_time = tracker.response_time;
        view.running = tracker.running;
        auto const figures = tracker.availability.over_last_day(now);
        view.uptime_percent = figures.uptime_percent;
        view.coverage_percent = figures.coverage_percent;
    }
    return view;
}

void FleetView::set_project(Project const& project) {
    auto& row = projects_[project.id];
    std::erase(delta_.removed_projects, project.id);
    row.view.id = project.id;
    row.view.name = project.spec.name;
    changed_projects_.insert(project.id);
    delta_.urgent = true;
}

void FleetView::remove_project(ProjectId id) {
    if (projects_.erase(id) == 0) {
        return;
    }
    latest_metrics_.erase(id);
    changed_projects_.erase(id);
    delta_.removed_projects.push_back(id);
    delta_.urgent = true;
}

void FleetView::set_service(Service const& service, Tracker const& tracker, WallTime now,
                            Outcome const* seen) {
    auto const [found, added] = services_.try_emplace(service.id);
    bool const overlaid = found->second.overlays != tracker.overlays;
    auto details = seen != nullptr && seen->verdict != Verdict::not_counted
                       ? details_of(*seen)
                       : std::move(found->second.details);
    found->second = view_of(service, tracker, now);
    found->second.details = std::move(details);
    changed_services_.insert(service.id);
    auto const project = projects_.find(service.project_id);
    if (project == projects_.end()) {
        return;
    }
    if (added) {
        std::erase(delta_.removed_services, service.id);  // it is back before anybody was told
        project->second.members.push_back(service.id);
    }
    delta_.urgent = delta_.urgent || added || overlaid;
    changed_projects_.insert(service.project_id);
}

void FleetView::remove_service(ServiceId id) {
    auto const found = services_.find(id);
    if (found == services_.end()) {
        return;
    }
    auto const project = projects_.find(found->second.project_id);
    if (project != projects_.end()) {
        std::erase(project->second.members, id);
        changed_projects_.insert(project->first);
    }
    services_.erase(found);
    changed_services_.erase(id);
    delta_.removed_services.push_back(id);
    delta_.urgent = true;
}

void FleetView::add_metrics(ProjectMetrics metrics) {
    latest_metrics_.insert_or_assign(metrics.project, metrics);
    delta_.metrics.push_back(std::move(metrics));
}

void FleetView::add_transition(Transition transition) {
    delta_.transitions.push_back(std::move(transition));
    delta_.urgent = true;
}

FleetDelta FleetView::take(std::uint64_t epoch, std::uint64_t seq, bool whole) {
    if (whole) {
        for (auto const& [id, view] : services_) {
            changed_services_.insert(id);
        }
        for (auto const& [id, row] : projects_) {
            changed_projects_.insert(id);
        }
        delta_.metrics.clear();
        for (auto const& [id, metrics] : latest_metrics_) {
            delta_.metrics.push_back(metrics);
        }
        delta_.reset = true;
    }
    for (auto const id : changed_services_) {
        delta_.services.push_back(services_.at(id));
    }
    for (auto const id : changed_projects_) {
        auto& row = projects_.at(id);
        row.view = compose(row);
        delta_.projects.push_back(row.view);
    }
    changed_services_.clear();
    changed_projects_.clear();
    // Hash order is nobody's business: runs repeat exactly.
    std::sort(delta_.services.begin(), delta_.services.end(),
              [](auto const& left, auto const& right) { return left.id < right.id; });
    std::sort(delta_.projects.begin(), delta_.projects.end(),
              [](auto const& left, auto const& right) { return left.id < right.id; });
    delta_.epoch = epoch;
    delta_.seq = seq;
    return std::exchange(delta_, FleetDelta{});
}

ProjectView FleetView::compose(ProjectRow const& row) const {
    ProjectView view;
    view.id = row.view.id;
    view.name = row.view.name;
    std::vector<ProjectMember> members;
    members.reserve(row.members.size());
    bool any_critical = false;
    for (auto const id : row.members) {
        auto const& service = services_.at(id);
        members.push_back({service.status, service.critical});
        view.overlays = view.overlays.with(service.overlays);
        any_critical = any_critical || service.critical;
    }
    view.status = project_status(members);

    bool first = true;
    for (auto const id : row.members) {
        auto const& service = services_.at(id);
        if ((any_critical && !service.critical) || !service.last_check) {
            continue;  // does not decide, or has nothing to say yet
        }
        view.last_check = std::max(view.last_check, service.last_check);
        view.response_time = std::max(view.response_time, service.response_time);
        view.running = service.running && (first || view.running);
        if (first || service.uptime_percent < view.uptime_percent) {
            view.uptime_percent = service.uptime_percent;
            view.coverage_percent = service.coverage_percent;
        }
        first = false;
    }
    return view;
}

}  // namespace muster
