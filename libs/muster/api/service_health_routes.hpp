#pragma once

#include <muster/api/history_queries.hpp>
#include <muster/api/message.hpp>
#include <muster/api/read_model.hpp>
#include <muster/api/router.hpp>
#include <muster/ports/clock.hpp>

namespace muster {

/// What the health of one service is told from. All of it outlives the router and belongs to the
/// edge's loop.
struct ServiceHealthViews {
    ReadModel& model;
    HistoryQueries& history;
    Clock const& clock;
};

/// GET /api/services/{id}/health?limit=100: how it is, why it last changed, its last checks.
void get_service_health(Request const& request, ServiceHealthViews const& views, Reply reply);

void add_service_health_routes(Router& router, ServiceHealthViews const& views);

}  // namespace muster
