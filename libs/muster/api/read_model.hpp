#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>
#include <utility>
#include <vector>

#include <muster/api/message.hpp>
#include <muster/domain/fleet_delta.hpp>
#include <muster/domain/hub_figures.hpp>
#include <muster/domain/record.hpp>

namespace muster {

/// The picture of the fleet that REST answers and live frames are made from. Owned by the edge's
/// loop; it knows the hub only by the deltas it is given. Text is encoded when somebody asks for
/// it, at most once per version; a project's part of it only when that project changed.
class ReadModel {
public:
    struct ProjectEntry {
        ProjectView view;
        std::uint64_t version{0};  ///< Of the picture, when this project last changed.
    };

    void apply(FleetDelta delta);
    void apply(HubCondition condition) { condition_ = std::move(condition); }
    void apply(HubFigures figures) { figures_ = std::move(figures); }

    /// Grows with every delta that changes what the status map shows.
    [[nodiscard]] std::uint64_t version() const noexcept { return version_; }

    /// Grows with every delta, whatever it changes.
    [[nodiscard]] std::uint64_t revision() const noexcept { return revision_; }

    /// Grows with every delta that registers, changes or removes something, or sets windows of
    /// maintenance.
    [[nodiscard]] std::uint64_t registry_revision() const noexcept { return registry_revision_; }

    /// Of the newest record behind this picture.
    [[nodiscard]] Position position() const noexcept { return position_; }

    /// `{"<project>":{…},…}`, projects in the order of their ids (contract, section 4).
    [[nodiscard]] SharedText status_map();

    /// Appends `"<project>":{…}`, the same text as in the map.
    void append_member(std::string& out, ProjectId project);

    /// A project by its name or its id, as paths write it; null: unknown. Valid until the next
    /// apply(), as all that is returned here.
    [[nodiscard]] ProjectEntry const* project(std::string_view name_or_id) const;
    [[nodiscard]] ProjectEntry const* project(ProjectId id) const;

    /// All of them, in the order of their ids.
    [[nodiscard]] std::vector<ProjectEntry const*> projects() const;

    /// A service of a project by its name, or by its id where none is called so.
    [[nodiscard]] ServiceView const* service(ProjectId project, std::string_view name_or_id) const;
    [[nodiscard]] ServiceView const* service(ServiceId id) const;

    /// Of a project, by name.
    [[nodiscard]] std::vector<ServiceView const*> services_of(ProjectId project) const;

    /// The project's newest figures; null where none were collected.
    [[nodiscard]] ProjectMetrics const* metrics(ProjectId project) const;

    // What the registry holds, beside how it is.

    /// Null: unknown.
    [[nodiscard]] Service const* registered(ServiceId id) const;
    [[nodiscard]] muster::Project const* registered(ProjectId id) const;
    [[nodiscard]] std::shared_ptr<muster::Project const> shared_project(ProjectId id) const;
    /// A service as paths write it: its id, or `project/service`.
    [[nodiscard]] Service const* registered(std::string_view path_id) const;
    /// In the order of their ids.
    [[nodiscard]] std::map<ServiceId, std::shared_ptr<Service const>> const& registered_services()
        const noexcept {
        return registered_;
    }
    [[nodiscard]] std::vector<Maintenance> const& windows() const noexcept { return windows_; }

    /// Where a service stands among all: the id of its project, its name.
    using ServicePlace = std::pair<ProjectId, std::string>;

    /// Visits services in the order of their places: the next `count` behind `after`, or the first
    /// ones. Gives the place of the last that was visited; nothing where none is left behind it.
    [[nodiscard]] std::optional<ServicePlace> visit_services(
        std::optional<ServicePlace> const& after, std::size_t count,
        std::function<void(ServiceView const&)> const& visit) const;

    [[nodiscard]] HubCondition const& condition() const noexcept { return condition_; }

    /// What the hub's loop has counted; nothing before it told.
    [[nodiscard]] std::optional<HubFigures> const& figures() const noexcept { return figures_; }

    [[nodiscard]] std::size_t project_count() const noexcept { return projects_.size(); }
    [[nodiscard]] std::size_t service_count() const noexcept { return services_.size(); }

private:
    struct Project {
        ProjectEntry entry;
        std::string member;  ///< Encoded; empty: not since the last change.
        std::optional<ProjectMetrics> metrics;
    };

    void put(ProjectView view);
    void put(ServiceView view);
    void put(ProjectMetrics metrics);
    void remove(ProjectId id);
    void remove(ServiceId id);
    void forget_name(ServiceView const& service);
    std::string const& member(Project& project);

    std::uint64_t version_{1};
    std::uint64_t revision_{0};
    std::uint64_t registry_revision_{0};
    Position position_;
    std::map<ProjectId, Project> projects_;
    std::map<std::string, ProjectId, std::less<>> ids_;
    std::unordered_map<ServiceId, ServiceView> services_;
    std::map<ServicePlace, ServiceId> service_ids_;
    std::map<ServiceId, std::shared_ptr<Service const>> registered_;
    std::map<ProjectId, std::shared_ptr<muster::Project const>> registered_projects_;
    std::vector<Maintenance> windows_;
    HubCondition condition_;
    std::optional<HubFigures> figures_;

    SharedText map_;
    std::uint64_t map_version_{0};
};

}  // namespace muster
