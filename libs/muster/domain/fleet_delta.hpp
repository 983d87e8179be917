#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include <muster/base/id.hpp>
#include <muster/domain/health.hpp>
#include <muster/domain/maintenance.hpp>
#include <muster/domain/metrics_sample.hpp>
#include <muster/domain/overlay.hpp>
#include <muster/domain/service.hpp>
#include <muster/domain/transition.hpp>

namespace muster {

/// What the last check that counted saw beside the status.
struct SeenDetails {
    std::string error{};  ///< Empty: it passed.
    std::string note{};
    std::uint16_t http_status{0};  ///< 0: none.
    std::uint16_t endpoints_healthy{0};
    std::uint16_t endpoints_total{0};  ///< 0: a probe of one.
    std::optional<WallTime> certificate_expires{};

    bool operator==(SeenDetails const&) const = default;
};

/// A service as live views show it, as of its last check.
struct ServiceView {
    ServiceId id;
    ProjectId project_id;
    std::string project;
    std::string name;
    ServiceType type{ServiceType::other};
    bool critical{true};
    HealthStatus status{HealthStatus::unknown};
    std::optional<WallTime> last_check;  ///< Nothing before the first.
    std::optional<Millis> response_time;
    bool running{false};  ///< The last check got an answer that passed.
    std::uint32_t failures{0};
    double uptime_percent{0};
    double coverage_percent{0};
    Overlays overlays{};
    double flap_percent{0};  ///< Score of the last 20 checks, see Restlessness.
    SeenDetails details{};   ///< Of this life of the hub.

    bool operator==(ServiceView const&) const = default;
};

/// A project as live views show it: status by its services, newest check, slowest answer, and the
/// uptime (with its coverage) of the deciding service that was available least.
struct ProjectView {
    ProjectId id;
    std::string name;
    HealthStatus status{HealthStatus::unknown};
    std::optional<WallTime> last_check;
    std::optional<Millis> response_time;
    bool running{false};
    double uptime_percent{0};
    double coverage_percent{0};
    Overlays overlays{};  ///< All that its services carry.

    bool operator==(ProjectView const&) const = default;
};

/// What changed in what live views show. Applying deltas in order to an empty picture gives the
/// whole one.
struct FleetDelta {
    bool reset{false};   ///< Forget everything first.
    bool urgent{false};  ///< Holds a transition or a change of the registry: show at once.
    std::uint64_t epoch{0};
    std::uint64_t seq{0};  ///< Position of the newest record behind this delta.
    std::vector<ServiceView> services;
    std::vector<ServiceId> removed_services;
    std::vector<ProjectView> projects;
    std::vector<ProjectId> removed_projects;
    std::vector<ProjectMetrics> metrics;
    std::vector<Transition> transitions;

    // The registry's side of it, shared so that it is not copied on its way.
    std::vector<SharedService> registered;
    std::vector<SharedProject> registered_projects;
    std::optional<std::vector<Maintenance>> windows;  ///< All of them, where any changed.

    [[nodiscard]] bool empty() const noexcept {
        return !reset && services.empty() && removed_services.empty() && projects.empty() &&
               removed_projects.empty() && metrics.empty() && transitions.empty() &&
               registered.empty() && registered_projects.empty() && !windows;
    }
};

/// How the hub itself is. A part that is away says since when.
struct HubCondition {
    struct Part {
        bool working{true};
        std::string problem;              ///< One line when not working.
        std::optional<SteadyTime> since;  ///< When it stopped working.
        bool operator==(Part const&) const = default;
    };

    bool started{false};  ///< State restored and monitoring.
    Part journal;
    Part store;
    Part bus;
    std::uint64_t journal_last_seq{0};
    std::uint64_t store_seq{0};
    bool store_awaited{false};  ///< A store of others that was not yet reached in this life.
    bool bus_awaited{false};  ///< A bus of others that was not yet reached in this life of the hub.

    bool operator==(HubCondition const&) const = default;
};

}  // namespace muster
