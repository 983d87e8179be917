#include <muster/api/registry_routes.hpp>

#include <algorithm>
#include <charconv>
#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>

#include <muster/api/answers.hpp>
#include <muster/api/once_known.hpp>
#include <muster/api/query_reader.hpp>
#include <muster/api/shared_plan.hpp>
#include <muster/codec/check_json.hpp>
#include <muster/codec/reload_json.hpp>
#include <muster/codec/service_json.hpp>
#include <muster/domain/ownership.hpp>

namespace muster {
namespace {

WallTime now_of(RegistryDesk const& desk) {
    return desk.clock.now().wall;
}

Response unknown_service(Request const& request, RegistryDesk const& desk) {
    return refuse(404, "No such service: " + in_quotes(request.parameter("id")), now_of(desk));
}

std::string service_json(Service const& service, RegistryDesk const& desk) {
    std::string json;
    auto const* view = desk.model.service(service.id);
    // What the view shows may be a moment older than the registration.
    append_service(json, service, view);
    return json;
}

Response service_answer(unsigned status, Service const& service, RegistryDesk const& desk) {
    auto response = answer(service_json(service, desk), now_of(desk));
    response.status = status;
    return response;
}

struct ServiceFilter {
    std::optional<std::string_view> project;
    std::optional<ServiceType> type;
    std::optional<HealthStatus> status;
    std::optional<std::string_view> tag;
    std::optional<std::string_view> group;

