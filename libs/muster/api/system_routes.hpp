#pragma once

#include <cstdint>
#include <functional>

#include <muster/api/message.hpp>
#include <muster/api/read_model.hpp>
#include <muster/api/router.hpp>
#include <muster/ports/clock.hpp>

namespace muster {

/// What the hub's own health is told from. All of it outlives the router and belongs to the edge's
/// loop.
struct SystemViews {
    /// The hub's loop tells once a second what it counted; silent for longer, it does not run.
    static constexpr Millis kSilence{5'000};

    ReadModel& model;
    Clock const& clock;
    std::function<std::uint64_t()> web_socket_clients;
};

/// GET /api/system/health
[[nodiscard]] Response get_system_health(SystemViews const& views);

void add_system_routes(Router& router, SystemViews const& views);

}  // namespace muster
