#include <muster/domain/project_status.hpp>

#include <algorithm>

namespace muster {
namespace {

int badness(HealthStatus status) noexcept {
    switch (status) {
        case HealthStatus::up:
            return 0;
        case HealthStatus::unknown:
            return 1;
        case HealthStatus::degraded:
            return 2;
        case HealthStatus::down:
            return 3;
    }
    return 1;
}

HealthStatus worse(HealthStatus left, HealthStatus right) noexcept {
    return badness(left) < badness(right) ? right : left;
}

}  // namespace

HealthStatus project_status(std::span<ProjectMember const> members) noexcept {
    if (members.empty()) {
        return HealthStatus::unknown;
    }
    bool const any_critical = std::any_of(members.begin(), members.end(),
                                          [](ProjectMember const& m) { return m.critical; });
    auto status = HealthStatus::up;
    for (auto const& member : members) {
        if (member.critical || !any_critical) {
            status = worse(status, member.status);
        } else if (badness(member.status) >= badness(HealthStatus::degraded)) {
            status = worse(status, HealthStatus::degraded);
        }
    }
    return status;
}

}  // namespace muster
