#pragma once

#include <cstdint>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include <muster/base/enum_names.hpp>
#include <muster/base/id.hpp>
#include <muster/domain/dependency.hpp>
#include <muster/domain/health.hpp>
#include <muster/domain/probe_spec.hpp>

namespace muster {

enum class ServiceType : std::uint8_t { api = 0, web, database, cache, worker, queue, other };

constexpr EnumNames<ServiceType, 7> enum_names(ServiceType) {
    return {{{ServiceType::api, "api"},
             {ServiceType::web, "web"},
             {ServiceType::database, "database"},
             {ServiceType::cache, "cache"},
             {ServiceType::worker, "worker"},
             {ServiceType::queue, "queue"},
             {ServiceType::other, "other"}}};
}

/// Who may change an object. Stored values: do not renumber.
enum class Owner : std::uint8_t { file = 0, api = 1 };

constexpr EnumNames<Owner, 2> enum_names(Owner) {
    return {{{Owner::file, "file"}, {Owner::api, "api"}}};
}

/// What a person says of a service; its identity is (project, name).
struct ServiceSpec {
    std::string project;
    std::string name;
    ServiceType type{ServiceType::other};
    ProbeSpec probe;
    ConnectionPolicy connection{ConnectionPolicy::automatic};
    HealthPolicy policy;
    bool critical{true};
    std::vector<std::string> tags;
    std::string group;
    std::vector<Dependency> depends_on;
    std::string formerly;  ///< The name it had before, in the same project; empty: none.
    std::map<std::string, std::string> metadata;
    std::vector<std::string> capabilities;
    std::string version;
    std::optional<std::uint16_t> port;  ///< As people told it; nothing: the probe's.
    std::string container_id;

    bool operator==(ServiceSpec const&) const = default;
};

/// Where and how often a project's own figures are collected.
struct MetricsSpec {
    Url url;
    Millis interval{30'000};
    Millis timeout{5'000};
    /// For Prometheus text: which expression gives which of our figures, both as written
    /// (`requestsPerSecond`, `apiUsage.NAME`).
    std::map<std::string, std::string> map{};

    bool operator==(MetricsSpec const&) const = default;
};

struct ProjectSpec {
    std::string name;
    Url url;
    std::string description;
    bool critical{true};
    std::vector<std::string> tags;
    std::string group;
    std::string formerly;                ///< The name it had before; empty: none.
    std::string status_path{"/status"};  ///< Behind `url`: what the project says of itself.
    std::string logs_path{"/logs"};
    std::optional<MetricsSpec> metrics;  ///< Nothing: `metrics: off`.
    std::vector<ServiceSpec> services;   ///< `app` first; never empty.

    bool operator==(ProjectSpec const&) const = default;
};

/// The one service of a project given as `name:url`: `app` of type `api`, GET `<url>/health` every
/// 10 s, timeout 5 s, no retries; metrics from `<url>/metrics` every 30 s.
[[nodiscard]] ProjectSpec project_of(std::string name, Url url);

/// A service as the hub knows it: what was said of it, and the ids it was given.
struct Service {
    ServiceId id;
    ProjectId project_id;
    /// identity_of() the first (project, name) it was known by: gives its phase, survives renames.
    std::uint64_t identity{0};
    Owner owner{Owner::file};
    WallTime created_at{};
    WallTime updated_at{};
    ServiceSpec spec;

    bool operator==(Service const&) const = default;
};

/// One copy that the registry, the fleet and all readers share, on whichever threads they are: it
/// never changes, a changed service is another one. Never null.
using SharedService = std::shared_ptr<Service const>;

struct Project {
    ProjectId id;
    Owner owner{Owner::file};
    WallTime created_at{};
    WallTime updated_at{};
    ProjectSpec spec;  ///< `spec.services` is empty here: services are objects of their own.

    bool operator==(Project const&) const = default;
};

/// As SharedService.
using SharedProject = std::shared_ptr<Project const>;

/// What is left of a removed project or service: its id goes to nobody else, and back to the same
/// (project, name) if that returns.
struct Tombstone {
    std::int64_t id{0};
    std::uint64_t identity{0};  ///< Of a service: see Service::identity.
    std::string project;
    std::string name;  ///< Empty: the tombstone of a project.

    bool operator==(Tombstone const&) const = default;
};

[[nodiscard]] SharedService share(Service service);
[[nodiscard]] SharedProject share(Project project);

/// Hash of (project, name), the same on every machine: what spreads services over their interval.
[[nodiscard]] std::uint64_t identity_of(ServiceSpec const& spec);

/// Whether consecutive probes share a connection once `automatic` is resolved.
[[nodiscard]] bool reuses_connection(ServiceSpec const& spec) noexcept;

}  // namespace muster
