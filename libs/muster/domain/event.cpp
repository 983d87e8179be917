#include <muster/domain/event.hpp>

namespace muster {

Severity severity_of(Transition const& transition, bool critical_service) noexcept {
    if (transition.to == HealthStatus::down) {
        return critical_service ? Severity::critical : Severity::warning;
    }
    bool const worse =
        transition.to == HealthStatus::degraded && transition.from != HealthStatus::down;
    return worse ? Severity::warning : Severity::info;
}

}  // namespace muster
