#include <muster/api/service_health_routes.hpp>

#include <cstdint>
#include <string>
#include <utility>

#include <muster/api/answers.hpp>
#include <muster/api/last_checks.hpp>
#include <muster/api/query_reader.hpp>
#include <muster/codec/service_health_json.hpp>

namespace muster {
namespace {

constexpr std::int64_t kUsualChecks = 100;
constexpr std::int64_t kMostChecks = 1'000;

/// What is asked of the history.
struct Asked {
    ProjectId project;
    ServiceId service;
    EventsQuery changes;
    std::size_t limit;
    Millis interval;
    WallTime now;
};

Result<ServicePast> read_past(HistoryReader& reader, Asked const& asked) {
    auto const events = reader.events(asked.changes);
    if (!events) {
        return tl::unexpected(events.error());
    }
    auto checks = read_last_checks(reader, asked.project, asked.service, asked.limit,
                                   asked.interval, asked.now);
    if (!checks) {
        return tl::unexpected(std::move(checks.error()));
    }
    ServicePast past;
    if (!events->rows.empty()) {
        past.change = events->rows.front();
    }
    past.checks = std::move(*checks);
    return past;
}

}  // namespace

void get_service_health(Request const& request, ServiceHealthViews const& views, Reply reply) {
    auto const now = views.clock.now().wall;
    QueryReader reader(request.target);
    auto const limit = reader.number("limit", kUsualChecks, 1, kMostChecks);
    if (reader.problem()) {
        reply(refuse(400, *reader.problem(), now));
        return;
    }
    auto const* const service = views.model.registered(request.parameter("id"));
    if (service == nullptr) {
        reply(refuse(404, "No such service: " + in_quotes(request.parameter("id")), now));
        return;
    }
    Asked asked{service->project_id,           service->id, {}, static_cast<std::size_t>(limit),
                service->spec.policy.interval, now};
    asked.changes.project = service->spec.project;
    asked.changes.service = service->spec.name;
    asked.changes.type = EventType::status_changed;
    asked.changes.limit = 1;
    views.history.ask(
        [asked](HistoryReader& history) { return read_past(history, asked); },
        [views, id = service->id, reply = std::move(reply)](Result<ServicePast> past) mutable {
            auto const at = views.clock.now().wall;
            auto const* const known = views.model.registered(id);
            if (!past) {
                reply(refuse(past.error(), at));
            } else if (known == nullptr) {
                reply(refuse(404, "The service was removed meanwhile", at));
            } else {
                std::string json;
                append_service_health(json, *known, views.model.service(id), past->change,
                                      past->checks);
                reply(answer(std::move(json), at));
            }
        });
}

void add_service_health_routes(Router& router, ServiceHealthViews const& views) {
    router.add_later(Method::get, "/api/services/{id}/health",
                     [views](Request const& request, Reply reply) {
                         get_service_health(request, views, std::move(reply));
                     });
}

}  // namespace muster
