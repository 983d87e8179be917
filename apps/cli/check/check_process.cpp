#include <cli/check/check_process.hpp>

#include <iostream>
#include <utility>

#include <cli/check/check_targets.hpp>
#include <cli/client/terminal.hpp>
#include <hub/settings.hpp>
#include <muster/prober_set/built_in_probers.hpp>
#include <muster/runtime/loop.hpp>
#include <muster/runtime/signals.hpp>
#include <muster/runtime/system_clock.hpp>

namespace muster {
namespace {

/// Nothing: told on stderr.
std::optional<std::vector<ServiceSpec>> services_to_check(std::optional<std::string> const& config,
                                                          std::vector<std::string> const& urls) {
    if (!urls.empty()) {
        auto services = services_of_urls(urls);
        if (!services) {
            std::cerr << "muster: " << services.error().message << '\n';
            return std::nullopt;
        }
        return *std::move(services);
    }
    auto const configuration = load_settings(settings_source(config, std::nullopt), std::cerr);
    if (!configuration) {
        return std::nullopt;
    }
    auto services = services_of(*configuration);
    if (services.empty()) {
        std::cerr << "muster: there is nothing to check: give URLs, or projects in muster.yaml or "
                     "PROJECTS\n";
        return std::nullopt;
    }
    return services;
}

}  // namespace

int run_check(CheckOptions options, std::optional<std::string> const& config,
              std::vector<std::string> const& urls) {
    auto services = services_to_check(config, urls);
    if (!services) {
        return kExitUsage;
    }
    options.colour = standard_terminal().colour;

    int code = 0;
    SystemClock clock;
    Loop loop;
    std::optional<BuiltInProbers> probers;
    std::optional<CheckSession> session;
    std::optional<Signals> signals;
    loop.post([&] {
        probers.emplace(loop, clock);
        session.emplace(options, *std::move(services), *probers, clock, loop, std::cout,
                        [&](int result) {
                            code = result;
                            // Later: what is destroyed there has called us.
                            loop.post([&] {
                                signals.reset();
                                session.reset();
                                probers.reset();
                                loop.finish();
                            });
                        });
        signals.emplace(loop, [&] { session->interrupt(); });
        session->start();
    });
    loop.run();
    return code;
}

}  // namespace muster
