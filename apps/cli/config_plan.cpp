#include <cli/config_plan.hpp>

#include <chrono>
#include <cstdlib>
#include <iostream>
#include <utility>

#include <httplib.h>

#include <hub/settings.hpp>
#include <muster/base/utf8.hpp>
#include <muster/codec/reload_json.hpp>
#include <muster/domain/url.hpp>

namespace muster {
namespace {

constexpr char const* kPath = "/api/config/plan";
constexpr std::chrono::seconds kPatience{15};

std::string hub_url(ConfigPlanCommand const& command) {
    if (command.hub) {
        return *command.hub;
    }
    char const* const url = std::getenv("MUSTER_URL");
    return url != nullptr && *url != '\0' ? url : "http://127.0.0.1:3001";
}

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
    auto const text = hub_url(command);
    auto const url = parse_url(text);
    if (!url) {
        std::cerr << "muster: --hub wants a URL such as http://127.0.0.1:3001, not '"
                  << clean_text(text) << "'\n";
        return kExitUsage;
    }
    httplib::Client client(url->host, url->port);
    client.set_connection_timeout(kPatience);
    client.set_read_timeout(kPatience);
    auto const answer = client.Get(kPath);
    if (!answer) {
        std::cerr << "muster: no hub answers at " << clean_text(text)
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
