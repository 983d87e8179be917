#pragma once

#include <string>
#include <vector>

#include <muster/api/history_queries.hpp>
#include <muster/api/message.hpp>
#include <muster/api/read_model.hpp>
#include <muster/api/router.hpp>
#include <muster/codec/report_json.hpp>
#include <muster/ports/clock.hpp>
#include <muster/ports/store.hpp>

namespace muster {

/// Which project, which of its services, since when. `services`: id, name and critical are set.
struct ReportQuery {
    ProjectId project;
    std::string name;
    WallTime from{};  ///< The beginning of a day.
    WallTime until{};
    std::vector<ServiceReport> services;
};

/// Times in which services were down, newest first, of status changes, newest first: from a change
/// to down to the service's next change. One that began before them is not among them.
[[nodiscard]] std::vector<Incident> incidents_of(std::vector<EventRow> const& changes);

/// Blocks: read lane only. Errors: as HistoryReader::buckets().
[[nodiscard]] Result<Report> read_report(HistoryReader& reader, ReportQuery query);

/// As a page that can be printed.
[[nodiscard]] Response report_page(Report const& report);

struct ReportViews {
    ReadModel& model;
    HistoryQueries& history;
    Clock const& clock;
};

/// GET /report/{project}?month=2026-11&format=html|json: a month of UTC, as far as it is over.
/// Without it the last `days` (30) days, today included. GET /report?project= is the same.
void get_report(Request const& request, ReportViews const& views, Reply reply);

void add_report_route(Router& router, ReportViews const& views);

}  // namespace muster
