#pragma once

#include <string>

#include <muster/domain/health.hpp>
#include <muster/domain/outcome.hpp>
#include <muster/domain/service.hpp>

namespace muster {

/// What one look at a service gave, as `muster check --json` prints it:
/// @code{.json}
/// {"project":…,"service":…,"kind":…,"target":…,"status":…,"startedAt":…,"responseTime":…,
///  "errorMessage":…,"details":{"httpStatus"?,"note"?,"degradedAbove"?},
///  "phases":{"dns"?,"connect"?,"tls"?,"firstByte"?,"transfer"?}}
/// @endcode
/// Times are in milliseconds; `project` is null of a bare URL, `responseTime` where nothing was
/// measured, `errorMessage` where nothing failed.
void append_checked_service(std::string& out, ServiceSpec const& service, HealthStatus status,
                            WallTime started_at, Outcome const& outcome);

}  // namespace muster
