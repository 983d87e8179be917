#pragma once

#include <algorithm>
#include <map>
#include <set>
#include <string>
#include <vector>

#include <rapidcheck.h>

#include <muster/domain/fleet_delta.hpp>

namespace muster {

inline ProjectView project_view(std::int64_t id, std::string name,
                                HealthStatus status = HealthStatus::up) {
    ProjectView view;
    view.id = ProjectId{id};
    view.name = std::move(name);
    view.status = status;
    return view;
}

inline ServiceView service_view(std::int64_t id, std::int64_t project, std::string name) {
    ServiceView view;
    view.id = ServiceId{id};
    view.project_id = ProjectId{project};
    view.name = std::move(name);
    return view;
}

/// A delta that puts one project.
inline FleetDelta delta_of(ProjectView view) {
    FleetDelta delta;
    delta.projects.push_back(std::move(view));
    return delta;
}

/// The whole picture, kept in the plainest way.
struct NaivePicture {
    std::map<ProjectId, ProjectView> projects;
    std::map<ServiceId, ServiceView> services;
    std::map<ProjectId, ProjectMetrics> metrics;
    std::map<ServiceId, Service> registered;

    void apply(FleetDelta const& delta) {
        if (delta.reset) {
            *this = {};
        }
        for (auto const id : delta.removed_services) {
            services.erase(id);
            registered.erase(id);
        }
        for (auto const id : delta.removed_projects) {
            projects.erase(id);
            metrics.erase(id);
        }
        for (auto const& view : delta.projects) {
            projects.insert_or_assign(view.id, view);
        }
        for (auto const& view : delta.services) {
            services.insert_or_assign(view.id, view);
        }
        for (auto const& sample : delta.metrics) {
            if (projects.contains(sample.project)) {
                metrics.insert_or_assign(sample.project, sample);
            }
        }
        for (auto const& service : delta.registered) {
            registered.insert_or_assign(service->id, *service);
        }
    }
};

/// A believable life of a fleet: what is removed may come back with its id, a name may move to a
/// new one.
inline std::vector<FleetDelta> arbitrary_life() {
    auto const pick = [](int below) { return *rc::gen::inRange(0, below); };
    std::vector<FleetDelta> life;
    std::int64_t next_id = 1;
    std::map<std::int64_t, std::string> projects;
    std::map<std::int64_t, std::int64_t> services;
    std::vector<std::int64_t> gone;
    auto const count = pick(20);
    for (int index = 0; index < count; ++index) {
        FleetDelta delta;
        delta.epoch = 1;
        delta.seq = static_cast<std::uint64_t>(index) + 1;
        if (pick(12) == 0) {
            delta.reset = true;
            projects.clear();
            services.clear();
        }
        for (int change = pick(5); change > 0; --change) {
            auto const kind = pick(6);
            if (kind <= 1 || projects.empty()) {
                auto const id = !gone.empty() && pick(2) != 0 ? gone.back() : next_id++;
                auto const name = "p" + std::to_string(pick(4));
                auto const taken =
                    std::find_if(projects.begin(), projects.end(),
                                 [&](auto const& known) { return known.second == name; });
                if (taken == projects.end()) {
                    if (!gone.empty() && gone.back() == id) {
                        gone.pop_back();
                    }
                    projects[id] = name;
                    delta.projects.push_back(project_view(id, name));
                }
                continue;
            }
            auto known = projects.begin();
            std::advance(known, pick(static_cast<int>(projects.size())));
            auto const [id, name] = *known;
            if (kind == 2) {
                delta.projects.push_back(project_view(
                    id, name, pick(2) != 0 ? HealthStatus::down : HealthStatus::degraded));
            } else if (kind == 3) {
                auto const service = next_id++;
                services[service] = id;
                delta.services.push_back(service_view(service, id, "s" + std::to_string(pick(3))));
                auto registered = std::make_shared<Service>();
                registered->id = ServiceId{service};
                registered->project_id = ProjectId{id};
                delta.registered.push_back(std::move(registered));
            } else if (kind == 4) {
                ProjectMetrics sample{ProjectId{id}, WallTime(Millis(index)), {}};
                delta.metrics.push_back(sample);
            } else {
                // The hub's view says nothing more of what it removes.
                delta.removed_projects.push_back(ProjectId{id});
                gone.push_back(id);
                std::erase_if(delta.projects,
                              [id = id](auto const& row) { return row.id.value == id; });
                std::erase_if(delta.metrics,
                              [id = id](auto const& row) { return row.project.value == id; });
                std::erase_if(delta.services,
                              [id = id](auto const& row) { return row.project_id.value == id; });
                std::erase_if(delta.registered,
                              [id = id](auto const& row) { return row->project_id.value == id; });
                for (auto service = services.begin(); service != services.end();) {
                    if (service->second == id) {
                        delta.removed_services.push_back(ServiceId{service->first});
                        service = services.erase(service);
                    } else {
                        ++service;
                    }
                }
                projects.erase(known);
            }
        }
        life.push_back(std::move(delta));
    }
    return life;
}

}  // namespace muster
