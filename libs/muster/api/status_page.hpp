#pragma once

#include <muster/api/message.hpp>
#include <muster/api/read_model.hpp>
#include <muster/api/router.hpp>
#include <muster/api/uptime.hpp>
#include <muster/ports/clock.hpp>

namespace muster {

/// What the public page is made from. All of it outlives the router and belongs to the edge's loop.
struct StatusPageViews {
    ReadModel& model;
    UptimeBook& uptime;
    Clock const& clock;
};

/// GET /status?limit=50&offset=0: a page for everybody, without script: every project with its
/// status, overlays and services, and the uptime of the last 90 days; the windows of maintenance.
/// Names and states only: no addresses, no errors.
void get_status_page(Request const& request, StatusPageViews const& views, Reply reply);

void add_status_page(Router& router, StatusPageViews const& views);

}  // namespace muster
