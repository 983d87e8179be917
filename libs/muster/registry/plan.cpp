#include <muster/registry/plan.hpp>

#include <algorithm>
#include <map>
#include <optional>
#include <set>
#include <utility>

#include <muster/domain/dependency_graph.hpp>
#include <muster/domain/renames.hpp>
#include <muster/registry/difference.hpp>
#include <muster/registry/rename_chains.hpp>

namespace muster {
namespace {

using Name = std::pair<std::string, std::string>;  // project, service

std::string shown(std::string const& project, std::string const& service) {
    return project + "/" + service;
}

std::string shown(Maintenance const& window) {
    return window.spec.why.empty() ? "#" + std::to_string(window.id.value) : window.spec.why;
}

/// What is kept of a wish: the old name has done its work once the plan is made.
ServiceSpec kept(ServiceSpec spec) {
    spec.formerly.clear();
    return spec;
}

ProjectSpec kept(ProjectSpec spec) {
    spec.formerly.clear();
    spec.services.clear();
    return spec;
}

/// One plan under way: gives ids and collects records and what to tell of them.
class Planning {
public:
    Planning(Registry const& registry, WallTime now)
        : registry_(registry), next_(registry.next_ids()), now_(now) {}

    ProjectId add_project(ProjectSpec spec, Owner owner, std::int64_t dead_id) {
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

    void change_project(Project project, ProjectSpec spec, Owner owner) {
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

    void remove_project(Project const& project) {
        tell(ObjectKind::project, ChangeAction::removed, project.spec.name);
        plan_.records.emplace_back(ProjectRemoved{project.id, project.spec.name, now_});
    }

    ServiceId add_service(ServiceSpec spec, ProjectId project, Owner owner,
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
        tell(ObjectKind::service, ChangeAction::added,
             shown(service.spec.project, service.spec.name));
        plan_.records.emplace_back(ServiceChanged{std::move(service), true});
        return id;
    }

    /// `followed`: the spec as it is known, but with the names of today.
    void change_service(Service service, ServiceSpec const& followed, ServiceSpec spec,
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
            tell(ObjectKind::service, ChangeAction::changed, std::move(name), {},
                 std::move(fields));
        }  // else it only follows its project's new name, which is told there
        service.spec = std::move(spec);
        service.owner = owner;
        service.updated_at = now_;
        plan_.records.emplace_back(ServiceChanged{std::move(service), false});
    }

    void remove_service(Service const& service) {
        auto const& spec = service.spec;
        tell(ObjectKind::service, ChangeAction::removed, shown(spec.project, spec.name));
        plan_.records.emplace_back(ServiceRemoved{service.id, spec.project, spec.name, now_});
    }

    void add_window(MaintenanceSpec spec, Owner owner) {
        Maintenance window{MaintenanceId{next_.maintenance++}, owner, now_, std::move(spec)};
        tell(ObjectKind::maintenance, ChangeAction::added, shown(window));
        plan_.records.emplace_back(MaintenanceChanged{std::move(window), true, now_});
    }

    void remove_window(Maintenance const& window) {
        tell(ObjectKind::maintenance, ChangeAction::removed, shown(window));
        plan_.records.emplace_back(MaintenanceRemoved{window.id, now_});
    }

    void warn(std::string what) { plan_.warnings.push_back(std::move(what)); }

    [[nodiscard]] Registry const& registry() const noexcept { return registry_; }
    [[nodiscard]] Plan finish() { return std::move(plan_); }

private:
    void tell(ObjectKind kind, ChangeAction action, std::string name, std::string formerly = {},
              std::vector<std::string> fields = {}) {
        plan_.changes.push_back(
            {kind, action, std::move(name), std::move(formerly), std::move(fields)});
    }

    Registry const& registry_;
    NextIds next_;
    WallTime const now_;
    Plan plan_;
};

/// References to services by names that change.
class NewNames {
public:
    void rename_project(std::string from, std::string to) {
        projects_.emplace(std::move(from), std::move(to));
    }
    void rename_service(Name from, std::string to) {
        services_.emplace(std::move(from), std::move(to));
    }
    [[nodiscard]] bool empty() const noexcept { return projects_.empty() && services_.empty(); }

