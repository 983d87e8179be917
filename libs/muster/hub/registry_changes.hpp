#pragma once

#include <memory>
#include <vector>

#include <muster/base/result.hpp>
#include <muster/domain/fleet_delta.hpp>
#include <muster/monitoring/fleet.hpp>
#include <muster/monitoring/fleet_view.hpp>
#include <muster/monitoring/metrics_collector.hpp>
#include <muster/registry/plan.hpp>
#include <muster/registry/registry.hpp>

namespace muster {

/// Carries a plan from the registry to all that depends on it: what is probed, collected and shown.
/// Touches nothing that the plan does not name. Hub's loop only.
class RegistryChanges {
public:
    /// All must outlive it.
    RegistryChanges(Registry& registry, Fleet& fleet, FleetView& view, MetricsCollector& collector)
        : registry_(registry), fleet_(fleet), view_(view), collector_(collector) {}

    /// Whether every service of the plan can be probed. Errors: invalid, unsupported; by name.
    [[nodiscard]] Result<void> check(Plan const& plan);

    /// Takes over a plan that check() accepted. The ids of services that are gone.
    std::vector<ServiceId> apply(Plan const& plan, WallTime now);

    /// Something to describe.
    [[nodiscard]] bool changed() const noexcept {
        return windows_changed_ || !changed_projects_.empty() || !changed_services_.empty();
    }

    /// Adds to a delta what changed since the last call; `whole`: everything.
    void describe(FleetDelta& delta, bool whole = false);

private:
    void take(ProjectChanged const& changed);
    void take(ServiceChanged const& changed, WallTime now);
    /// Those of `ids` that still are.
    template <class Id, class Object>
    void add_known(std::vector<Id> const& ids, std::vector<Object>& objects) const;

    Registry& registry_;
    Fleet& fleet_;
    FleetView& view_;
    MetricsCollector& collector_;
    std::vector<Fleet::Member> newcomers_;
    std::vector<ProjectId> changed_projects_;
    std::vector<ServiceId> changed_services_;
    bool windows_changed_{false};
};

}  // namespace muster
