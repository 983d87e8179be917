#pragma once

#include <compare>
#include <cstdint>
#include <string>
#include <variant>

#include <muster/domain/check_result.hpp>
#include <muster/domain/maintenance.hpp>
#include <muster/domain/metrics_sample.hpp>
#include <muster/domain/overlay.hpp>
#include <muster/domain/service.hpp>
#include <muster/domain/transition.hpp>

namespace muster {

/// Where a record stands. `seq` grows by one a record for the life of a journal, over all epochs;
/// `epoch` grows at every start of the hub. Order is (epoch, seq), never wall time.
struct Position {
    std::uint64_t epoch{0};
    std::uint64_t seq{0};  ///< From 1; 0 is "before the first".

    auto operator<=>(Position const&) const = default;
};

/// How far a follower has come: in which journal, and the last record that it has taken.
/// A journal's id is made with it, so a lost data folder is never mistaken for progress.
struct Cursor {
    std::string journal_id;  ///< UUID; empty: never moved.
    std::uint64_t seq{0};

    bool operator==(Cursor const&) const = default;
};

struct HubStarted {
    std::string hub_id;
    std::string version;
    WallTime at{};
    bool operator==(HubStarted const&) const = default;
};

struct HubStopped {
    WallTime at{};
    bool operator==(HubStopped const&) const = default;
};

/// Added, or changed in any way; `added` tells which.
struct ProjectChanged {
    Project project;
    bool added{false};
    bool operator==(ProjectChanged const&) const = default;
};

struct ProjectRemoved {
    ProjectId id;
    std::string name;
    WallTime at{};
    bool operator==(ProjectRemoved const&) const = default;
};

struct ServiceChanged {
    Service service;
    bool added{false};
    bool operator==(ServiceChanged const&) const = default;
};

/// The id is never given again.
struct ServiceRemoved {
    ServiceId id;
    std::string project;
    std::string name;
    WallTime at{};
    bool operator==(ServiceRemoved const&) const = default;
};

/// Records that are gone for somebody: [from, to] were lost before `follower` read them ("journal":
/// they could not be written at all).
struct Gap {
    std::uint64_t from{0};
    std::uint64_t to{0};
    std::string follower;
    std::string why;
    WallTime at{};
    bool operator==(Gap const&) const = default;
};

/// Something is wrong, or right again, with the hub itself.
struct HubProblem {
    std::string what;  ///< Which part: `store`, `journal`, `network`, ...
    std::string description;
    bool over{false};
    WallTime at{};
    bool operator==(HubProblem const&) const = default;
};

/// An overlay of a service came or went.
struct OverlayChanged {
    ServiceId service;
    std::string project;
    std::string name;
    Overlay overlay{Overlay::flapping};
    bool on{false};
    std::string why;   ///< One plain line: `shop/db is down: connection refused`.
    std::string root;  ///< Of unreachable: the service at fault, as `project/name`.
    WallTime at{};
    bool operator==(OverlayChanged const&) const = default;
};

/// Added, or changed in any way; `added` tells which.
struct MaintenanceChanged {
    Maintenance window;
    bool added{false};
    WallTime at{};
    bool operator==(MaintenanceChanged const&) const = default;
};

struct MaintenanceRemoved {
    MaintenanceId id;
    WallTime at{};
    bool operator==(MaintenanceRemoved const&) const = default;
};

/// The configuration was read again and applied.
struct ConfigReloaded {
    std::uint32_t added{0};  ///< Projects, services and maintenance windows.
    std::uint32_t changed{0};
    std::uint32_t removed{0};
    WallTime at{};
    bool operator==(ConfigReloaded const&) const = default;
};

/// All that the hub learns and keeps. The order of the alternatives is not stored; their kind
/// numbers (recording/journal_record) are.
using RecordBody =
    std::variant<CheckResult, Transition, ProjectMetrics, ProjectChanged, ProjectRemoved,
                 ServiceChanged, ServiceRemoved, HubStarted, HubStopped, Gap, HubProblem,
                 OverlayChanged, MaintenanceChanged, MaintenanceRemoved, ConfigReloaded>;

struct Record {
    Position position;
    RecordBody body;

    bool operator==(Record const&) const = default;
};

}  // namespace muster