    /// The same spec with the names that its project and its dependencies have from now on.
    [[nodiscard]] ServiceSpec follow(ServiceSpec spec) const {
        for (auto& needed : spec.depends_on) {
            auto const service = services_.find({needed.project, needed.service});
            if (service != services_.end()) {
                needed.service = service->second;
            }
            follow(needed.project);
        }
        follow(spec.project);
        return spec;
    }

private:
    void follow(std::string& project) const {
        auto const renamed = projects_.find(project);
        if (renamed != projects_.end()) {
            project = renamed->second;
        }
    }

    std::map<std::string, std::string> projects_;
    std::map<Name, std::string> services_;  ///< By the names of before.
};

/// What one listed name turns out to be.
struct Found {
    std::string before;  ///< The name that it is known by; empty: it is not known.
    bool renamed{false};
};

/// Goes through a list of names: which are known, and as what. `scope` makes names whole.
template <class Item>
std::map<std::string, Found> find_all(std::vector<Item> const& items, std::string const& scope,
                                      std::function<bool(std::string_view)> const& known,
                                      std::vector<std::string>& order,
                                      std::vector<std::string>& warnings) {
    std::vector<ListedName> listed;
    std::set<std::string_view> names;
    for (auto const* item : items) {
        listed.push_back({item->name, item->formerly});
        names.insert(item->name);
    }
    std::map<std::string, Found> found;
    for (auto const index : renames_in_order(listed, known)) {
        auto const& one = listed[index];
        found.emplace(one.name, Found{std::string(one.formerly), true});
        order.emplace_back(one.name);
    }
    std::set<std::string_view> moved_away;
    for (auto const& [name, what] : found) {
        moved_away.insert(what.before);
    }
    for (auto const& one : listed) {
        if (found.contains(std::string(one.name))) {
            continue;
        }
        bool const here = known(one.name) && !moved_away.contains(one.name);
        found.emplace(one.name, Found{here ? std::string(one.name) : std::string(), false});
        order.emplace_back(one.name);
        auto const formerly = std::string(one.formerly);
        auto const whole = scope + std::string(one.name);
        if (formerly.empty() || !known(formerly) || moved_away.contains(formerly)) {
            continue;
        }
        if (here && !names.contains(formerly)) {
            warnings.push_back(whole + " says formerly: " + formerly +
                               ", but both are known: " + scope + formerly + " is not renamed");
        } else if (!here) {
            warnings.push_back(whole + " says formerly: " + formerly +
                               ", which is still listed: " + whole + " is a new one");
        }
    }
    return found;
}

template <class Spec>
std::vector<Spec const*> pointers_to(std::span<Spec const> specs) {
    std::vector<Spec const*> all;
    for (auto const& spec : specs) {
        all.push_back(&spec);
    }
    return all;
}

class ConfigurationPlan {
public:
    ConfigurationPlan(Registry const& registry, WallTime now)
        : registry_(registry), planning_(registry, now) {}

    Plan make(std::span<ProjectSpec const> projects, std::span<MaintenanceSpec const> windows) {
        find_names(projects);
        for (auto& wish : wishes_) {
            want_project(wish);
        }
        for (auto const& wish : wishes_) {
            for (auto const& name : wish.service_order) {
                want_service(wish, *wish.services.at(name), wish.found_services.at(name));
            }
        }
        drop_what_is_not_listed();
        want_windows(windows);
        return planning_.finish();
    }

private:
    struct Wish {
        ProjectSpec const* spec{nullptr};
        Found found;
        std::string known_as;  ///< Under which name the registry keeps its services now.
        ProjectId id;
        std::map<std::string, ServiceSpec const*> services;
        std::map<std::string, Found> found_services;
        std::vector<std::string> service_order;
    };

    void find_names(std::span<ProjectSpec const> projects) {
        std::vector<std::string> order;
        std::vector<std::string> warnings;
        auto const found = find_all(
            pointers_to(projects), "",
            [this](std::string_view name) { return registry_.find_project(name) != nullptr; },
            order, warnings);
        std::map<std::string_view, ProjectSpec const*> by_name;
        for (auto const& project : projects) {
            by_name.emplace(project.name, &project);
        }
        for (auto const& name : order) {
            Wish wish;
            wish.spec = by_name.at(name);
            wish.found = found.at(name);
            wish.known_as = wish.found.before.empty() ? name : wish.found.before;
            if (wish.found.renamed) {
                names_.rename_project(wish.found.before, name);
            }
            find_services(wish, warnings);
            wishes_.push_back(std::move(wish));
        }
        for (auto& warning : warnings) {
            planning_.warn(std::move(warning));
        }
    }

