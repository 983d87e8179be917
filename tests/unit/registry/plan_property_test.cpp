// Random histories of a registry: files with renames, services and windows of the API. After each
// step the promises of plan.hpp are held against the wish itself.

#include <algorithm>
#include <map>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include <muster/domain/renames.hpp>

#include "objects_of.hpp"
#include "wishes.hpp"

namespace muster {
namespace {

using namespace testing;

std::string name_of(int number) {
    return std::string(1, static_cast<char>('a' + number));
}

std::string any_name() {
    return name_of(*rc::gen::inRange(0, 5));
}

bool one_in(int of) {
    return *rc::gen::inRange(0, of) == 0;
}

/// What a file could say; with rings or double claims now and then.
std::vector<ProjectSpec> any_file() {
    std::vector<ProjectSpec> projects;
    for (int number = 0; number < 4; ++number) {
        if (one_in(2)) {
            continue;
        }
        std::vector<std::string> names;
        for (int service = 0; service < 5; ++service) {
            if (one_in(2)) {
                names.push_back(name_of(service));
            }
        }
        auto project = wish(name_of(number), names);
        for (auto& service : project.services) {
            service.policy.timeout = Millis(*rc::gen::inRange(1, 4) * 1000);
            if (one_in(3)) {
                service.formerly = any_name();
            }
        }
        if (one_in(3)) {
            project.formerly = any_name();
        }
        projects.push_back(std::move(project));
    }
    return projects;
}

std::vector<MaintenanceSpec> any_windows() {
    std::vector<MaintenanceSpec> windows;
    for (int left = *rc::gen::inRange(0, 4); left > 0; --left) {
        windows.emplace_back().why = any_name();
    }
    return windows;
}

template <class Map>
auto any_key(Map const& map) {
    auto at = map.begin();
    std::advance(at, *rc::gen::inRange<std::size_t>(0, map.size()));
    return at->first;
}

/// What somebody could send; it may need itself or close a ring.
ServiceSpec any_api_wish(Registry const& registry) {
    auto spec = service_wish(any_name(), any_name());
    spec.tags = {any_name()};
    if (!registry.services().empty() && one_in(2)) {
        auto const& needed = registry.find(any_key(registry.services()))->spec;
        spec.depends_on = {{needed.project, needed.name, one_in(2)}};
    }
    return spec;
}

bool same(Registry const& left, Registry const& right) {
    return objects_of(left.projects()) == objects_of(right.projects()) &&
           objects_of(left.services()) == objects_of(right.services()) &&
           left.windows() == right.windows() && left.tombstones() == right.tombstones() &&
           left.next_ids() == right.next_ids();
}

/// As a checkpoint puts it back.
Registry rebuilt(Registry const& registry) {
    Registry copy;
    copy.reserve_ids(registry.next_ids());
    for (auto const& [id, project] : registry.projects()) {
        copy.put(project);
    }
    for (auto const& [id, service] : registry.services()) {
        copy.put(service);
    }
    for (auto const& tombstone : registry.tombstones()) {
        copy.put(tombstone);
    }
    for (auto const& [id, window] : registry.windows()) {
        copy.put(window);
    }
    return copy;
}

ServiceSpec without_formerly(ServiceSpec spec) {
    spec.formerly.clear();
    return spec;
}

/// Everything that the file says is so, and nothing else is the file's.
void says(Registry const& registry, std::vector<ProjectSpec> const& file,
          std::vector<MaintenanceSpec> windows) {
    std::set<std::pair<std::string, std::string>> listed;
    for (auto const& wanted : file) {
        auto const* project = registry.find_project(wanted.name);
        RC_ASSERT(project != nullptr);
        RC_ASSERT(project->owner == Owner::file);
        listed.emplace(wanted.name, "");
        for (auto const& spec : wanted.services) {
            auto const* service = registry.find_service(wanted.name, spec.name);
            RC_ASSERT(service != nullptr);
            RC_ASSERT(service->spec == without_formerly(spec));
            RC_ASSERT(service->owner == Owner::file);
            RC_ASSERT(service->project_id == project->id);
            listed.emplace(wanted.name, spec.name);
        }
    }
    for (auto const& [id, project] : registry.projects()) {
        RC_ASSERT((project->owner == Owner::api) != listed.contains({project->spec.name, ""}));
    }
    for (auto const& [id, service] : registry.services()) {
        bool const wanted = listed.contains({service->spec.project, service->spec.name});
        RC_ASSERT((service->owner == Owner::api) != wanted);
        RC_ASSERT(registry.find_project(service->spec.project) != nullptr);
        RC_ASSERT(registry.find_project(service->spec.project)->id == service->project_id);
    }
    for (auto const& [id, window] : registry.windows()) {
        if (window.owner == Owner::file) {
            auto const found = std::find(windows.begin(), windows.end(), window.spec);
            RC_ASSERT(found != windows.end());
            windows.erase(found);
        }
    }
    RC_ASSERT(windows.empty());
}

/// A registry under test, one that only sees the records, and what was ever seen of ids.
class Story {
public:
    void read_file() {
        auto file = any_file();
        auto const windows = any_windows();
        auto const plan = plan_configuration(registry_, file, windows, kNow);
        RC_ASSERT(plan.has_value() == rename_mistakes(file).empty());
        if (!plan) {
            return;
        }
        auto const before = registry_;
        take(*plan);
        says(registry_, file, windows);
        RC_ASSERT(plan_configuration(registry_, file, windows, kNow)->records.empty());
        keeps_what_the_api_owns(before, file);

        // The order of the file does not matter.
        std::reverse(file.begin(), file.end());
        for (auto& project : file) {
            std::reverse(project.services.begin(), project.services.end());
        }
        RC_ASSERT(plan_configuration(registry_, file, windows, kNow)->records.empty());
        auto turned = before;
        apply(turned, plan_for(turned, file, windows));
        for (auto const& [id, service] : registry_.services()) {
            if (before.find(id) != nullptr) {
                RC_ASSERT(turned.find(id) != nullptr);
                RC_ASSERT(turned.find(id)->spec == service->spec);
            }
        }
        RC_ASSERT(turned.services().size() == registry_.services().size());
    }