    [[nodiscard]] bool takes(Service const& service, ServiceView const* view) const {
        auto const& spec = service.spec;
        auto const state = view != nullptr ? view->status : HealthStatus::unknown;
        return (!project || spec.project == *project ||
                std::to_string(service.project_id.value) == *project) &&
               (!type || spec.type == *type) && (!status || state == *status) &&
               (!tag || std::find(spec.tags.begin(), spec.tags.end(), *tag) != spec.tags.end()) &&
               (!group || spec.group == *group);
    }
};

std::optional<std::int64_t> id_from(std::string_view text) {
    std::int64_t value = 0;
    auto const* const end = text.data() + text.size();
    auto const [stopped, error] = std::from_chars(text.data(), end, value);
    return error == std::errc() && stopped == end && value > 0 ? std::optional(value)
                                                               : std::nullopt;
}

Response refuse_entry(EntryReader::Refusal const& refusal, RegistryDesk const& desk) {
    return refuse(refusal.forbidden ? 403 : 400, refusal.message, now_of(desk));
}

/// Answers with `json(value)`, or with the error.
template <class Value, class Show>
auto answering(unsigned status, Clock const& clock, Reply reply, Show show) {
    return [status, &clock, reply = std::move(reply),
            show = std::move(show)](Result<Value> result) mutable {
        auto const now = clock.now().wall;
        if (!result) {
            reply(refuse(result.error(), now));
            return;
        }
        auto response = answer(show(*result), now);
        response.status = status;
        reply(std::move(response));
    };
}

HubCommands::ServiceDone answering_service(RegistryDesk const& desk, Reply reply) {
    return [desk, reply = std::move(reply)](Result<RegisteredService> result) mutable {
        if (!result) {
            reply(refuse(result.error(), now_of(desk)));
        } else {
            reply(service_answer(result->added ? 201 : 200, result->service, desk));
        }
    };
}

HubCommands::Done answering_removal(RegistryDesk const& desk, Reply reply, std::int64_t id) {
    return [desk, reply = std::move(reply), id](Result<void> const& result) mutable {
        auto const now = now_of(desk);
        reply(result ? answer("{\"id\":" + std::to_string(id) + ",\"removed\":true}", now)
                     : refuse(result.error(), now));
    };
}

using Change = void (*)(Request const&, RegistryDesk const&, Reply);

/// A change that takes no parameters.
template <Change change>
void without_parameters(Request const& request, RegistryDesk const& desk, Reply reply) {
    if (auto refused = refuse_parameters(request, now_of(desk))) {
        reply(std::move(*refused));
    } else {
        change(request, desk, std::move(reply));
    }
}

std::string report_json(ReloadReport const& report) {
    std::string json;
    append_reload_report(json, report);
    return json;
}

}  // namespace

Response get_services(Request const& request, RegistryDesk const& desk) {
    QueryReader reader(request.target);
    ServiceFilter filter;
    filter.project = reader.text("project");
    filter.type = reader.choice<ServiceType>("type");
    filter.status = reader.choice<HealthStatus>("status");
    filter.tag = reader.text("tag");
    filter.group = reader.text("group");
    auto const asked = reader.page();
    if (reader.problem()) {
        return refuse(400, *reader.problem(), now_of(desk));
    }
    if (filter.project && desk.model.project(*filter.project) == nullptr) {
        return refuse(404, no_such_project(desk.model, *filter.project), now_of(desk));
    }
    std::string json = "[";
    std::int64_t total = 0;
    for (auto const& [id, service] : desk.model.registered_services()) {
        auto const* view = desk.model.service(id);
        if (!filter.takes(*service, view)) {
            continue;
        }
        if (total >= asked.offset && total < asked.offset + asked.limit) {
            json += json.size() > 1 ? "," : "";
            append_service(json, *service, view);
        }
        ++total;
    }
    json += ']';
    return answer_list(std::move(json), static_cast<std::uint64_t>(total), now_of(desk));
}

Response get_service(Request const& request, RegistryDesk const& desk) {
    if (auto refused = refuse_parameters(request, now_of(desk))) {
        return std::move(*refused);
    }
    auto const* service = desk.model.registered(request.parameter("id"));
    return service != nullptr ? service_answer(200, *service, desk)
                              : unknown_service(request, desk);
}

void post_service(Request const& request, RegistryDesk const& desk, Reply reply) {
    auto spec = desk.entries.service(request.body, nullptr);
    if (!spec) {
        reply(refuse_entry(spec.error(), desk));
        return;
    }
    desk.commands.register_service(std::move(*spec), answering_service(desk, std::move(reply)));
}

void put_service(Request const& request, RegistryDesk const& desk, Reply reply) {
    auto const* known = desk.model.registered(request.parameter("id"));
    if (known == nullptr) {
        reply(unknown_service(request, desk));
        return;
    }
    if (known->owner == Owner::file) {
        reply(refuse(owned_by_file(known->spec.project + "/" + known->spec.name), now_of(desk)));
        return;
    }
    auto spec = desk.entries.service(request.body, &known->spec);
    if (!spec) {
        reply(refuse_entry(spec.error(), desk));
        return;
    }
    desk.commands.replace_service(known->id, std::move(*spec),
                                  answering_service(desk, std::move(reply)));
}

void delete_service(Request const& request, RegistryDesk const& desk, Reply reply) {
    auto const* known = desk.model.registered(request.parameter("id"));
    if (known == nullptr) {
        reply(unknown_service(request, desk));
        return;
    }
    auto const id = known->id;
    desk.commands.remove_service(id, answering_removal(desk, std::move(reply), id.value));
}

void post_check(Request const& request, RegistryDesk const& desk, Reply reply) {
    auto const* known = desk.model.registered(request.parameter("id"));
    QueryReader reader(request.target);
    bool const wait = reader.number("wait", 0, 0, 1) == 1;
    if (reader.problem()) {
        reply(refuse(400, *reader.problem(), now_of(desk)));
        return;
    }
    if (known == nullptr) {
        reply(unknown_service(request, desk));
        return;
    }
    desk.commands.check_now(
        known->id, wait ? HubCommands::Wait::result : HubCommands::Wait::started,
        answering<std::optional<CheckResult>>(
            wait ? 200 : 202, desk.clock, std::move(reply),
            [spec = known->spec, id = known->id](std::optional<CheckResult> const& result) {
                std::string json;
                if (result) {
                    append_checked_service(json, spec,
                                           status_by_itself(result->outcome, spec.policy),
                                           result->started_at, result->outcome);
                } else {
                    json = "{\"id\":" + std::to_string(id.value) + ",\"checking\":true}";
                }
                return json;
            }));
}

Response get_windows(Request const& request, RegistryDesk const& desk) {
    QueryReader reader(request.target);
    auto const asked = reader.page();
    if (reader.problem()) {
        return refuse(400, *reader.problem(), now_of(desk));
    }
    auto const& windows = desk.model.windows();
    auto const total = static_cast<std::int64_t>(windows.size());
    std::string json = "[";
    for (auto at = asked.offset; at < std::min(asked.offset + asked.limit, total); ++at) {
        json += json.size() > 1 ? "," : "";
        append_window(json, windows[static_cast<std::size_t>(at)]);
    }
    json += ']';
    return answer_list(std::move(json), windows.size(), now_of(desk));
}

void post_window(Request const& request, RegistryDesk const& desk, Reply reply) {
    auto spec = desk.entries.window(request.body);
    if (!spec) {
        reply(refuse_entry(spec.error(), desk));
        return;
    }
    desk.commands.add_window(
        std::move(*spec),
        answering<Maintenance>(201, desk.clock, std::move(reply), [](Maintenance const& window) {
            std::string json;
            append_window(json, window);
            return json;
        }));
}

void delete_window(Request const& request, RegistryDesk const& desk, Reply reply) {
    auto text = request.parameter("id");
    QueryReader reader(request.target);
    if (text.empty()) {
        text = reader.text("id").value_or("");
    }
    if (reader.problem()) {
        reply(refuse(400, *reader.problem(), now_of(desk)));
        return;
    }
    auto const id = id_from(text);
    if (!id) {
        reply(refuse(400, "id must be that of a maintenance window, not " + in_quotes(text),
                     now_of(desk)));
        return;
    }
    desk.commands.remove_window(MaintenanceId{*id}, answering_removal(desk, std::move(reply), *id));
}

void post_reload(Request const& /*request*/, RegistryDesk const& desk, Reply reply) {
    desk.commands.reload(answering<ReloadReport>(200, desk.clock, std::move(reply), report_json));
}

void add_registry_routes(Router& router, RegistryDesk const& desk) {
    auto const plan = std::make_shared<SharedPlan>(desk.commands, desk.clock);
    auto const change = [&router, desk, plan](Method method, std::string_view pattern,
                                              Change route) {
        router.add_later(method, pattern, [desk, plan, route](Request const& request, Reply reply) {
            if (auto refused = desk.guard.refuse(request, now_of(desk))) {
                reply(std::move(*refused));
                return;
            }
            plan->outdate();
            route(request, desk, [plan, reply = std::move(reply)](Response response) mutable {
                plan->outdate();  // what was asked meanwhile may have been planned before
                reply(std::move(response));
            });
        });
    };
    router.add(Method::get, "/api/services",
               [desk](Request const& request) { return get_services(request, desk); });
    router.add(Method::get, "/api/services/{id}",
               [desk](Request const& request) { return get_service(request, desk); });
    router.add(Method::get, "/api/maintenance",
               [desk](Request const& request) { return get_windows(request, desk); });
    router.add_later(Method::get, "/api/config/plan",
                     [desk, plan](Request const& request, Reply reply) {
                         if (auto refused = refuse_parameters(request, now_of(desk))) {
                             reply(std::move(*refused));
                         } else {
                             plan->ask(std::move(reply));
                         }
                     });
    change(Method::post, "/api/services", without_parameters<post_service>);
    change(Method::put, "/api/services/{id}", without_parameters<put_service>);
    change(Method::del, "/api/services/{id}", without_parameters<delete_service>);
    change(Method::post, "/api/services/{id}/check", post_check);
    change(Method::post, "/api/maintenance", without_parameters<post_window>);
    change(Method::del, "/api/maintenance", delete_window);
    change(Method::del, "/api/maintenance/{id}", delete_window);
    change(Method::post, "/api/reload", without_parameters<post_reload>);
}

}  // namespace muster
