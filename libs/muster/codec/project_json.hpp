#pragma once

#include <array>
#include <cstddef>
#include <optional>
#include <span>
#include <string>
#include <string_view>

#include <muster/domain/availability.hpp>
#include <muster/domain/fleet_delta.hpp>
#include <muster/domain/metrics_sample.hpp>
#include <muster/domain/service.hpp>

namespace muster {

/// A service of a project: what was said of it, and how it is (null before that is known).
struct ServiceEntry {
    Service const* registered{nullptr};
    ServiceView const* view{nullptr};
};

/// A project as GET /api/projects and GET /api/projects/{project} show it (schema Project of the
/// API's description): `settings` in the configuration's words, secrets of URLs and paths as `***`;
/// `health` as in the status map; `lastUpdated` the newest check or figures, null before the first.
/// `metrics` is null where none were collected.
void append_project(std::string& out, Project const& project, ProjectView const& view,
                    ProjectMetrics const* metrics, std::span<ServiceEntry const> services);

/// The ranges of contract section 4, shortest first.
inline constexpr std::array<std::string_view, 5> kUptimeRangeNames{"24h", "7d", "30d", "90d", "1y"};

/// A service in a project's health: how it is, and how available it was in each range. Nothing: a
/// range of which the history cannot tell now.
struct ServiceHealth {
    ServiceView const* view{nullptr};
    std::array<std::optional<AvailabilityFigures>, kUptimeRangeNames.size()> uptime;
};

/// What GET /api/projects/{project}/health answers (schema ProjectHealth of the API's description).
/// The project's uptime is that of the deciding service that was available least, range by range.
/// `problem` is why longer ranges are null; empty: they are not.
void append_project_health(std::string& out, ProjectView const& project,
                           std::span<ServiceHealth const> services, std::string_view problem);

/// The service that is worst off: by status, then by failures in a row, then by its uptime of the
/// last day; null where all are up.
[[nodiscard]] ServiceView const* worst_offender(std::span<ServiceHealth const> services) noexcept;

/// What the project's deciding services (the critical ones, or all where there are none) were in a
/// range: the figures of the one that was available least. Nothing: of none of them is it known.
[[nodiscard]] std::optional<AvailabilityFigures> least_available(
    std::span<ServiceHealth const> services, std::size_t range) noexcept;

}  // namespace muster
