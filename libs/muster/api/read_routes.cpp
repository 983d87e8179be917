#include <muster/api/read_routes.hpp>

#include <algorithm>
#include <array>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include <muster/api/answers.hpp>
#include <muster/api/etag.hpp>
#include <muster/api/once_known.hpp>
#include <muster/api/query_reader.hpp>
#include <muster/base/utf8.hpp>
#include <muster/codec/envelope_json.hpp>
#include <muster/codec/fleet_json.hpp>

namespace muster {
namespace {

/// A store that is away this long makes the hub not ready; shorter is a hiccup.
constexpr Millis kStorePatience{2'000};
constexpr std::size_t kShownBytes = 100;

constexpr std::int64_t kDefaultHours = 24;
constexpr std::int64_t kMaxHours = 8'760;

/// Event types of the contract that this version makes none of yet: right to ask for.
constexpr std::array<std::string_view, 5> kEventTypesToCome{"alert_triggered", "alert_acknowledged",
                                                            "alert_resolved", "healing", "launch"};

bool away_for(HubCondition::Part const& part, Millis patience, SteadyTime now) {
    return !part.working && (!part.since || now - *part.since >= patience);
}

/// Why the hub is not ready; empty: it is.
std::string_view unready_because(HubCondition const& condition, SteadyTime now) {
    if (!condition.started) {
        return "Starting";
    }
    if (away_for(condition.journal, Millis(0), now)) {
        return "Journal cannot write";
    }
    if (condition.store_awaited || away_for(condition.store, kStorePatience, now)) {
        return "Database not ready";
    }
    if (condition.bus_awaited) {
        return "Bus not ready";  // at the start alone: without it the hub does its work
    }
    return {};
}

HistoryQueries::Done answer_rows(ReadViews const& views, Reply reply) {
    return [&clock = views.clock, reply = std::move(reply)](auto rows) mutable {
        auto const now = clock.now().wall;
        reply(rows ? answer_list(std::move(rows->text), rows->total, now)
                   : refuse(rows.error(), now));
    };
}

/// History as a JSON list in the envelope, or as a file of another format.
HistoryQueries::Done history_answer(ReadViews const& views, std::string const& project,
                                    HistoryFormat format, Reply reply) {
    if (format == HistoryFormat::json) {
        return answer_rows(views, std::move(reply));
    }
    return [&clock = views.clock, project, format, reply = std::move(reply)](auto rows) mutable {
        if (!rows) {
            reply(refuse(rows.error(), clock.now().wall));
            return;
        }
        Response response;
        response.content_type = media_type(format);
        response.headers = "Cache-Control: no-cache\r\n";
        // A project's name needs no escaping there (contract, section 1).
        response.add_header("Content-Disposition", "attachment; filename=\"" + project +
                                                       "-history." +
                                                       std::string(to_string(format)) + "\"");
        response.body.head = std::move(rows->text);
        reply(std::move(response));
    };
}

/// What is asked of a project's history.
struct HistoryWish {
    WallTime from{};
    std::optional<Millis> step;
    HistoryFormat format{HistoryFormat::json};
};

void answer_history(ReadViews const& views, OnceKnown const& known, HistoryWish const& wish,
                    Reply reply) {
    auto const now = views.clock.now().wall;
    auto done = history_answer(views, known.project_name, wish.format, std::move(reply));
    if (!wish.step) {
        ChecksQuery query;
        query.project = *known.project;
        query.service = known.service;
        query.from = wish.from;
        views.history.checks_or_buckets(std::move(query), now, wish.format, std::move(done));
        return;
    }
    BucketsQuery buckets;
    buckets.project = *known.project;
    buckets.service = known.service;
    buckets.from = wish.from;
    buckets.until = now;
    buckets.step = *wish.step;
    views.history.buckets(std::move(buckets), wish.format, std::move(done));
}

std::string shown(std::string_view text) {
    return clean_text(text, kShownBytes);
}

/// Nothing where it is missing.
std::optional<std::int64_t> read_event_id(QueryReader& reader, std::string_view name) {
    constexpr std::int64_t kMissing = -1;
    constexpr std::int64_t kMost = (std::int64_t{1} << 53U) - 1;
    auto const id = reader.number(name, kMissing, 0, kMost);
    return id == kMissing ? std::nullopt : std::optional(id);
}

/// The type asked for; `to_come`: a right one of which there are no events yet.
std::optional<EventType> read_event_type(QueryReader& reader, bool& to_come) {
    auto const given = reader.text("type");
    if (!given) {
        return std::nullopt;
    }
    auto const type = parse_enum<EventType>(*given);
    to_come = std::find(kEventTypesToCome.begin(), kEventTypesToCome.end(), *given) !=
              kEventTypesToCome.end();
    if (!type && !to_come) {
        std::vector<std::string_view> words;
        for (auto const& entry : enum_names(EventType{})) {
            words.push_back(entry.second);
        }
        words.insert(words.end(), kEventTypesToCome.begin(), kEventTypesToCome.end());
        reader.not_one_of("type", words, *given);
    }
    return type;
}

}  // namespace

Response get_health(ReadViews const& views) {
    auto const now = views.clock.now();
    auto const uptime = std::chrono::duration_cast<Millis>(now.steady - views.started_at);
    return answer_plain(200, health_json(uptime, now.wall));
}

Response get_ready(ReadViews const& views) {
    auto const problem = unready_because(views.model.condition(), views.clock.now().steady);
    return answer_plain(problem.empty() ? 200 : 503, ready_json(problem));
}

Response get_projects_status(Request const& request, ReadViews const& views) {
    return tagged(request, etag_of(views.model, views.model.version()),
                  [&] { return answer(views.model.status_map(), views.clock.now().wall); });
}

Response get_project_metrics(Request const& request, ReadViews const& views) {
    auto const now = views.clock.now().wall;
    if (auto refused = refuse_parameters(request, now)) {
        return std::move(*refused);
    }
    auto const name = request.parameter("project");
    auto const* const project = views.model.project(name);
    auto const* const metrics =
        project != nullptr ? views.model.metrics(project->view.id) : nullptr;
    if (metrics == nullptr) {
        return refuse(404, "No metrics found for project: " + shown(name), now);
    }
    std::string data;
    append_project_metrics(data, project->view.name, *metrics);
    return answer(std::move(data), now);
}

void get_project_history(Request const& request, ReadViews const& views, Reply reply) {
    auto const now = views.clock.now().wall;
    QueryReader reader(request.target);
    auto const hours = reader.number("hours", kDefaultHours, 1, kMaxHours);
    auto const service_name = reader.text("service");
    auto const step = reader.duration("step", 1s, std::chrono::hours(kMaxHours));
    auto const format = reader.choice<HistoryFormat>("format").value_or(HistoryFormat::json);
    if (reader.problem()) {
        reply(refuse(400, *reader.problem(), now));
        return;
    }
    HistoryWish wish;
    wish.from = now - std::chrono::hours(hours);
    wish.step = step;
    wish.format = format;
    find_once_known(views.model, views.history, request.parameter("project"),
                    service_name.value_or(""),
                    [views, wish, reply = std::move(reply)](Result<OnceKnown> known) mutable {
                        if (known) {
                            answer_history(views, *known, wish, std::move(reply));
                        } else {
                            reply(refuse(known.error(), views.clock.now().wall));
                        }
                    });
}

void get_events(Request const& request, ReadViews const& views, Reply reply) {
    auto const now = views.clock.now().wall;
    QueryReader reader(request.target);
    EventsQuery query;
    auto const project_name = reader.text("project").value_or("");
    auto const service_name = reader.text("service").value_or("");
    query.severity = reader.choice<Severity>("severity");
    bool none_yet = false;
    query.type = read_event_type(reader, none_yet);
    auto const page = reader.page();
    query.limit = static_cast<std::size_t>(page.limit);
    query.offset = static_cast<std::size_t>(page.offset);
    query.before = read_event_id(reader, "before");
    query.after = read_event_id(reader, "after");
    if (reader.problem()) {
        reply(refuse(400, *reader.problem(), now));
        return;
    }
    if (none_yet) {
        reply(answer_list("[]", 0, now));
        return;
    }
    // Events outlive their projects: a name that is not known any more may still have some.
    find_once_known(views.model, views.history, project_name, service_name,
                    [views, query = std::move(query),
                     reply = std::move(reply)](Result<OnceKnown> known) mutable {
                        if (!known) {
                            reply(refuse(known.error(), views.clock.now().wall));
                            return;
                        }
                        query.project = std::move(known->project_name);
                        query.service = std::move(known->service_name);
                        views.history.events(std::move(query),
                                             answer_rows(views, std::move(reply)));
                    });
}

void add_read_routes(Router& router, ReadViews const& views) {
    router.add(Method::get, "/health", [views](Request const&) { return get_health(views); });
    router.add(Method::get, "/ready", [views](Request const&) { return get_ready(views); });
    router.add(Method::get, "/api/projects/status", [views](Request const& request) {
        auto refused = refuse_parameters(request, views.clock.now().wall);
        return refused ? std::move(*refused) : get_projects_status(request, views);
    });
    router.add(Method::get, "/api/metrics/{project}",
               [views](Request const& request) { return get_project_metrics(request, views); });
    router.add_later(Method::get, "/api/history/{project}",
                     [views](Request const& request, Reply reply) {
                         get_project_history(request, views, std::move(reply));
                     });
    router.add_later(Method::get, "/api/events", [views](Request const& request, Reply reply) {
        get_events(request, views, std::move(reply));
    });
}

}  // namespace muster
