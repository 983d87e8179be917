#pragma once

#include <span>

#include <muster/domain/health.hpp>

namespace muster {

/// What a service contributes to its project's status.
struct ProjectMember {
    HealthStatus status{HealthStatus::unknown};
    bool critical{true};
};

/// The worst of the critical members (down, then degraded, then unknown, then up); a non-critical
/// member that is degraded or down makes the project degraded at most, and what is not yet known of
/// it says nothing. With no critical member, the worst of all as if they were critical.
/// No members: unknown.
[[nodiscard]] HealthStatus project_status(std::span<ProjectMember const> members) noexcept;

}  // namespace muster
