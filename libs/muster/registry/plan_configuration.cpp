#include <muster/registry/plan.hpp>

#include <algorithm>
#include <functional>
#include <map>
#include <set>
#include <utility>

#include <muster/domain/dependency_graph.hpp>
#include <muster/domain/renames.hpp>
#include <muster/registry/new_names.hpp>
#include <muster/registry/planning.hpp>
#include <muster/registry/rename_chains.hpp>

// What a configuration that was read would do to the registry.

namespace muster {
namespace {

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
            if (service->owner == Owner::file) {
                planning_.remove_service(*service);
                continue;
            }
            in_use.insert(service->project_id);
            if (!names_.empty()) {
                auto followed = names_.follow(service->spec);
                planning_.change_service(*service, followed, followed, Owner::api);
            }
        }
        for (auto const& [id, project] : registry_.projects()) {
            if (project->owner != Owner::file || wanted_projects_.contains(id)) {
                continue;
            }
            if (in_use.contains(id)) {
                planning_.warn(project->spec.name +
                               " is no longer in the configuration; it stays for the services that "
                               "were registered through the API");
                planning_.change_project(*project, project->spec, Owner::api);
            } else {
                planning_.remove_project(*project);
            }
        }
    }

    void want_windows(std::span<MaintenanceSpec const> windows) {
        std::vector<MaintenanceSpec const*> left = pointers_to(windows);
        std::vector<Maintenance const*> gone;
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
                gone.push_back(&window);
            }
        }
        // Windows have no name: what is there for the same reason, or for the same services, is
        // taken for the one that was.
        auto const same_why = [](MaintenanceSpec const& was, MaintenanceSpec const& is) {
            return !was.why.empty() && was.why == is.why;
        };
        auto const same_match = [](MaintenanceSpec const& was, MaintenanceSpec const& is) {
            return was.match == is.match && was.match != ServiceMatch{};
        };
        change_windows(gone, left, same_why);
        change_windows(gone, left, same_match);
        for (auto const* window : gone) {
            planning_.remove_window(*window);
        }
        for (auto const* spec : left) {
            planning_.add_window(*spec, Owner::file);
        }
    }

    template <class Same>
    void change_windows(std::vector<Maintenance const*>& gone,
                        std::vector<MaintenanceSpec const*>& left, Same same) {
        std::erase_if(gone, [&](Maintenance const* window) {
            auto const found = std::find_if(left.begin(), left.end(), [&](auto const* spec) {
                return same(window->spec, *spec);
            });
            if (found == left.end()) {
                return false;
            }
            planning_.change_window(*window, **found);
            left.erase(found);
            return true;
        });
    }

    Registry const& registry_;
    Planning planning_;
    NewNames names_;
    std::vector<Wish> wishes_;
    std::set<ProjectId> wanted_projects_;
    std::set<ServiceId> wanted_services_;
};

/// Rings over services of the file and of the API together; each side alone was checked before.
Result<void> check_rings(Registry const& registry, Plan const& plan) {
    auto const& services = registry.services();
    bool const possible = std::any_of(services.begin(), services.end(), [](auto const& entry) {
        return entry.second->owner == Owner::api && !entry.second->spec.depends_on.empty();
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
        all.push_back({service->spec.project, service->spec.name, &service->spec.depends_on});
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

}  // namespace

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

}  // namespace muster
