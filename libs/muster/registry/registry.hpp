#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include <muster/domain/maintenance.hpp>
#include <muster/domain/record.hpp>
#include <muster/domain/service.hpp>

namespace muster {

/// Every id that was ever given lies below these.
struct NextIds {
    std::int64_t project{1};
    std::int64_t service{1};
    std::int64_t maintenance{1};

    bool operator==(NextIds const&) const = default;
};

/// Which projects, services and maintenance windows the hub knows, and the ids it has given them.
/// Identity of the first two is (project, name). A reducer over its own records: plan.hpp says what
/// a wish would change, apply() takes a change over; the journal keeps the changes, so replaying
/// them gives the same registry.
///
/// An id is given once and never to somebody else. What is removed leaves a tombstone; the same
/// identity coming back gets its old id, and with it its history. A rename keeps the id.
class Registry {
public:
    /// Takes over a change (of a plan, or of the journal). Records of other kinds are ignored.
    void apply(RecordBody const& body);

    /// Puts an object back as a checkpoint had it.
    void put(SharedProject project);
    void put(SharedService service);
    void put(Maintenance window);
    void put(Tombstone tombstone);

    [[nodiscard]] std::map<ProjectId, SharedProject> const& projects() const noexcept {
        return projects_;
    }
    [[nodiscard]] std::map<ServiceId, SharedService> const& services() const noexcept {
        return services_;
    }
    [[nodiscard]] std::map<MaintenanceId, Maintenance> const& windows() const noexcept {
        return windows_;
    }
    [[nodiscard]] std::vector<Tombstone> tombstones() const;

    /// Null: unknown.
    [[nodiscard]] SharedService shared(ServiceId id) const;
    [[nodiscard]] SharedProject shared(ProjectId id) const;

    /// Null: unknown. Valid until the next change.
    [[nodiscard]] Service const* find(ServiceId id) const;
    [[nodiscard]] Project const* find(ProjectId id) const;
    [[nodiscard]] Maintenance const* find(MaintenanceId id) const;
    [[nodiscard]] Project const* find_project(std::string_view name) const;
    [[nodiscard]] Service const* find_service(std::string_view project,
                                              std::string_view name) const;
    /// `name` empty: the project's own.
    [[nodiscard]] Tombstone const* find_tombstone(std::string_view project,
                                                  std::string_view name) const;
    /// A project's services, in the order of their names.
    [[nodiscard]] std::vector<ServiceId> services_of(std::string_view project) const;

    /// A checkpoint keeps them.
    [[nodiscard]] NextIds const& next_ids() const noexcept { return next_; }
    void reserve_ids(NextIds const& next) noexcept;

private:
    using Key = std::pair<std::string, std::string>;  // project, service (empty: the project)

    void remove(ProjectRemoved const& removed);
    void remove(ServiceRemoved const& removed);
    void raise(std::map<std::int64_t, Key>& dead, std::int64_t id);
    void move_tombstones(std::string const& from, std::string const& to);
    void bury(Tombstone tombstone);
    void unbury(Key const& key);

    std::map<ProjectId, SharedProject> projects_;
    std::map<ServiceId, SharedService> services_;
    std::map<MaintenanceId, Maintenance> windows_;
    std::map<std::string, ProjectId, std::less<>> project_ids_;
    std::map<Key, ServiceId> service_ids_;
    std::map<Key, Tombstone> tombstones_;
    std::map<std::int64_t, Key> dead_projects_;  ///< Whose tombstone lies where.
    std::map<std::int64_t, Key> dead_services_;
    NextIds next_;
};

}  // namespace muster
