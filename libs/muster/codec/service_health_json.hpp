#pragma once

#include <optional>
#include <span>
#include <string>

#include <muster/domain/fleet_delta.hpp>
#include <muster/domain/service.hpp>
#include <muster/ports/store.hpp>

namespace muster {

/// What GET /api/services/{id}/health answers (schema ServiceHealth of the API's description).
/// `view` is null before it is known how it is. `change` is its newest change of status, nothing
/// where none is known. `checks` are told as they are given.
void append_service_health(std::string& out, Service const& service, ServiceView const* view,
                           std::optional<EventRow> const& change, std::span<CheckRow const> checks);

}  // namespace muster
