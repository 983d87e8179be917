#pragma once

#include <cstdint>
#include <map>
#include <unordered_map>
#include <vector>

#include <muster/domain/fleet_delta.hpp>
#include <muster/domain/service.hpp>
#include <muster/domain/tracker.hpp>

namespace muster {

/// What crosses services: the live picture of the whole hub and the status of projects. A reducer:
/// changes go in, a delta of what to show comes out. No clock, no I/O.
class FleetView {
public:
    FleetView() = default;
    ~FleetView() = default;
    FleetView(FleetView const&) = delete;  // its rows point at each other
    FleetView& operator=(FleetView const&) = delete;

    void set_project(Project const& project);
    void remove_project(ProjectId id);

    /// A service is new, was changed, or was checked: its row is as of now.
    /// `seen`: what the check saw that led here; where it is none, or one that does not count, the
    /// details stay those of the check before.
    void set_service(Service const& service, Tracker const& tracker, WallTime now,
                     Outcome const* seen = nullptr);
    void remove_service(ServiceId id);

    void add_metrics(ProjectMetrics metrics);
    void add_transition(Transition transition);

    /// Something to show at once.
    [[nodiscard]] bool urgent() const noexcept { return delta_.urgent; }
    [[nodiscard]] bool changed() const noexcept {
        return !delta_.empty() || !changed_services_.empty() || !changed_projects_.empty();
    }

    /// As it is now; null: no such service. Valid until the next change.
    [[nodiscard]] ServiceView const* find(ServiceId id) const noexcept;

    /// All that changed since the last call. `whole`: everything there is, as a reset.
    [[nodiscard]] FleetDelta take(std::uint64_t epoch, std::uint64_t seq, bool whole = false);

    /// The newest figures of each project, for the checkpoint.
    [[nodiscard]] std::map<ProjectId, ProjectMetrics> const& latest_metrics() const noexcept {
        return latest_metrics_;
    }

private:
    // Rows stay where they are until they are removed, so they are known by their addresses: every
    // check comes by here.

    struct ServiceRow {
        ServiceView view;
        bool changed{false};  ///< It is in `changed_services_`.
    };

    struct ProjectRow {
        ProjectView view;
        std::vector<ServiceView const*> members;  ///< In the order in which they came.
        bool changed{false};                      ///< It is in `changed_projects_`.
    };

    void mark(ServiceRow& row);
    void mark(ProjectRow& row);
    [[nodiscard]] static ProjectView compose(ProjectRow const& row);

    std::unordered_map<ServiceId, ServiceRow> services_;
    std::unordered_map<ProjectId, ProjectRow> projects_;
    std::map<ProjectId, ProjectMetrics> latest_metrics_;
    std::vector<ServiceRow*> changed_services_;
    std::vector<ProjectRow*> changed_projects_;
    FleetDelta delta_;  ///< Removals, metrics and transitions since the last take().
};

/// A service's row for live views.
[[nodiscard]] ServiceView view_of(Service const& service, Tracker const& tracker, WallTime now);

}  // namespace muster
