// A hub that knows nothing yet, with as many names as services, on a name server that takes its
// time: when each service has its first verdict, and whether any second of the start is above the
// steady rate.
//
//   bench_cold_start [--rounds N] [--services N] [--interval N] [--dns-delay N] [--only TEXT]
//                    [--json FILE]

#include <algorithm>
#include <cstddef>
#include <numeric>
#include <stdexcept>
#include <string>
#include <vector>

#include <fmt/format.h>

#include <support/cpu_time.hpp>
#include <support/fleet_text.hpp>
#include <support/hub_figures.hpp>
#include <support/hub_process.hpp>
#include <support/program.hpp>
#include <support/server.hpp>
#include "own_network.hpp"
#include "slow_dns.hpp"

namespace muster::bench {
namespace {

/// How a start went.
struct Start {
    std::vector<double> by_second;  ///< Probes that reached their target, from the start on.
    double all_known_after{0};      ///< Seconds until every service had a verdict.
    double failed{0};               ///< Checks that did not pass.
};

/// Starts the hub and watches it for two intervals.
Start watch(HubProcess& hub, ServerProcess& server, double interval, double services) {
    Start start;
    server.count_from_now();
    auto const began = steady_seconds();
    hub.start();
    auto const seconds = static_cast<std::size_t>(2 * interval);
    for (double now = 0; now < 2 * interval; now = steady_seconds() - began) {
        wait_seconds(0.1);
        auto const probes = server.requests_by_second(seconds);
        // Asked only when it can be so: some probes may be second ones.
        if (start.all_known_after == 0 &&
            std::accumulate(probes.begin(), probes.end(), 0.0) >= services &&
            hub.get("/api/services?status=unknown&limit=1").find("\"total\":0,") !=
                std::string::npos) {
            start.all_known_after = steady_seconds() - began;
        }
    }
    start.failed = read_figures(hub.get("/metrics")).other;
    start.by_second = server.requests_by_second(seconds);
    return start;
}

void run(Request const& request, Report& report) {
    enter_own_network();
    auto const services = request.number("services");
    auto const interval = request.number("interval");
    auto const steady = services / interval;
    ServerProcess server(request.count("services"));
    SlowDns const dns(request.number("dns-delay"));
    std::vector<std::string> names;
    for (auto const& host : server.hosts()) {
        names.push_back(SlowDns::name_of(host));
    }
    auto const name = fmt::format("cold start, {:.0f} names, DNS takes {:.0f} ms", services,
                                  request.number("dns-delay") * 1e3);
    Row verdicts{
        .name = name + ": every service has a verdict", .unit = "s", .budget = at_most(interval)};
    Row peak{.name = name + ": busiest second",
             .unit = "probes",
             .floor_name = "steady rate",
             .budget = ratio_at_most(1.2)};
    double failed = 0;
    std::string last;
    for (std::size_t round = 0; round < request.count("rounds"); ++round) {
        HubProcess hub(fleet_text({.services = request.count("services"),
                                   .interval = fmt::format("{:.0f}s", interval),
                                   .timeout = "5s"},
                                  names, server.port()));
        auto const start = watch(hub, server, interval, services);
        if (start.all_known_after == 0) {
            throw std::runtime_error("after two intervals there are services without a verdict");
        }
        verdicts.ours.push_back(start.all_known_after);
        peak.ours.push_back(*std::max_element(start.by_second.begin(), start.by_second.end()));
        peak.floor.push_back(steady);
        verdicts.cpu_micros.push_back(hub.cpu_seconds() * 1e6 / services);
        failed += start.failed;
        last.clear();
        for (auto const checks : start.by_second) {
            last += fmt::format("{}{:.0f}", last.empty() ? "" : " ", checks);
        }
        hub.stop();
    }
    verdicts.note = fmt::format("{:.0f} checks did not pass", failed);
    peak.note = "by second: " + last;
    report.add(verdicts);
    report.add(peak);
}

}  // namespace
}  // namespace muster::bench

int main(int count, char** arguments) {
    return muster::bench::run_program(
        count, arguments,
        {{"rounds", 5}, {"services", 10'000}, {"interval", 10}, {"dns-delay", 0.2}},
        &muster::bench::run);
}
