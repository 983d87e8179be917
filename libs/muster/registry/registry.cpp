#include <muster/registry/registry.hpp>

#include <algorithm>
#include <functional>
#include <utility>
#include <variant>

namespace muster {

void Registry::apply(RecordBody const& body) {
    if (auto const* project = std::get_if<ProjectChanged>(&body)) {
        put(share(project->project));
    } else if (auto const* service = std::get_if<ServiceChanged>(&body)) {
        put(share(service->service));
    } else if (auto const* gone_project = std::get_if<ProjectRemoved>(&body)) {
        remove(*gone_project);
    } else if (auto const* gone_service = std::get_if<ServiceRemoved>(&body)) {
        remove(*gone_service);
    } else if (auto const* window = std::get_if<MaintenanceChanged>(&body)) {
        put(window->window);
    } else if (auto const* gone_window = std::get_if<MaintenanceRemoved>(&body)) {
        windows_.erase(gone_window->id);
    }
}

void Registry::put(SharedProject project) {
    auto const id = project->id;
    auto const& name = project->spec.name;
    next_.project = std::max(next_.project, id.value + 1);
    auto const known = projects_.find(id);
    auto const dead = dead_projects_.find(id.value);
    // What was left of its services stays with it under its new name.
    if (known != projects_.end() && known->second->spec.name != name) {
        auto const before = known->second->spec.name;
        auto const named = project_ids_.find(before);
        if (named != project_ids_.end() && named->second == id) {
            project_ids_.erase(named);
        }
        move_tombstones(before, name);
    } else if (dead != dead_projects_.end() && dead->second.first != name) {
        move_tombstones(std::string(dead->second.first), name);
    }
    raise(dead_projects_, id.value);
    unbury({name, ""});
    project_ids_.insert_or_assign(name, id);
    projects_.insert_or_assign(id, std::move(project));
}

void Registry::put(SharedService service) {
    auto const id = service->id;
    next_.service = std::max(next_.service, id.value + 1);
    Key const key{service->spec.project, service->spec.name};
    auto const known = services_.find(id);
    if (known != services_.end()) {
        auto const& before = known->second->spec;
        auto const named = service_ids_.find({before.project, before.name});
        // In a chain of renames another one may have the name already.
        if (named != service_ids_.end() && named->second == id) {
            service_ids_.erase(named);
        }
    }
    raise(dead_services_, id.value);
    unbury(key);
    service_ids_.insert_or_assign(key, id);
    services_.insert_or_assign(id, std::move(service));
}

void Registry::put(Maintenance window) {
    auto const id = window.id;
    next_.maintenance = std::max(next_.maintenance, id.value + 1);
    windows_.insert_or_assign(id, std::move(window));
}

void Registry::put(Tombstone tombstone) {
    auto& next = tombstone.name.empty() ? next_.project : next_.service;
    next = std::max(next, tombstone.id + 1);
    bury(std::move(tombstone));
}

void Registry::remove(ProjectRemoved const& removed) {
    auto const found = projects_.find(removed.id);
    if (found == projects_.end()) {
        return;
    }
    auto const name = found->second->spec.name;
    auto const named = project_ids_.find(name);
    if (named != project_ids_.end() && named->second == removed.id) {
        project_ids_.erase(named);
    }
    projects_.erase(found);
    bury({removed.id.value, 0, name, ""});
}

void Registry::remove(ServiceRemoved const& removed) {
    auto const found = services_.find(removed.id);
    if (found == services_.end()) {
        return;
    }
    auto const& spec = found->second->spec;
    Tombstone tombstone{removed.id.value, found->second->identity, spec.project, spec.name};
    auto const named = service_ids_.find({spec.project, spec.name});
    if (named != service_ids_.end() && named->second == removed.id) {
        service_ids_.erase(named);
    }
    services_.erase(found);
    bury(std::move(tombstone));
}

/// An id that lives has no tombstone.
void Registry::raise(std::map<std::int64_t, Key>& dead, std::int64_t id) {
    auto const found = dead.find(id);
    if (found != dead.end()) {
        tombstones_.erase(found->second);
        dead.erase(found);
    }
}

void Registry::move_tombstones(std::string const& from, std::string const& to) {
    std::vector<Tombstone> moving;
    for (auto at = tombstones_.lower_bound({from, ""});
         at != tombstones_.end() && at->first.first == from; ++at) {
        if (!at->second.name.empty()) {
            moving.push_back(at->second);
        }
    }
    for (auto& tombstone : moving) {
        unbury({from, tombstone.name});
        tombstone.project = to;
        if (!service_ids_.contains({to, tombstone.name})) {
            bury(std::move(tombstone));
        }
    }
}

void Registry::bury(Tombstone tombstone) {
    Key const key{tombstone.project, tombstone.name};
    unbury(key);  // of an older one of that name
    auto& dead = tombstone.name.empty() ? dead_projects_ : dead_services_;
    dead.insert_or_assign(tombstone.id, key);
    tombstones_.insert_or_assign(key, std::move(tombstone));
}

void Registry::unbury(Key const& key) {
    auto const found = tombstones_.find(key);
    if (found == tombstones_.end()) {
        return;
    }
    (key.second.empty() ? dead_projects_ : dead_services_).erase(found->second.id);
    tombstones_.erase(found);
}

std::vector<Tombstone> Registry::tombstones() const {
    std::vector<Tombstone> all;
    all.reserve(tombstones_.size());
    for (auto const& [key, tombstone] : tombstones_) {
        all.push_back(tombstone);
    }
    return all;
}

SharedService Registry::shared(ServiceId id) const {
    auto const found = services_.find(id);
    return found == services_.end() ? nullptr : found->second;
}

SharedProject Registry::shared(ProjectId id) const {
    auto const found = projects_.find(id);
    return found == projects_.end() ? nullptr : found->second;
}

Service const* Registry::find(ServiceId id) const {
    auto const found = services_.find(id);
    return found == services_.end() ? nullptr : found->second.get();
}

Project const* Registry::find(ProjectId id) const {
    auto const found = projects_.find(id);
    return found == projects_.end() ? nullptr : found->second.get();
}

Maintenance const* Registry::find(MaintenanceId id) const {
    auto const found = windows_.find(id);
    return found == windows_.end() ? nullptr : &found->second;
}

Project const* Registry::find_project(std::string_view name) const {
    auto const found = project_ids_.find(name);
    return found == project_ids_.end() ? nullptr : find(found->second);
}

Service const* Registry::find_service(std::string_view project, std::string_view name) const {
    auto const found = service_ids_.find({std::string(project), std::string(name)});
    return found == service_ids_.end() ? nullptr : find(found->second);
}

Tombstone const* Registry::find_tombstone(std::string_view project, std::string_view name) const {
    auto const found = tombstones_.find({std::string(project), std::string(name)});
    return found == tombstones_.end() ? nullptr : &found->second;
}

std::vector<ServiceId> Registry::services_of(std::string_view project) const {
    std::vector<ServiceId> ids;
    for (auto at = service_ids_.lower_bound({std::string(project), ""});
         at != service_ids_.end() && at->first.first == project; ++at) {
        ids.push_back(at->second);
    }
    return ids;
}

void Registry::reserve_ids(NextIds const& next) noexcept {
    next_.project = std::max(next_.project, next.project);
    next_.service = std::max(next_.service, next.service);
    next_.maintenance = std::max(next_.maintenance, next.maintenance);
}

}  // namespace muster
