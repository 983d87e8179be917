#include <muster/registry/registry.hpp>

#include <algorithm>
#include <set>
#include <variant>

#include <muster/base/hash.hpp>

namespace muster {
namespace {

std::uint64_t identity_of(ServiceSpec const& spec) {
    return stable_hash(spec.project + "/" + spec.name);
}

ProjectSpec without_services(ProjectSpec const& spec) {
    ProjectSpec bare = spec;
    bare.services.clear();
    return bare;
}

}  // namespace

/// One plan() under way: gives ids and collects changes.
class Registry::Planner {
public:
    Planner(Registry const& registry, WallTime now)
        : registry_(registry),
          now_(now),
          next_project_id_(registry.next_project_id_),
          next_service_id_(registry.next_service_id_) {}

    void want(ProjectSpec const& wanted) {
        auto const id = want_project(wanted);
        for (auto const& service : wanted.services) {
            want_service(service, id);
        }
    }

    /// What the file once said and does not say any more.
    std::vector<RecordBody> finish() {
        for (auto const& [id, service] : registry_.services_) {
            if (service.owner == Owner::file && !wanted_services_.contains(id)) {
                changes_.push_back(
                    ServiceRemoved{id, service.spec.project, service.spec.name, now_});
            }
        }
        for (auto const& [id, project] : registry_.projects_) {
            bool const gone = project.owner == Owner::file && !wanted_projects_.contains(id);
            if (gone) {
                changes_.push_back(ProjectRemoved{id, project.spec.name, now_});
            }
        }
        return std::move(changes_);
    }

private:
    ProjectId want_project(ProjectSpec const& wanted) {
        auto const spec = without_services(wanted);
        auto const known = registry_.project_ids_.find(spec.name);
        if (known != registry_.project_ids_.end()) {
            auto project = registry_.projects_.at(known->second);
            wanted_projects_.insert(project.id);
            if (!(project.spec == spec) || project.owner != Owner::file) {
                project.spec = spec;
                project.owner = Owner::file;
                project.updated_at = now_;
                changes_.push_back(ProjectChanged{std::move(project), false});
            }
            return known->second;
        }
        Project project;
        auto const tombstone = registry_.tombstones_.find({spec.name, ""});
        project.id = tombstone != registry_.tombstones_.end() ? ProjectId{tombstone->second.id}
                                                              : ProjectId{next_project_id_++};
        project.created_at = now_;
        project.updated_at = now_;
        project.spec = spec;
        auto const id = project.id;
        wanted_projects_.insert(id);
        changes_.push_back(ProjectChanged{std::move(project), true});
        return id;
    }

    void want_service(ServiceSpec const& spec, ProjectId project_id) {
        Key const key{spec.project, spec.name};
        auto const known = registry_.service_ids_.find(key);
        if (known != registry_.service_ids_.end()) {
            auto service = registry_.services_.at(known->second);
            wanted_services_.insert(service.id);
            if (!(service.spec == spec) || service.owner != Owner::file) {
                service.spec = spec;
                service.owner = Owner::file;
                service.updated_at = now_;
                changes_.push_back(ServiceChanged{std::move(service), false});
            }
            return;
        }
        Service service;
        auto const tombstone = registry_.tombstones_.find(key);
        if (tombstone != registry_.tombstones_.end()) {
            service.id = ServiceId{tombstone->second.id};
            service.identity = tombstone->second.identity;
        } else {
            service.id = ServiceId{next_service_id_++};
            service.identity = identity_of(spec);
        }
        service.project_id = project_id;
        service.created_at = now_;
        service.updated_at = now_;
        service.spec = spec;
        wanted_services_.insert(service.id);
        changes_.push_back(ServiceChanged{std::move(service), true});
    }

    Registry const& registry_;
    WallTime const now_;
    std::int64_t next_project_id_;
    std::int64_t next_service_id_;
    std::set<ProjectId> wanted_projects_;
    std::set<ServiceId> wanted_services_;
    std::vector<RecordBody> changes_;
};

std::vector<RecordBody> Registry::plan(std::span<ProjectSpec const> wanted, WallTime now) const {
    Planner planner(*this, now);
    for (auto const& project : wanted) {
        planner.want(project);
    }
    return planner.finish();
}

void Registry::apply(RecordBody const& body) {
    if (auto const* project = std::get_if<ProjectChanged>(&body)) {
        put(project->project);
    } else if (auto const* service = std::get_if<ServiceChanged>(&body)) {
        put(service->service);
    } else if (auto const* gone_project = std::get_if<ProjectRemoved>(&body)) {
        if (projects_.erase(gone_project->id) > 0) {
            project_ids_.erase(gone_project->name);
            put(Tombstone{gone_project->id.value, 0, gone_project->name, ""});
        }
    } else if (auto const* gone_service = std::get_if<ServiceRemoved>(&body)) {
        auto const found = services_.find(gone_service->id);
        if (found != services_.end()) {
            Tombstone tombstone{gone_service->id.value, found->second.identity,
                                gone_service->project, gone_service->name};
            service_ids_.erase({gone_service->project, gone_service->name});
            services_.erase(found);
            put(std::move(tombstone));
        }
    }
}

void Registry::put(Project project) {
    auto const id = project.id;
    next_project_id_ = std::max(next_project_id_, id.value + 1);
    tombstones_.erase({project.spec.name, ""});
    project_ids_.insert_or_assign(project.spec.name, id);
    projects_.insert_or_assign(id, std::move(project));
}

void Registry::put(Service service) {
    auto const id = service.id;
    next_service_id_ = std::max(next_service_id_, id.value + 1);
    Key const key{service.spec.project, service.spec.name};
    tombstones_.erase(key);
    service_ids_.insert_or_assign(key, id);
    services_.insert_or_assign(id, std::move(service));
}

void Registry::put(Tombstone tombstone) {
    if (tombstone.name.empty()) {
        next_project_id_ = std::max(next_project_id_, tombstone.id + 1);
    } else {
        next_service_id_ = std::max(next_service_id_, tombstone.id + 1);
    }
    Key const key{tombstone.project, tombstone.name};
    tombstones_.insert_or_assign(key, std::move(tombstone));
}

std::vector<Tombstone> Registry::tombstones() const {
    std::vector<Tombstone> all;
    all.reserve(tombstones_.size());
    for (auto const& [key, tombstone] : tombstones_) {
        all.push_back(tombstone);
    }
    return all;
}

Service const* Registry::find(ServiceId id) const {
    auto const found = services_.find(id);
    return found == services_.end() ? nullptr : &found->second;
}

Project const* Registry::find(ProjectId id) const {
    auto const found = projects_.find(id);
    return found == projects_.end() ? nullptr : &found->second;
}

void Registry::reserve_ids(std::int64_t next_project_id, std::int64_t next_service_id) noexcept {
    next_project_id_ = std::max(next_project_id_, next_project_id);
    next_service_id_ = std::max(next_service_id_, next_service_id);
}

}  // namespace muster