    void ask_the_api() {
        auto const what = *rc::gen::inRange(0, 5);
        if (what == 0) {
            auto const wanted = any_api_wish(registry_);
            auto const plan = plan_registration(registry_, wanted, kNow);
            take_if(plan);
            if (plan) {
                RC_ASSERT(registry_.find_service(wanted.project, wanted.name)->spec == wanted);
            }
        } else if (what == 1 && !registry_.services().empty()) {
            take_if(plan_removal(registry_, any_key(registry_.services()), kNow));
        } else if (what == 2 && !registry_.services().empty()) {
            auto const id = any_key(registry_.services());
            auto wanted = any_api_wish(registry_);
            wanted.project = registry_.find(id)->spec.project;
            auto const plan = plan_replacement(registry_, id, wanted, kNow);
            take_if(plan);
            if (plan) {
                RC_ASSERT(registry_.find(id)->spec == wanted);
            }
        } else if (what == 3) {
            MaintenanceSpec window;
            window.why = any_name();
            take(plan_window(registry_, window, kNow));
        } else if (!registry_.windows().empty()) {
            take_if(plan_window_removal(registry_, any_key(registry_.windows()), kNow));
        }
    }

    void check() const {
        RC_ASSERT(same(registry_, replayed_));
        RC_ASSERT(same(registry_, rebuilt(registry_)));
    }

private:
    void take_if(Result<Plan> const& plan) {
        if (plan) {
            take(*plan);
        }
    }

    void take(Plan const& plan) {
        for (auto const& record : plan.records) {
            if (auto const* changed = std::get_if<ServiceChanged>(&record)) {
                check_id(changed->service);
            } else if (auto const* window = std::get_if<MaintenanceChanged>(&record)) {
                RC_ASSERT(windows_seen_.insert(window->window.id.value).second);
            }
            registry_.apply(record);
            replayed_.apply(record);
        }
    }

    /// An id belongs to one service for ever, and a new one was never seen.
    void check_id(Service const& service) {
        auto const [seen, first] = seen_.try_emplace(service.id.value, service.identity);
        RC_ASSERT(seen->second == service.identity);
        if (first) {
            RC_ASSERT(std::next(seen) == seen_.end());
        }
    }

    void keeps_what_the_api_owns(Registry const& before, std::vector<ProjectSpec> const& file) {
        bool const renames = std::any_of(file.begin(), file.end(), [](auto const& project) {
            return !project.formerly.empty() ||
                   std::any_of(project.services.begin(), project.services.end(),
                               [](auto const& service) { return !service.formerly.empty(); });
        });
        for (auto const& [id, service] : before.services()) {
            if (service->owner == Owner::file) {
                continue;
            }
            auto const* now = registry_.find(id);
            RC_ASSERT(now != nullptr);
            if (now->owner == Owner::api) {
                auto spec = now->spec;
                if (renames) {
                    spec.project = service->spec.project;
                    spec.depends_on = service->spec.depends_on;
                }
                RC_ASSERT(spec == service->spec);
            }
        }
        for (auto const& [id, window] : before.windows()) {
            if (window.owner == Owner::api) {
                RC_ASSERT(registry_.find(id) != nullptr);
                RC_ASSERT(*registry_.find(id) == window);
            }
        }
    }

    Registry registry_;
    Registry replayed_;
    std::map<std::int64_t, std::uint64_t> seen_;
    std::set<std::int64_t> windows_seen_;
};

RC_GTEST_PROP(PlanProperty, KeepsItsPromisesOverAnyHistory, ()) {
    Story story;
    for (int left = *rc::gen::inRange(1, 12); left > 0; --left) {
        if (one_in(2)) {
            story.read_file();
        } else {
            story.ask_the_api();
        }
        story.check();
    }
}

RC_GTEST_PROP(PlanProperty, RenamesThereAndBackAsIfNothingHadBeen, ()) {
    auto const file = any_file();
    auto home = file;
    for (auto& project : home) {
        project.formerly.clear();
        for (auto& service : project.services) {
            service.formerly.clear();
        }
    }
    Registry registry;
    settle(registry, home);
    auto const before = registry;
    auto away = home;
    for (auto& project : away) {
        if (one_in(2)) {
            project.formerly = project.name;
            project.name += "-new";
        }
        for (auto& service : project.services) {
            service.project = project.name;
            if (one_in(2)) {
                service.formerly = service.name;
                service.name += "-new";
            }
        }
    }
    settle(registry, away);
    auto back = home;
    for (std::size_t index = 0; index < back.size(); ++index) {
        auto& project = back[index];
        project.formerly = away[index].name == project.name ? "" : away[index].name;
        for (std::size_t which = 0; which < project.services.size(); ++which) {
            auto const& there = away[index].services[which];
            auto& service = project.services[which];
            service.formerly = there.name == service.name ? "" : there.name;
        }
    }
    settle(registry, back);
    RC_ASSERT(same(registry, before));
}

}  // namespace
}  // namespace muster
