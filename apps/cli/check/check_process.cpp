#include <cli/check/check_process.hpp>

#include <iostream>
#include <utility>

#include <cli/check/check_targets.hpp>
#include <cli/client/terminal.hpp>
#include <hub/settings.hpp>
#include <muster/dns/dns_resolver.hpp>
#include <muster/http/http_client.hpp>
#include <muster/http/http_prober.hpp>
#include <muster/prober_set/prober_set.hpp>
#include <muster/runtime/loop.hpp>
#include <muster/runtime/signals.hpp>
#include <muster/runtime/system_clock.hpp>
#include <muster/tcp/tcp_prober.hpp>

namespace muster {
namespace {

/// Everything that lives on the loop.
struct Probers {
    Probers(Loop& loop, Clock const& clock)
        : resolver(loop, clock),
          http_client(loop, clock, resolver),
          http(http_client),
          tcp(loop, clock, resolver) {
        all.add("http", http);
        all.add("tcp", tcp);
    }

    DnsResolver resolver;
    HttpClient http_client;
    HttpProber http;
    TcpProber tcp;
    ProberSet all;
};

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
    std::optional<Probers> probers;
    std::optional<CheckSession> session;
    std::optional<Signals> signals;
    loop.post([&] {
        probers.emplace(loop, clock);
        session.emplace(options, *std::move(services), probers->all, clock, loop, std::cout,
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
