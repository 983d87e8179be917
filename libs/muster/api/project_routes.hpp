#pragma once

#include <muster/api/message.hpp>
#include <muster/api/project_pages.hpp>
#include <muster/api/read_model.hpp>
#include <muster/api/router.hpp>
#include <muster/api/uptime.hpp>
#include <muster/ports/clock.hpp>
#include <muster/ports/lane.hpp>

namespace muster {

/// What the routes of projects look at. All of it outlives the router and belongs to the edge's
/// loop.
struct ProjectViews {
    ReadModel& model;
    UptimeBook& uptime;
    ProjectPages& pages;
    Lane& page_lane;  ///< Where a page is read: a megabyte of logs takes a tenth of a second.
    Clock const& clock;
};

// The routes of contract section 4 about projects, as plain functions.

/// GET /api/projects?limit&offset: in the order of their ids.
[[nodiscard]] Response get_projects(Request const& request, ProjectViews const& views);
/// GET /api/projects/{project}
[[nodiscard]] Response get_project(Request const& request, ProjectViews const& views);
/// GET /api/projects/{project}/health. What the history cannot tell now is null.
void get_project_health(Request const& request, ProjectViews const& views, Reply reply);
/// GET /api/projects/{project}/status: what the project says of itself. 502 where it does not say
/// it, 504 where it does not answer in time.
void get_project_page(Request const& request, ProjectViews const& views, Reply reply);
/// GET /api/projects/{project}/logs?limit&offset&level: a page of its own log; `level` picks from
/// that page. 502 and 504 as before.
void get_project_logs(Request const& request, ProjectViews const& views, Reply reply);

/// Adds all of them. GET /api/projects/status must have been added before: a project is never
/// called so.
void add_project_routes(Router& router, ProjectViews const& views);

}  // namespace muster
