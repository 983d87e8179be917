#include <cli/config_plan.hpp>

#include <iostream>

#include <cli/ask/run_ask.hpp>
#include <cli/client/exit_codes.hpp>
#include <cli/client/hub_client.hpp>
#include <cli/client/terminal.hpp>
#include <hub/settings.hpp>
#include <muster/codec/reload_json.hpp>

namespace muster {
namespace {

void print(ReloadReport const& report) {
    if (report.changes.empty()) {
        std::cout << "a reload would change nothing\n";
    }
    for (auto const& change : report.changes) {
        std::cout << to_text(change) << '\n';
    }
    for (auto const& warning : report.warnings) {
        std::cout << "warning: " << warning << '\n';
    }
    for (auto const& setting : report.settings) {
        std::cout << setting << '\n';
    }
    for (auto const& setting : report.needs_restart) {
        std::cout << setting << '\n';
    }
    std::cout << std::flush;
}

}  // namespace

int run_config_plan(ConfigPlanCommand const& command) {
    auto const address = chosen_hub(command.hub);
    if (!address) {
        return kExitUsage;
    }
    auto const terminal = standard_terminal();
    HubClient const hub(*address);
    HubCall call;
    call.path = "/api/config/plan";
    auto reply = hub.call(call);
    if (!reply) {
        return tell(reply.error(), terminal);
    }
    bool const wrong = reply->status == 400;
    auto const body = accepted(*std::move(reply), to_text(address->url));
    if (!body) {
        auto const code = tell(body.error(), terminal);
        return wrong && body.error().code == Errc::invalid ? kExitUsage : code;
    }
    auto const report = read_reload_answer(*body);
    if (!report) {
        return tell(report.error(), terminal);
    }
    if (command.json) {
        std::cout << *body << std::endl;
    } else {
        print(*report);
    }
    return 0;
}

}  // namespace muster
