#include <muster/hub/registry_changes.hpp>

#include <utility>
#include <variant>

namespace muster {

Result<void> RegistryChanges::check(Plan const& plan) {
    for (auto const& record : plan.records) {
        auto const* changed = std::get_if<ServiceChanged>(&record);
        if (changed == nullptr) {
            continue;
        }
        auto const* known = registry_.find(changed->service.id);
        if (known != nullptr && known->spec.probe == changed->service.spec.probe) {
            continue;
        }
        auto accepted = fleet_.accepts(changed->service);
        if (!accepted) {
            return accepted;
        }
    }
    return check_room_for_windows(registry_, plan);
}

std::vector<ServiceId> RegistryChanges::apply(Plan const& plan, WallTime now) {
    std::vector<ServiceId> gone;
    for (auto const& record : plan.records) {
        registry_.apply(record);
        if (auto const* project = std::get_if<ProjectChanged>(&record)) {
            take(*project);
        } else if (auto const* gone_project = std::get_if<ProjectRemoved>(&record)) {
            collector_.remove(gone_project->id);
            view_.remove_project(gone_project->id);
        } else if (auto const* service = std::get_if<ServiceChanged>(&record)) {
            take(*service, now);
        } else if (auto const* gone_service = std::get_if<ServiceRemoved>(&record)) {
            fleet_.remove(gone_service->id);
            view_.remove_service(gone_service->id);
            gone.push_back(gone_service->id);
        } else if (std::holds_alternative<MaintenanceChanged>(record) ||
                   std::holds_alternative<MaintenanceRemoved>(record)) {
            windows_changed_ = true;
        }
    }
    if (!newcomers_.empty()) {
        // check() has accepted them; who cannot be probed all the same says so with each check.
        static_cast<void>(fleet_.add(std::exchange(newcomers_, {})));
    }
    return gone;
}

void RegistryChanges::take(ProjectChanged const& changed) {
    view_.set_project(changed.project);
    collector_.set(changed.project);
    changed_projects_.push_back(changed.project.id);
}

void RegistryChanges::take(ServiceChanged const& changed, WallTime now) {
    auto const id = changed.service.id;
    auto service = registry_.shared(id);
    if (fleet_.tracker(id) == nullptr) {
        view_.set_service(*service, Tracker{}, now);
        newcomers_.push_back({std::move(service), {}});
    } else {
        static_cast<void>(fleet_.change(service));
        view_.set_service(*service, *fleet_.tracker(id), now);
    }
    changed_services_.push_back(id);
}

template <class Id, class Object>
void RegistryChanges::add_known(std::vector<Id> const& ids, std::vector<Object>& objects) const {
    for (auto const id : ids) {
        if (auto object = registry_.shared(id)) {
            objects.push_back(std::move(object));
        }
    }
}

void RegistryChanges::describe(FleetDelta& delta, bool whole) {
    auto const projects = std::exchange(changed_projects_, {});
    auto const services = std::exchange(changed_services_, {});
    if (whole) {
        for (auto const& [id, project] : registry_.projects()) {
            delta.registered_projects.push_back(project);
        }
        for (auto const& [id, service] : registry_.services()) {
            delta.registered.push_back(service);
        }
    } else {
        add_known(projects, delta.registered_projects);
        add_known(services, delta.registered);
    }
    if (std::exchange(windows_changed_, false) || whole) {
        auto& windows = delta.windows.emplace();
        for (auto const& [id, window] : registry_.windows()) {
            windows.push_back(window);
        }
    }
}

}  // namespace muster
