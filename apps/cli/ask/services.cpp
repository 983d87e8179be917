#include <cli/ask/services.hpp>

#include <algorithm>
#include <iostream>
#include <iterator>
#include <ostream>
#include <utility>

#include <cli/ask/registration.hpp>
#include <cli/ask/service_pages.hpp>
#include <cli/ask/service_view.hpp>
#include <cli/client/exit_codes.hpp>
#include <cli/client/hub_client.hpp>
#include <cli/client/text_file.hpp>
#include <hub/settings.hpp>
#include <muster/codec/json_text.hpp>

namespace muster {
namespace {

/// Changes of a service that are looked through for the reasons of its status and overlays.
constexpr std::int64_t kChanges = 100;

std::string path_of(std::string const& service, std::string_view behind = {}) {
    return "/api/services/" + path_segment(service) + std::string(behind);
}

/// Prints the `data` of an answer in one line.
void print_data(std::string const& answer, Terminal const& terminal) {
    terminal.out << read_answer_data(answer).value_or("null") << '\n' << std::flush;
}

/// Whole hours that hold about so many checks, at least one.
std::int64_t hours_of(std::int64_t checks, std::string const& interval) {
    auto const every = parse_duration(interval).value_or(Millis(0));
    auto const hours = (every * (checks + 1)) / std::chrono::hours(1) + 1;
    return std::clamp<std::int64_t>(hours, 1, 8'760);
}

Result<Explanation> explain(ServicesWhyCommand const& command, HubClient const& hub) {
    auto const text = hub.get(path_of(command.service));
    if (!text) {
        return tl::unexpected(text.error());
    }
    auto service = read_service_answer(*text);
    if (!service) {
        return tl::unexpected(service.error());
    }
    auto const& view = service->view;
    auto const changes_text =
        hub.get(call_path("/api/events", {{"project", view.project},
                                          {"service", view.name},
                                          {"type", "status_changed"},
                                          {"limit", std::to_string(kChanges)}}));
    if (!changes_text) {
        return tl::unexpected(changes_text.error());
    }
    auto changes = read_events_answer(*changes_text);
    if (!changes) {
        return tl::unexpected(changes.error());
    }
    auto const hours = hours_of(command.checks, service->interval);
    auto const checks_text =
        hub.get(call_path("/api/history/" + path_segment(view.project),
                          {{"hours", std::to_string(hours)}, {"service", view.name}}));
    if (!checks_text) {
        return tl::unexpected(checks_text.error());
    }
    auto checks = read_checks_answer(*checks_text);
    if (!checks) {
        return tl::unexpected(checks.error());
    }
    auto const shown = static_cast<std::ptrdiff_t>(
        std::min(checks->items.size(), static_cast<std::size_t>(command.checks)));
    checks->items.erase(checks->items.begin(), checks->items.end() - shown);
    Explanation explanation;
    explanation.service = *std::move(service);
    explanation.changes = std::move(changes->items);
    explanation.checks = std::move(checks->items);
    explanation.at = changes->at.value_or(WallTime{});
    return explanation;
}

void append_checks(std::string& out, std::vector<AnsweredCheck> const& checks) {
    out += '[';
    for (auto const& check : checks) {
        out += out.back() == '[' ? "" : ",";
        JsonObject object(out);
        if (check.started_at) {
            object.time("startedAt", *check.started_at);
        }
        object.text("status", check.status);
        object.number("responseTimeMs", check.response_ms);
        if (!check.error.empty()) {
            object.text("errorMessage", check.error);
        }
        object.close();
    }
    out += ']';
}

std::string explanation_json(Explanation const& explanation) {
    auto const& view = explanation.service.view;
    auto const* const change = last_transition(explanation.changes);
    std::string json;
    JsonObject object(json);
    object.text("project", view.project);
    object.text("service", view.name);
    object.text("status", to_string(view.status));
    if (change != nullptr) {
        object.raw("lastTransition", change->json);
    } else {
        object.null("lastTransition");
    }
    auto& overlays = object.key("overlays");
    overlays += '[';
    for (auto const& [overlay, name] : enum_names(Overlay{})) {
        if (view.overlays.has(overlay)) {
            overlays += overlays.back() == '[' ? "" : ",";
            append_json_string(overlays, name);
        }
    }
    overlays += ']';
    object.number("consecutiveFailures", std::int64_t{view.failures});
    append_checks(object.key("checks"), explanation.checks);
    object.time("timestamp", explanation.at);
    object.close();
    return json;
}

Result<std::vector<Registration>> registrations_of(ServicesRegisterCommand const& command) {
    if (!command.file) {
        auto one = registration_of_flags(command);
        if (!one) {
            return tl::unexpected(std::move(one.error()));
        }
        return std::vector<Registration>{*std::move(one)};
    }
    auto const text =
        *command.file == "-"
            ? Result<std::string>(std::string(std::istreambuf_iterator<char>(std::cin), {}))
            : read_text_file(*command.file);
    if (!text) {
        return tl::unexpected(text.error());
    }
    return registrations_of_file(*text, *command.file == "-" ? "standard input" : *command.file);
}

}  // namespace

int run_services_list(ServicesListCommand const& command, HubAddress const& address,
                      Terminal const& terminal) {
    HubClient const hub(address);
    CallQuery const filter{{"project", command.project},
                           {"type", command.type},
                           {"status", command.status},
                           {"tag", command.tag},
                           {"group", command.group}};
    if (command.json) {
        auto const json = all_services_json(hub, filter);
        if (!json) {
            return tell(json.error(), terminal);
        }
        terminal.out << *json << '\n' << std::flush;
        return 0;
    }
    auto const services = all_services(hub, filter);
    if (!services) {
        return tell(services.error(), terminal);
    }
    terminal.out << services_text(services->items, services->at.value_or(WallTime{}),
                                  terminal.colour)
                 << std::flush;
    return 0;
}

int run_services_show(ServicesShowCommand const& command, HubAddress const& address,
                      Terminal const& terminal) {
    auto const text = HubClient(address).get(path_of(command.service));
    if (!text) {
        return tell(text.error(), terminal);
    }
    auto const service = read_service_answer(*text);
    if (!service) {
        return tell(service.error(), terminal);
    }
    if (command.json) {
        print_data(*text, terminal);
    } else {
        terminal.out << service_text(*service, service->at.value_or(WallTime{}), terminal.colour)
                     << std::flush;
    }
    return 0;
}

int run_services_register(ServicesRegisterCommand const& command, HubAddress const& address,
                          Terminal const& terminal) {
    auto const registrations = registrations_of(command);
    if (!registrations) {
        static_cast<void>(tell(registrations.error(), terminal));
        return kExitUsage;
    }
    HubClient const hub(address);
    int code = 0;
    for (auto const& registration : *registrations) {
        HubCall call;
        call.method = CallMethod::post;
        call.path = "/api/services";
        call.body = registration.json;
        auto const answer = hub.ask(call);
        auto const service = answer ? read_service_answer(*answer)
                                    : Result<AnsweredService>(tl::unexpected(answer.error()));
        if (!service) {
            auto error = service.error();
            error.message = registration.name + ": " + error.message;
            code = std::max(code, tell(error, terminal));
        } else if (command.json) {
            print_data(*answer, terminal);
        } else {
            terminal.out << service->view.project << '/' << service->view.name
                         << " is registered as " << service->view.id.value << ": " << service->kind
                         << ' ' << service->target << " every " << service->interval << std::endl;
        }
    }
    return code;
}

int run_services_remove(ServicesRemoveCommand const& command, HubAddress const& address,
                        Terminal const& terminal) {
    HubCall call;
    call.method = CallMethod::del;
    call.path = path_of(command.service);
    auto const answer = HubClient(address).ask(call);
    if (!answer) {
        return tell(answer.error(), terminal);
    }
    if (command.json) {
        print_data(*answer, terminal);
    } else {
        terminal.out << command.service << " is removed; its history stays" << std::endl;
    }
    return 0;
}

int run_services_check(ServicesCheckCommand const& command, HubAddress const& address,
                       Terminal const& terminal) {
    HubCall call;
    call.method = CallMethod::post;
    call.path = path_of(command.service, "/check?wait=1");
    auto const answer = HubClient(address).ask(call);
    if (!answer) {
        return tell(answer.error(), terminal);
    }
    auto const probe = read_probe_answer(*answer);
    if (!probe) {
        return tell(probe.error(), terminal);
    }
    if (command.json) {
        print_data(*answer, terminal);
    } else {
        terminal.out << probe_line(*probe, terminal.colour) << std::flush;
    }
    return exit_code_of(probe->status);
}

int run_services_why(ServicesWhyCommand const& command, HubAddress const& address,
                     Terminal const& terminal) {
    auto const explanation = explain(command, HubClient(address));
    if (!explanation) {
        return tell(explanation.error(), terminal);
    }
    terminal.out << (command.json ? explanation_json(*explanation) + '\n'
                                  : explanation_text(*explanation, terminal.colour))
                 << std::flush;
    return 0;
}

}  // namespace muster
