#pragma once

#include <cstdint>
#include <string>

#include <muster/base/enum_names.hpp>
#include <muster/base/id.hpp>
#include <muster/base/time.hpp>
#include <muster/domain/transition.hpp>

namespace muster {

/// Stored values: do not renumber.
enum class Severity : std::uint8_t { info = 0, warning = 1, critical = 2 };

constexpr EnumNames<Severity, 3> enum_names(Severity) {
    return {{{Severity::info, "info"},
             {Severity::warning, "warning"},
             {Severity::critical, "critical"}}};
}

/// Stored values: do not renumber. (Alerts, healing and launches add theirs when they exist.)
enum class EventType : std::uint8_t {
    status_changed = 0,
    service_registered = 1,
    service_deregistered = 2,
    hub_problem = 3,
    config_reloaded = 4,
};

constexpr EnumNames<EventType, 5> enum_names(EventType) {
    return {{{EventType::status_changed, "status_changed"},
             {EventType::service_registered, "service_registered"},
             {EventType::service_deregistered, "service_deregistered"},
             {EventType::hub_problem, "hub_problem"},
             {EventType::config_reloaded, "config_reloaded"}}};
}

/// How grave a change is: down of a critical service is critical, other worsening a warning.
[[nodiscard]] Severity severity_of(Transition const& transition, bool critical_service) noexcept;

}  // namespace muster
