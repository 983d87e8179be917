#include <muster/registry/plan.hpp>

#include <algorithm>
#include <cstddef>
#include <deque>
#include <utility>
#include <variant>

#include <muster/domain/dependency_graph.hpp>
#include <muster/domain/ownership.hpp>
#include <muster/registry/new_names.hpp>
#include <muster/registry/planning.hpp>

// What calls of the API would do to the registry.

namespace muster {
namespace {

/// The first thing that is wrong with the dependencies of all services if `spec` were among them,
/// in the place of `instead` if there is one, and others of the API followed the new names. What
/// else has no dependencies that name nobody: the
/// file may drop what a service of the API needs.
Result<void> check_dependencies(Registry const& registry, ServiceSpec const& spec,
                                ServiceId instead, NewNames const& names = {}) {
    if (spec.depends_on.empty()) {
        return {};
    }
    std::vector<Dependent> all{{spec.project, spec.name, &spec.depends_on}};
    std::deque<ServiceSpec> followed;
    for (auto const& [id, service] : registry.services()) {
        if (id == instead) {
            continue;
        }
        auto const* one = &service->spec;
        if (!names.empty() && service->owner == Owner::api) {
            one = &followed.emplace_back(names.follow(*one));
        }
        all.push_back({one->project, one->name, &one->depends_on});
    }
    for (auto const& problem : dependency_problems(all)) {
        if (problem.dependent == 0 || problem.kind == DependencyProblem::Kind::ring ||
            problem.kind == DependencyProblem::Kind::too_deep) {
            return failure(Errc::invalid, "dependsOn: " + problem.message);
        }
    }
    return {};
}

bool is_long_past(MaintenanceSpec const& window, WallTime now) {
    return !window.weekly && window.until && now - *window.until > kPastWindowsAreKept;
}

}  // namespace

Result<Plan> plan_registration(Registry const& registry, ServiceSpec wanted, WallTime now) {
    Planning planning(registry, now);
    auto spec = kept(std::move(wanted));
    auto const* known = registry.find_service(spec.project, spec.name);
    if (known != nullptr) {
        if (known->owner == Owner::file) {
            return tl::unexpected(owned_by_file(shown(spec.project, spec.name)));
        }
        auto const checked = check_dependencies(registry, spec, known->id);
        if (!checked) {
            return tl::unexpected(checked.error());
        }
        planning.change_service(*known, known->spec, std::move(spec), Owner::api);
        return planning.finish();
    }
    auto const checked = check_dependencies(registry, spec, {});
    if (!checked) {
        return tl::unexpected(checked.error());
    }
    auto const* project = registry.find_project(spec.project);
    auto project_id = project != nullptr ? project->id : ProjectId{};
    if (project == nullptr) {
        ProjectSpec made;
        made.name = spec.project;
        auto const* dead = registry.find_tombstone(spec.project, "");
        project_id =
            planning.add_project(std::move(made), Owner::api, dead != nullptr ? dead->id : 0);
    }
    auto const* dead = registry.find_tombstone(spec.project, spec.name);
    planning.add_service(std::move(spec), project_id, Owner::api, dead);
    return planning.finish();
}

Result<Plan> plan_replacement(Registry const& registry, ServiceId id, ServiceSpec wanted,
                              WallTime now) {
    auto const* known = registry.find(id);
    if (known == nullptr) {
        return failure(Errc::not_found, "no service " + std::to_string(id.value));
    }
    auto const name = shown(known->spec.project, known->spec.name);
    if (known->owner == Owner::file) {
        return tl::unexpected(owned_by_file(name));
    }
    auto spec = kept(std::move(wanted));
    if (spec.project != known->spec.project) {
        return failure(Errc::invalid, "project: " + name + " cannot move to " + spec.project +
                                          "; register it there and remove it here");
    }
    Planning planning(registry, now);
    NewNames names;
    if (spec.name != known->spec.name) {
        if (registry.find_service(spec.project, spec.name) != nullptr) {
            return failure(Errc::conflict,
                           "name: there is a " + shown(spec.project, spec.name) + " already");
        }
        names.rename_service({known->spec.project, known->spec.name}, spec.name);
    }
    auto const checked = check_dependencies(registry, spec, id, names);
    if (!checked) {
        return tl::unexpected(checked.error());
    }
    planning.change_service(*known, known->spec, std::move(spec), Owner::api);
    if (!names.empty()) {
        for (auto const& [other, service] : registry.services()) {
            if (other != id && service->owner == Owner::api) {
                auto followed = names.follow(service->spec);
                planning.change_service(*service, followed, followed, Owner::api);
            }
        }
    }
    return planning.finish();
}

Result<Plan> plan_removal(Registry const& registry, ServiceId id, WallTime now) {
    auto const* known = registry.find(id);
    if (known == nullptr) {
        return failure(Errc::not_found, "no service " + std::to_string(id.value));
    }
    if (known->owner == Owner::file) {
        return tl::unexpected(owned_by_file(shown(known->spec.project, known->spec.name)));
    }
    Planning planning(registry, now);
    planning.remove_service(*known);
    auto const* project = registry.find(known->project_id);
    if (project != nullptr && project->owner == Owner::api &&
        registry.services_of(project->spec.name).size() == 1) {
        planning.remove_project(*project);
    }
    return planning.finish();
}

Plan plan_window(Registry const& registry, MaintenanceSpec wanted, WallTime now) {
    Planning planning(registry, now);
    planning.add_window(std::move(wanted), Owner::api);
    for (auto const& [id, window] : registry.windows()) {
        if (window.owner == Owner::api && is_long_past(window.spec, now)) {
            planning.remove_window(window);
        }
    }
    return planning.finish();
}

Result<void> check_room_for_windows(Registry const& registry, Plan const& plan) {
    auto const& windows = registry.windows();
    auto count = std::count_if(windows.begin(), windows.end(),
                               [](auto const& known) { return known.second.owner == Owner::api; });
    bool adds = false;
    for (auto const& record : plan.records) {
        if (auto const* changed = std::get_if<MaintenanceChanged>(&record)) {
            bool const is_new = changed->added && changed->window.owner == Owner::api;
            adds = adds || is_new;
            count += is_new ? 1 : 0;
        } else if (auto const* removed = std::get_if<MaintenanceRemoved>(&record)) {
            auto const* known = registry.find(removed->id);
            count -= known != nullptr && known->owner == Owner::api ? 1 : 0;
        }
    }
    if (adds && count > static_cast<std::ptrdiff_t>(kMaxApiWindows)) {
        return failure(Errc::conflict,
                       "there are " + std::to_string(kMaxApiWindows) +
                           " maintenance windows of the API already: remove those that are no "
                           "longer needed");
    }
    return {};
}

Result<Plan> plan_window_removal(Registry const& registry, MaintenanceId id, WallTime now) {
    auto const* known = registry.find(id);
    if (known == nullptr) {
        return failure(Errc::not_found, "no maintenance window " + std::to_string(id.value));
    }
    if (known->owner == Owner::file) {
        return tl::unexpected(owned_by_file("maintenance window " + shown(*known)));
    }
    Planning planning(registry, now);
    planning.remove_window(*known);
    return planning.finish();
}

}  // namespace muster