    void find_services(Wish& wish, std::vector<std::string>& warnings) {
        bool const project_is_known = !wish.found.before.empty();
        wish.found_services = find_all(
            pointers_to(std::span<ServiceSpec const>(wish.spec->services)), wish.spec->name + "/",
            [this, &wish, project_is_known](std::string_view name) {
                return project_is_known && registry_.find_service(wish.known_as, name) != nullptr;
            },
            wish.service_order, warnings);
        for (auto const& service : wish.spec->services) {
            wish.services.emplace(service.name, &service);
        }
        for (auto const& [name, found] : wish.found_services) {
            if (found.renamed) {
                names_.rename_service({wish.known_as, found.before}, name);
            }
        }
    }

    void want_project(Wish& wish) {
        if (!wish.found.before.empty()) {
            auto const& known = *registry_.find_project(wish.found.before);
            wish.id = known.id;
            take_over(known.owner, wish.spec->name);
            planning_.change_project(known, kept(*wish.spec), Owner::file);
        } else {
            auto const* dead = registry_.find_tombstone(wish.spec->name, "");
            if (dead == nullptr && is_free(wish.spec->formerly)) {
                dead = registry_.find_tombstone(wish.spec->formerly, "");
                if (dead != nullptr) {
                    wish.known_as = wish.spec->formerly;
                }
            }
            wish.id = planning_.add_project(kept(*wish.spec), Owner::file,
                                            dead != nullptr ? dead->id : 0);
        }
        wanted_projects_.insert(wish.id);
    }

    /// Whether nobody listed or known has this name of a project.
    [[nodiscard]] bool is_free(std::string const& project) const {
        return !project.empty() && registry_.find_project(project) == nullptr &&
               std::none_of(wishes_.begin(), wishes_.end(),
                            [&](Wish const& wish) { return wish.spec->name == project; });
    }

    void want_service(Wish const& wish, ServiceSpec const& spec, Found const& found) {
        if (!found.before.empty()) {
            auto const& known = *registry_.find_service(wish.known_as, found.before);
            wanted_services_.insert(known.id);
            take_over(known.owner, shown(spec.project, spec.name));
            planning_.change_service(known, names_.follow(known.spec), kept(spec), Owner::file);
            return;
        }
        auto const* dead = registry_.find_tombstone(wish.known_as, spec.name);
        if (dead == nullptr && !spec.formerly.empty() && !wish.services.contains(spec.formerly)) {
            dead = registry_.find_tombstone(wish.known_as, spec.formerly);
        }
        wanted_services_.insert(planning_.add_service(kept(spec), wish.id, Owner::file, dead));
    }

    void take_over(Owner owner, std::string const& name) {
        if (owner == Owner::api) {
            planning_.warn(name + " was registered through the API; the configuration owns it now");
        }
    }

    /// What the file once said and does not say any more; what the API owns follows new names.
    void drop_what_is_not_listed() {
        std::set<ProjectId> in_use;
        for (auto const& [id, service] : registry_.services()) {
            if (wanted_services_.contains(id)) {
                continue;
            }
            if (service.owner == Owner::file) {
                planning_.remove_service(service);
                continue;
            }
            in_use.insert(service.project_id);
            if (!names_.empty()) {
                auto followed = names_.follow(service.spec);
                planning_.change_service(service, followed, followed, Owner::api);
            }
        }
        for (auto const& [id, project] : registry_.projects()) {
            if (project.owner != Owner::file || wanted_projects_.contains(id)) {
                continue;
            }
            if (in_use.contains(id)) {
                planning_.warn(project.spec.name +
                               " is no longer in the configuration; it stays for the services that "
                               "were registered through the API");
                planning_.change_project(project, project.spec, Owner::api);
            } else {
                planning_.remove_project(project);
            }
        }
    }

