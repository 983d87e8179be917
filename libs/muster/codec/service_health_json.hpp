#pragma once

#include <optional>
#include <span>
#include <string>

#include <muster/domain/fleet_delta.hpp>
#include <muster/domain/service.hpp>
#include <muster/ports/store.hpp>

namespace muster {

/// GET /api/services/{id}/health: `{"id":…,"project":…,"name":…,"status":…,"overlays":[],
/// "lastCheck":…,"responseTimeMs":…,"consecutiveFailures":…,"uptime":…,"coverage":…,
/// "details":{…},"lastTransition":{"at","description","reason":{…}}|null,"checks":[{"status",
/// "startedAt","recordedAt","responseTimeMs","errorMessage"?}]}`. `view`: null before it is known
/// how it is. `change`: its newest change of status, nothing where none is known. `checks`: as they
/// are to be shown.
void append_service_health(std::string& out, Service const& service, ServiceView const* view,
                           std::optional<EventRow> const& change, std::span<CheckRow const> checks);

}  // namespace muster
