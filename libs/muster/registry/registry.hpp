#pragma once

#include <cstdint>
#include <map>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include <muster/domain/record.hpp>
#include <muster/domain/service.hpp>

namespace muster {

/// Which projects and services the hub knows, and the ids it has given them. Identity is
/// (project, name). A reducer over its own records: plan() says what a wish would change, apply()
/// takes a change over; the journal keeps the changes, so replaying them gives the same registry.
///
/// An id is given once and never to somebody else. What is removed leaves a tombstone; the same
/// identity coming back gets its old id, and with it its history.
class Registry {
public:
    /// The changes that make the file's objects what `wanted` says; empty when they are so already.
    /// What other owners hold is left alone. Names in `wanted` are valid and unique.
    [[nodiscard]] std::vector<RecordBody> plan(std::span<ProjectSpec const> wanted,
                                               WallTime now) const;

    /// Takes over a change (of plan(), or of the journal). Records of other kinds are ignored.
    void apply(RecordBody const& body);

    /// Puts an object back as a checkpoint had it.
    void put(Project project);
    void put(Service service);
    void put(Tombstone tombstone);

    [[nodiscard]] std::map<ProjectId, Project> const& projects() const noexcept {
        return projects_;
    }
    [[nodiscard]] std::map<ServiceId, Service> const& services() const noexcept {
        return services_;
    }
    [[nodiscard]] std::vector<Tombstone> tombstones() const;

    [[nodiscard]] Service const* find(ServiceId id) const;
    [[nodiscard]] Project const* find(ProjectId id) const;

    /// Ids given are below these; a checkpoint keeps them.
    [[nodiscard]] std::int64_t next_project_id() const noexcept { return next_project_id_; }
    [[nodiscard]] std::int64_t next_service_id() const noexcept { return next_service_id_; }
    void reserve_ids(std::int64_t next_project_id, std::int64_t next_service_id) noexcept;

private:
    using Key = std::pair<std::string, std::string>;  // project, service (empty: the project)

    class Planner;

    std::map<ProjectId, Project> projects_;
    std::map<ServiceId, Service> services_;
    std::map<std::string, ProjectId, std::less<>> project_ids_;
    std::map<Key, ServiceId> service_ids_;
    std::map<Key, Tombstone> tombstones_;
    std::int64_t next_project_id_{1};
    std::int64_t next_service_id_{1};
};

}  // namespace muster
