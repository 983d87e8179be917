#pragma once

#include <muster/api/change_guard.hpp>
#include <muster/api/message.hpp>
#include <muster/api/read_model.hpp>
#include <muster/api/router.hpp>
#include <muster/ports/clock.hpp>
#include <muster/ports/entry_reader.hpp>
#include <muster/ports/hub_commands.hpp>

namespace muster {

/// What the routes of the registry work with. All of it outlives the router and belongs to the
/// edge's loop.
struct RegistryDesk {
    ReadModel& model;
    HubCommands& commands;
    EntryReader const& entries;
    ChangeGuard const& guard;
    Clock const& clock;
};

// The routes of contract section 4 about the registry, as plain functions. Those that change
// something have passed the guard.

/// GET /api/services?project&type&status&tag&group&limit&offset
[[nodiscard]] Response get_services(Request const& request, RegistryDesk const& desk);
/// GET /api/services/{id}
[[nodiscard]] Response get_service(Request const& request, RegistryDesk const& desk);
/// POST /api/services: 201, or 200 where it was known.
void post_service(Request const& request, RegistryDesk const& desk, Reply reply);
/// PUT /api/services/{id}
void put_service(Request const& request, RegistryDesk const& desk, Reply reply);
/// DELETE /api/services/{id}
void delete_service(Request const& request, RegistryDesk const& desk, Reply reply);
/// POST /api/services/{id}/check?wait=1: 202, or 200 with the result.
void post_check(Request const& request, RegistryDesk const& desk, Reply reply);
/// GET /api/maintenance?limit&offset
[[nodiscard]] Response get_windows(Request const& request, RegistryDesk const& desk);
/// POST /api/maintenance: 201
void post_window(Request const& request, RegistryDesk const& desk, Reply reply);
/// DELETE /api/maintenance/{id}, or /api/maintenance?id=
void delete_window(Request const& request, RegistryDesk const& desk, Reply reply);
/// POST /api/reload: what was done.
void post_reload(Request const& request, RegistryDesk const& desk, Reply reply);

/// Adds all of them, the changing ones behind the guard, and GET /api/config/plan, which tells what
/// a reload would do (SharedPlan).
void add_registry_routes(Router& router, RegistryDesk const& desk);

}  // namespace muster
