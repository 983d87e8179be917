#include <muster/registry/planning.hpp>

#include <algorithm>

#include <muster/registry/difference.hpp>

namespace muster {

std::string shown(std::string const& project, std::string const& service) {
    return project + "/" + service;
}

std::string shown(Maintenance const& window) {
    return window.spec.why.empty() ? "#" + std::to_string(window.id.value) : window.spec.why;
}

ServiceSpec kept(ServiceSpec spec) {
    spec.formerly.clear();
    return spec;
}

ProjectSpec kept(ProjectSpec spec) {
    spec.formerly.clear();
    spec.services.clear();
    return spec;
}

ProjectId Planning::add_project(ProjectSpec spec, Owner owner, std::int64_t dead_id) {
    Project project;
    project.id = ProjectId{dead_id != 0 ? dead_id : next_.project++};
    project.owner = owner;
    project.created_at = now_;
    project.updated_at = now_;
    project.spec = std::move(spec);
    auto const id = project.id;
    tell(ObjectKind::project, ChangeAction::added, project.spec.name);
    plan_.records.emplace_back(ProjectChanged{std::move(project), true});
    return id;
}

void Planning::change_project(Project project, ProjectSpec spec, Owner owner) {
    auto fields = difference(project.spec, spec);
    if (project.owner != owner) {
        fields.emplace_back("owner");
    }
    bool const renamed = project.spec.name != spec.name;
    if (!renamed && project.spec == spec && project.owner == owner) {
        return;
    }
    auto formerly = renamed ? project.spec.name : std::string();
    project.spec = std::move(spec);
    project.owner = owner;
    project.updated_at = now_;
    tell(ObjectKind::project, renamed ? ChangeAction::renamed : ChangeAction::changed,
         project.spec.name, std::move(formerly), std::move(fields));
    plan_.records.emplace_back(ProjectChanged{std::move(project), false});
}

void Planning::remove_project(Project const& project) {
    tell(ObjectKind::project, ChangeAction::removed, project.spec.name);
    plan_.records.emplace_back(ProjectRemoved{project.id, project.spec.name, now_});
}

ServiceId Planning::add_service(ServiceSpec spec, ProjectId project, Owner owner,
                                Tombstone const* tombstone) {
    Service service;
    if (tombstone != nullptr) {
        service.id = ServiceId{tombstone->id};
        service.identity = tombstone->identity;
    } else {
        service.id = ServiceId{next_.service++};
        service.identity = identity_of(spec);
    }
    service.project_id = project;
    service.owner = owner;
    service.created_at = now_;
    service.updated_at = now_;
    service.spec = std::move(spec);
    auto const id = service.id;
    tell(ObjectKind::service, ChangeAction::added, shown(service.spec.project, service.spec.name));
    plan_.records.emplace_back(ServiceChanged{std::move(service), true});
    return id;
}

void Planning::change_service(Service service, ServiceSpec const& followed, ServiceSpec spec,
                              Owner owner) {
    if (service.spec == spec && service.owner == owner) {
        return;
    }
    auto fields = difference(followed, spec);
    if (service.owner != owner) {
        fields.emplace_back("owner");
    }
    bool const renamed = service.spec.name != spec.name;
    auto name = shown(spec.project, spec.name);
    if (renamed) {
        tell(ObjectKind::service, ChangeAction::renamed, std::move(name),
             shown(service.spec.project, service.spec.name), std::move(fields));
    } else if (!fields.empty()) {
        tell(ObjectKind::service, ChangeAction::changed, std::move(name), {}, std::move(fields));
    }  // else it only follows its project's new name, which is told there
    service.spec = std::move(spec);
    service.owner = owner;
    service.updated_at = now_;
    plan_.records.emplace_back(ServiceChanged{std::move(service), false});
}

void Planning::remove_service(Service const& service) {
    auto const& spec = service.spec;
    tell(ObjectKind::service, ChangeAction::removed, shown(spec.project, spec.name));
    plan_.records.emplace_back(ServiceRemoved{service.id, spec.project, spec.name, now_});
}

void Planning::add_window(MaintenanceSpec spec, Owner owner) {
    Maintenance window{MaintenanceId{next_.maintenance++}, owner, now_, std::move(spec)};
    tell(ObjectKind::maintenance, ChangeAction::added, shown(window));
    plan_.records.emplace_back(MaintenanceChanged{std::move(window), true, now_});
}

void Planning::change_window(Maintenance window, MaintenanceSpec spec) {
    auto fields = difference(window.spec, spec);
    window.spec = std::move(spec);
    tell(ObjectKind::maintenance, ChangeAction::changed, shown(window), {}, std::move(fields));
    plan_.records.emplace_back(MaintenanceChanged{std::move(window), false, now_});
}

void Planning::remove_window(Maintenance const& window) {
    tell(ObjectKind::maintenance, ChangeAction::removed, shown(window));
    plan_.records.emplace_back(MaintenanceRemoved{window.id, now_});
}

void Planning::tell(ObjectKind kind, ChangeAction action, std::string name, std::string formerly,
                    std::vector<std::string> fields) {
    plan_.changes.push_back(
        {kind, action, std::move(name), std::move(formerly), std::move(fields)});
}

std::size_t Plan::count(ChangeAction action) const noexcept {
    return static_cast<std::size_t>(
        std::count_if(changes.begin(), changes.end(),
                      [action](PlannedChange const& change) { return change.action == action; }));
}

}  // namespace muster
