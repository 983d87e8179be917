#include <cli/config_plan.hpp>

#include <chrono>
#include <iostream>

#include <httplib.h>

#include <cli/plan_question.hpp>
#include <hub/settings.hpp>
#include <muster/codec/reload_json.hpp>

namespace muster {
namespace {

constexpr std::chrono::seconds kPatience{15};

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
    auto const environment = load_environment(std::cerr);
    if (!environment) {
        return kExitUsage;
    }
    auto const question = plan_question(command.hub, command.token, *environment);
    if (!question) {
        std::cerr << "muster: " << question.error().message << '\n';
        return kExitUsage;
    }
    httplib::Client client(question->url.host, question->url.port);
    client.set_connection_timeout(kPatience);
    client.set_read_timeout(kPatience);
    if (!question->token.empty()) {
        client.set_bearer_token_auth(question->token);
    }
    auto const answer = client.Get(question->url.target);
    if (!answer) {
        std::cerr << "muster: no hub answers at " << to_text(question->url)
                  << ": start one, or name another with --hub or MUSTER_URL\n";
        return kExitFailed;
    }
    auto const report = read_reload_answer(answer->body);
    if (!report) {
        std::cerr << "muster: " << report.error().message << '\n';
        bool const wrong = report.error().code == Errc::invalid && answer->status == 400;
        return wrong ? kExitUsage : kExitFailed;
    }
    if (command.json) {
        std::cout << answer->body << std::endl;
    } else {
        print(*report);
    }
    return 0;
}

}  // namespace muster
