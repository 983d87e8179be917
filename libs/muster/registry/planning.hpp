#pragma once

// Private to this library.

#include <cstdint>
#include <string>
#include <utility>
#include <vector>

#include <muster/registry/plan.hpp>

namespace muster {

/// As changes name it.
[[nodiscard]] std::string shown(std::string const& project, std::string const& service);
[[nodiscard]] std::string shown(Maintenance const& window);

/// What is kept of a wish: the old name has done its work once the plan is made.
[[nodiscard]] ServiceSpec kept(ServiceSpec spec);
[[nodiscard]] ProjectSpec kept(ProjectSpec spec);

/// One plan under way: gives ids and collects records and what to tell of them.
class Planning {
public:
    Planning(Registry const& registry, WallTime now) : next_(registry.next_ids()), now_(now) {}

    ProjectId add_project(ProjectSpec spec, Owner owner, std::int64_t dead_id);
    void change_project(Project project, ProjectSpec spec, Owner owner);
    void remove_project(Project const& project);
    ServiceId add_service(ServiceSpec spec, ProjectId project, Owner owner,
                          Tombstone const* tombstone);
    /// `followed`: the spec as it is known, but with the names of today.
    void change_service(Service service, ServiceSpec const& followed, ServiceSpec spec,
                        Owner owner);
    void remove_service(Service const& service);
    void add_window(MaintenanceSpec spec, Owner owner);
    void change_window(Maintenance window, MaintenanceSpec spec);
    void remove_window(Maintenance const& window);

    void warn(std::string what) { plan_.warnings.push_back(std::move(what)); }

    [[nodiscard]] Plan finish() { return std::move(plan_); }

private:
    void tell(ObjectKind kind, ChangeAction action, std::string name, std::string formerly = {},
              std::vector<std::string> fields = {});

    NextIds next_;
    WallTime const now_;
    Plan plan_;
};

}  // namespace muster
