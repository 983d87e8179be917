#pragma once

#include <muster/api/history_queries.hpp>
#include <muster/api/message.hpp>
#include <muster/api/read_model.hpp>
#include <muster/api/router.hpp>
#include <muster/ports/clock.hpp>

namespace muster {

/// What reading routes look at. All of it outlives the router and belongs to the edge's loop.
struct ReadViews {
    ReadModel& model;
    HistoryQueries& history;
    Clock const& clock;
    SteadyTime started_at{};  ///< Of the process.
};

// The routes of contract section 4 that only read, as plain functions.

/// GET /health: the process lives.
[[nodiscard]] Response get_health(ReadViews const& views);
/// GET /ready: whether to send it work; 503 with the reason when not.
[[nodiscard]] Response get_ready(ReadViews const& views);
/// GET /api/projects/status
[[nodiscard]] Response get_projects_status(Request const& request, ReadViews const& views);
/// GET /api/metrics/{project}
[[nodiscard]] Response get_project_metrics(Request const& request, ReadViews const& views);
/// GET /api/history/{project}?hours=24&service=&step=&format=: single checks, buckets with a step
/// or where single checks are gone. Of the removed too, by their names.
void get_project_history(Request const& request, ReadViews const& views, Reply reply);
/// GET /api/events?project&service&severity&type&limit&offset&before&after. 404 where neither the
/// registry nor the history knows the project or the service.
void get_events(Request const& request, ReadViews const& views, Reply reply);

/// Adds all of them.
void add_read_routes(Router& router, ReadViews const& views);

}  // namespace muster
