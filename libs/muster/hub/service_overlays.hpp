#pragma once

#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include <muster/base/result.hpp>
#include <muster/domain/maintenance.hpp>
#include <muster/domain/record.hpp>
#include <muster/monitoring/fleet.hpp>
#include <muster/monitoring/fleet_view.hpp>
#include <muster/monitoring/maintenance_calendar.hpp>
#include <muster/monitoring/reachability.hpp>
#include <muster/ports/clock.hpp>
#include <muster/ports/log.hpp>
#include <muster/ports/timers.hpp>
#include <muster/ports/zone_rules.hpp>
#include <muster/registry/plan.hpp>
#include <muster/registry/registry.hpp>

namespace muster {

/// Which overlays services carry: what makes one come or go is told to it, or is a window's edge.
/// Each coming and going is a record, a line in the log and shown. Hub's loop only.
class ServiceOverlays {
public:
    using Learn = std::function<void(RecordBody const&)>;

    /// All must outlive it. `learn` takes the records.
    ServiceOverlays(Registry const& registry, Fleet& fleet, FleetView& view, ZoneRules& zones,
                    Clock const& clock, Timers& timers, Log& log, Learn learn);

    /// Whether the zone of every window that a plan adds is known. Errors: invalid.
    [[nodiscard]] Result<void> accepts(Plan const& plan) const;

    /// What a plan may change about overlays.
    struct Touched {
        bool windows{false};
        bool dependencies{false};
        std::vector<ServiceId> services;  ///< Added or changed.
        std::vector<ServiceId> removed;
    };
    /// Ask before the registry takes the plan over, ...
    [[nodiscard]] Touched touched_by(Plan const& plan) const;
    /// ... and tell afterwards (and the fleet): the work grows with what is touched.
    void changed(Touched const& touched);

    /// At the start of the hub, once the fleet has all services.
    void start();
    void stop();

    /// A service was down when the hub last knew it.
    void was_down(ServiceId service) { reachability_.set_down(service, true, {}); }
    /// A service went down, or is down no longer. `error`: of its last check.
    void went(ServiceId service, bool down, std::string const& error);
    /// What may explain that a service is down, as `project/name`; empty: nothing.
    [[nodiscard]] std::string root_cause(ServiceId service) const;
    /// A check of a service failed: who depends often fails before whom it depends on was looked
    /// at, so that is looked at now.
    void suspect_dependencies(Service const& service, CheckResult const& result);
    void flapping(Service const& service, Tracker const& tracker, bool on, WallTime at);

private:
    void set(ServiceId id, OverlayChanged change);
    void judge_reachability(ServiceId id);
    void judge_maintenance(ServiceId id);
    void judge_maintenance_of(std::vector<ServiceId> ids);
    void judge_maintenance_of_all();
    void set_windows();
    void look_at_windows();
    void arm_windows();

    Registry const& registry_;
    Fleet& fleet_;
    FleetView& view_;
    ZoneRules& zones_;
    Clock const& clock_;
    Log& log_;
    Learn const learn_;
    Reachability reachability_;
    MaintenanceCalendar calendar_;
    std::unique_ptr<Timer> window_timer_;
};

}  // namespace muster
