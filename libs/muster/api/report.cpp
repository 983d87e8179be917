#include <muster/api/report.hpp>

#include <algorithm>
#include <charconv>
#include <chrono>
#include <cstdint>
#include <iterator>
#include <map>
#include <optional>
#include <string_view>
#include <utility>

#include <muster/api/answers.hpp>
#include <muster/api/query_reader.hpp>
#include <muster/base/enum_names.hpp>

namespace muster {
namespace {

constexpr std::int64_t kDefaultDays = 30;
constexpr std::int64_t kMaxDays = 365;
constexpr std::size_t kChangesAtOnce = 1'000;
constexpr std::size_t kMostChanges = 10 * kChangesAtOnce;
constexpr auto kDay = std::chrono::days(1);

enum class ReportFormat : std::uint8_t { html, json };

constexpr EnumNames<ReportFormat, 2> enum_names(ReportFormat) {
    return {{{ReportFormat::html, "html"}, {ReportFormat::json, "json"}}};
}

/// By its reason, as encode_reason() writes it: only what led to down counts failures.
bool goes_down(EventRow const& change) {
    return std::string_view(change.metadata_json).starts_with(R"({"cause":"failures)");
}

Result<void> read_service(HistoryReader& reader, ReportQuery const& query, ServiceReport& service) {
    BucketsQuery buckets;
    buckets.project = query.project;
    buckets.service = service.service;
    buckets.from = query.from;
    buckets.until = query.until;
    buckets.step = kDay;
    auto const days = reader.buckets(buckets);
    if (!days) {
        return tl::unexpected(days.error());
    }
    auto const span = std::chrono::duration_cast<Millis>(query.until - query.from) + kDay;
    Millis unobserved{0};
    for (auto const& day : *days) {
        merge(service.seen, day.bucket.seen, span);
        unobserved += day.bucket.unobserved;
    }
    service.down = service.seen.down_time;
    auto const observed = static_cast<double>(service.seen.observed.count());
    if (observed > 0) {
        service.availability.uptime_percent =
            100.0 * (observed - static_cast<double>(service.down.count())) / observed;
        service.availability.coverage_percent =
            100.0 * observed / (observed + static_cast<double>(unobserved.count()));
    }
    return {};
}

/// The deciding service that was available least, of those that were seen at all.
AvailabilityFigures least_of(std::vector<ServiceReport> const& services) {
    bool const some_decide =
        std::any_of(services.begin(), services.end(),
                    [](ServiceReport const& service) { return service.critical; });
    AvailabilityFigures least;
    for (auto const& service : services) {
        auto const& figures = service.availability;
        bool const decides = !some_decide || service.critical;
        if (decides && figures.coverage_percent > 0 &&
            (least.coverage_percent == 0 || figures.uptime_percent < least.uptime_percent)) {
            least = figures;
        }
    }
    return least;
}

struct Changes {
    std::vector<EventRow> rows;  ///< Newest first.
    bool more{false};            ///< There may be older ones in the span.
};

/// The newest changes of status, back to where the span begins.
Result<Changes> read_changes(HistoryReader& reader, ReportQuery const& query) {
    EventsQuery asked;
    asked.project = query.name;
    asked.type = EventType::status_changed;
    asked.limit = kChangesAtOnce;
    Changes changes;
    while (true) {
        auto events = reader.events(asked);
        if (!events) {
            return tl::unexpected(std::move(events.error()));
        }
        auto& rows = events->rows;
        bool const all = rows.size() < kChangesAtOnce || rows.back().occurred_at < query.from;
        changes.rows.insert(changes.rows.end(), std::make_move_iterator(rows.begin()),
                            std::make_move_iterator(rows.end()));
        if (all) {
            return changes;
        }
        if (changes.rows.size() >= kMostChanges) {
            changes.more = true;
            return changes;
        }
        asked.before = changes.rows.back().id;
    }
}

}  // namespace

std::vector<Incident> incidents_of(std::vector<EventRow> const& changes) {
    std::vector<Incident> incidents;
    std::map<std::string_view, WallTime> next_change;
    for (auto const& change : changes) {
        auto const next = next_change.find(change.service);
        if (goes_down(change)) {
            incidents.push_back(
                {change.service, change.occurred_at,
                 next != next_change.end() ? std::optional(next->second) : std::nullopt,
                 change.description});
        }
        next_change.insert_or_assign(change.service, change.occurred_at);
    }
    return incidents;
}

Result<Report> read_report(HistoryReader& reader, ReportQuery query) {
    for (auto& service : query.services) {
        auto read = read_service(reader, query, service);
        if (!read) {
            return tl::unexpected(std::move(read.error()));
        }
    }
    auto const changes = read_changes(reader, query);
    if (!changes) {
        return tl::unexpected(changes.error());
    }
    Report report;
    report.project = query.name;
    report.from = query.from;
    report.until = query.until;
    report.services = std::move(query.services);
    report.availability = least_of(report.services);
    report.incidents = incidents_of(changes->rows);
    // One that began earlier and reaches into the span belongs to it.
    std::erase_if(report.incidents, [&report](Incident const& incident) {
        return incident.from >= report.until || (incident.until && *incident.until < report.from);
    });
    report.more_incidents = changes->more;
    return report;
}

namespace {

/// `2026-11`; nothing for what is no month.
std::optional<std::chrono::year_month> parse_month(std::string_view text) {
    int year = 0;
    unsigned month = 0;
    auto const* const end = text.data() + text.size();
    if (text.size() != 7 || text[4] != '-' ||
        std::from_chars(text.data(), text.data() + 4, year).ptr != text.data() + 4 || year < 1 ||
        std::from_chars(text.data() + 5, end, month).ptr != end || month < 1 || month > 12) {
        return std::nullopt;
    }
    return std::chrono::year(year) / std::chrono::month(month);
}

/// Sets the span of a query; the mistake where there is none such.
std::optional<std::string> read_span(std::optional<std::string_view> month, std::int64_t days,
                                     WallTime now, ReportQuery& query) {
    query.from = std::chrono::floor<std::chrono::days>(now) - std::chrono::days(days - 1);
    query.until = now;
    if (!month) {
        return std::nullopt;
    }
    auto const asked = parse_month(*month);
    if (!asked) {
        return "month must be a year and a month, such as 2026-11, not " + in_quotes(*month);
    }
    query.from = std::chrono::sys_days(*asked / 1);
    query.until =
        std::min(now, WallTime(std::chrono::sys_days((*asked + std::chrono::months(1)) / 1)));
    if (query.from >= now) {
        return "month must have begun, not " + in_quotes(*month);
    }
    return std::nullopt;
}

}  // namespace

void get_report(Request const& request, ReportViews const& views, Reply reply) {
    auto const now = views.clock.now().wall;
    QueryReader reader(request.target);
    auto const in_path = request.parameter("project");
    auto const in_query = reader.text("project");
    auto const name = in_path.empty() ? in_query : std::optional(in_path);
    auto const month = reader.text("month");
    auto const days = reader.number("days", kDefaultDays, 1, kMaxDays);
    auto const format = reader.choice<ReportFormat>("format").value_or(ReportFormat::html);
    if (reader.problem()) {
        reply(refuse(400, *reader.problem(), now));
        return;
    }
    if (!name) {
        reply(refuse(400, "project must be given: the name or id of the project", now));
        return;
    }
    auto const* const project = views.model.project(*name);
    if (project == nullptr) {
        reply(refuse(404, "No such project: " + in_quotes(*name), now));
        return;
    }
    ReportQuery query;
    query.project = project->view.id;
    query.name = project->view.name;
    if (auto const mistake = read_span(month, days, now, query)) {
        reply(refuse(400, *mistake, now));
        return;
    }
    for (auto const* view : views.model.services_of(project->view.id)) {
        ServiceReport service;
        service.service = view->id;
        service.name = view->name;
        service.critical = view->critical;
        query.services.push_back(std::move(service));
    }
    views.history.ask(
        [query = std::move(query)](HistoryReader& history) { return read_report(history, query); },
        [format, &clock = views.clock, reply = std::move(reply)](Result<Report> report) mutable {
            auto const at = clock.now().wall;
            if (!report) {
                reply(refuse(report.error(), at));
            } else if (format == ReportFormat::html) {
                reply(report_page(*report));
            } else {
                std::string json;
                append_report(json, *report);
                reply(answer(std::move(json), at));
            }
        });
}

void add_report_route(Router& router, ReportViews const& views) {
    for (auto const* pattern : {"/report", "/report/{project}"}) {
        router.add_later(Method::get, pattern, [views](Request const& request, Reply reply) {
            get_report(request, views, std::move(reply));
        });
    }
}

}  // namespace muster