    void want_windows(std::span<MaintenanceSpec const> windows) {
        std::vector<MaintenanceSpec const*> left = pointers_to(windows);
        for (auto const& [id, window] : registry_.windows()) {
            if (window.owner != Owner::file) {
                continue;
            }
            auto const same =
                std::find_if(left.begin(), left.end(),
                             [&window = window](auto* spec) { return *spec == window.spec; });
            if (same != left.end()) {
                left.erase(same);
            } else {
                planning_.remove_window(window);
            }
        }
        for (auto const* spec : left) {
            planning_.add_window(*spec, Owner::file);
        }
    }

    Registry const& registry_;
    Planning planning_;
    NewNames names_;
    std::vector<Wish> wishes_;
    std::set<ProjectId> wanted_projects_;
    std::set<ServiceId> wanted_services_;
};

/// The first thing that is wrong with the dependencies of all services if `spec` were among them,
/// in the place of `instead` if there is one. What else has no dependencies that name nobody: the
/// file may drop what a service of the API needs.
Result<void> check_dependencies(Registry const& registry, ServiceSpec const& spec,
                                ServiceId instead) {
    if (spec.depends_on.empty()) {
        return {};
    }
    std::vector<Dependent> all{{spec.project, spec.name, &spec.depends_on}};
    for (auto const& [id, service] : registry.services()) {
        if (id != instead) {
            all.push_back({service.spec.project, service.spec.name, &service.spec.depends_on});
        }
    }
    for (auto const& problem : dependency_problems(all)) {
        if (problem.dependent == 0 || problem.kind == DependencyProblem::Kind::ring ||
            problem.kind == DependencyProblem::Kind::too_deep) {
            return failure(Errc::invalid, "dependsOn: " + problem.message);
        }
    }
    return {};
}

/// Rings over services of the file and of the API together; each side alone was checked before.
Result<void> check_rings(Registry const& registry, Plan const& plan) {
    auto const& services = registry.services();
    bool const possible = std::any_of(services.begin(), services.end(), [](auto const& entry) {
        return entry.second.owner == Owner::api && !entry.second.spec.depends_on.empty();
    });
    if (!possible || plan.records.empty()) {
        return {};
    }
    auto wanted = registry;
    for (auto const& record : plan.records) {
        wanted.apply(record);
    }
    std::vector<Dependent> all;
    for (auto const& [id, service] : wanted.services()) {
        all.push_back({service.spec.project, service.spec.name, &service.spec.depends_on});
    }
    for (auto const& problem : dependency_problems(all)) {
        if (problem.kind == DependencyProblem::Kind::ring ||
            problem.kind == DependencyProblem::Kind::too_deep) {
            return failure(Errc::invalid,
                           "dependsOn, with services of the API: " + problem.message);
        }
    }
    return {};
}

bool is_long_past(MaintenanceSpec const& window, WallTime now) {
    return !window.weekly && window.until && now - *window.until > kPastWindowsAreKept;
}

Error owned_by_file(std::string const& name) {
    return {Errc::conflict,
            name + " is owned by the configuration file: change it there and reload"};
}

}  // namespace

std::size_t Plan::count(ChangeAction action) const noexcept {
    return static_cast<std::size_t>(
        std::count_if(changes.begin(), changes.end(),
                      [action](PlannedChange const& change) { return change.action == action; }));
}

Result<Plan> plan_configuration(Registry const& registry, std::span<ProjectSpec const> projects,
                                std::span<MaintenanceSpec const> windows, WallTime now) {
    auto const mistakes = rename_mistakes(projects);
    if (!mistakes.empty()) {
        std::string all;
        for (auto const& mistake : mistakes) {
            all += (all.empty() ? "" : "; ") + mistake;
        }
        return failure(Errc::invalid, std::move(all));
    }
    auto plan = ConfigurationPlan(registry, now).make(projects, windows);
    auto const checked = check_rings(registry, plan);
    if (!checked) {
        return tl::unexpected(checked.error());
    }
    return plan;
}

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
    auto const checked = check_dependencies(registry, spec, id);
    if (!checked) {
        return tl::unexpected(checked.error());
    }
    planning.change_service(*known, known->spec, std::move(spec), Owner::api);
    if (!names.empty()) {
        for (auto const& [other, service] : registry.services()) {
            if (other != id && service.owner == Owner::api) {
                auto followed = names.follow(service.spec);
                planning.change_service(service, followed, followed, Owner::api);
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
