// The whole hub, as users run it: CPU per probe with its schedule, judgement, journal and store
// lane, beside a raw epoll client that makes the same probes in the same run; whether the fleet's
// pace is kept, lateness, memory, and how long a start takes that knows its services.
//
//   bench_hub [--seconds N] [--rounds N] [--small N] [--large N] [--large-fresh N] [--known N]
//             [--pressed N] [--pressed-fresh N] [--shards N] [--only TEXT] [--json FILE]
//
// `--shards`: of the hubs that are measured; those of the last rows, which hold shards against one
// loop at a fleet that is too much for it, have at least two.

#include <algorithm>
#include <cstddef>
#include <map>
#include <stdexcept>
#include <string>
#include <utility>
#include <vector>

#include <fmt/format.h>

#include <support/cpu_time.hpp>
#include <support/fleet_text.hpp>
#include <support/hub_figures.hpp>
#include <support/hub_process.hpp>
#include <support/program.hpp>
#include <support/raw_client.hpp>
#include <support/server.hpp>

namespace muster::bench {
namespace {

constexpr std::size_t kMostAuthorities = 10'000;
constexpr std::size_t kRawTargets = 250;
constexpr std::size_t kRawProbes = 5'000;

struct Fleet {
    std::string name;
    std::size_t services;
    std::size_t authorities{0};
    int interval;              ///< Seconds.
    std::string connection{};  ///< `reuse`, `fresh`.
    RawClient::Work floor{};
    double budget{0};  ///< CPU a probe, as a ratio to the floor.
};

HubFigures figures_of(HubProcess const& hub) {
    return read_figures(hub.get("/metrics"));
}

void wait_until_all_were_checked(HubProcess const& hub, Fleet const& fleet) {
    auto const limit = steady_seconds() + 60 + 3 * fleet.interval;
    while (figures_of(hub).passed < 1.5 * static_cast<double>(fleet.services)) {
        if (steady_seconds() > limit) {
            throw std::runtime_error("the fleet did not come up: " + fleet.name);
        }
        wait_seconds(0.2);
    }
}

/// What a hub without services takes.
std::size_t bytes_of_an_empty_hub() {
    HubProcess hub("projects: []\n");
    hub.start();
    return hub.resident_bytes();
}

class FleetBench {
public:
    FleetBench(Request const& request, Report& report, ServerProcess const& server)
        : request_(request), report_(report), server_(server) {}

    void measure(Fleet const& fleet) {
        auto const shards = request_.count("shards");
        auto const name =
            fmt::format("fleet {}, {} services every {} s{}", fleet.name, fleet.services,
                        fleet.interval, shards > 1 ? fmt::format(", {} shards", shards) : "");
        if (!request_.wants(name)) {
            return;
        }
        std::vector<std::string> const hosts(
            server_.hosts().begin(),
            server_.hosts().begin() + static_cast<std::ptrdiff_t>(fleet.authorities));
        auto const without = bytes_of_an_empty_hub();
        HubProcess hub(fleet_text({.services = fleet.services,
                                   .interval = fmt::format("{}s", fleet.interval),
                                   .timeout = fleet.interval > 1 ? "4s" : "900ms",
                                   .connection = fleet.connection},
                                  hosts, server_.port()),
                       shards);
        hub.start();
        wait_until_all_were_checked(hub, fleet);
        watch(fleet, name, hub);
        Row memory{.name = name + ": memory a service",
                   .unit = "bytes",
                   .ours = {static_cast<double>(hub.resident_bytes() - without) /
                            static_cast<double>(fleet.services)},
                   .budget = at_most(4'096),
                   .note = fmt::format("resident; an empty hub has {} MB", without / 1'000'000)};
        report_.add(memory);
        hub.stop();
    }

private:
    void watch(Fleet const& fleet, std::string const& name, HubProcess const& hub) {
        RawClient raw({server_.hosts().begin(), server_.hosts().begin() + kRawTargets},
                      server_.port(), "/text", fleet.floor);
        raw.run(kRawProbes);  // warms up
        Row cpu{.name = name + ": CPU a probe",
                .unit = "us CPU",
                .floor_name = "raw epoll client",
                .budget = ratio_at_most(fleet.budget)};
        auto const wanted = static_cast<double>(fleet.services) / fleet.interval;
        Row paced{.name = name + ": CPU a probe, beside a client of the same pace",
                  .unit = "us CPU",
                  .floor_name = "raw epoll client, paced"};
        Row pace{.name = name + ": pace", .unit = "probes/s", .budget = at_least(0.99 * wanted)};
        Row late{.name = name + ": lateness p99", .unit = "ms", .budget = at_most(50)};
        auto const first = figures_of(hub);
        for (std::size_t round = 0; round < request_.count("rounds"); ++round) {
            auto const before = figures_of(hub);
            auto const began = steady_seconds();
            auto const used = hub.cpu_seconds();
            // Whole intervals: a fleet's second is not like the next.
            wait_seconds(std::max(request_.number("seconds"), double(fleet.interval)));
            auto const cpu_used = hub.cpu_seconds() - used;
            auto const seen = between(before, figures_of(hub));
            auto const probes = seen.passed + seen.other;
            cpu.ours.push_back(cpu_used * 1e6 / probes);
            pace.ours.push_back(probes / (steady_seconds() - began));
            late.ours.push_back(lateness_of(seen, 0.99) * 1e3);
            auto const own = cpu_seconds_of_thread();
            raw.run(kRawProbes);
            cpu.floor.push_back((cpu_seconds_of_thread() - own) * 1e6 / kRawProbes);
            auto const paced_began = cpu_seconds_of_thread();
            raw.run_paced(kRawProbes, wanted);
            paced.floor.push_back((cpu_seconds_of_thread() - paced_began) * 1e6 / kRawProbes);
        }
        auto const all = between(first, figures_of(hub));
        cpu.cpu_micros = cpu.ours;
        cpu.rate = pace.ours;
        pace.note = fmt::format("{:.0f} did not pass", all.other);
        late.note = fmt::format("p50 {:.1f} ms, most {:.1f} ms", lateness_of(all, 0.5) * 1e3,
                                lateness_of(all, 1) * 1e3);
        paced.ours = cpu.ours;
        report_.add(cpu);
        report_.add(paced);
        report_.add(pace);
        report_.add(late);
    }

    Request const& request_;
    Report& report_;
    ServerProcess const& server_;
};

/// Stopped and started again: to the first whole answer of `/api/projects/status`.
void measure_start(Request const& request, Report& report, ServerProcess const& server) {
    auto const known = request.count("known");
    Row row{.name = fmt::format("start with {} known services, to a whole answer", known),
            .unit = "s",
            .budget = at_most(2)};
    if (!request.wants(row.name)) {
        return;
    }
    HubProcess hub(fleet_text({.services = known, .interval = "1h", .connection = "fresh"},
                              server.hosts(), server.port()));
    hub.start();
    for (std::size_t round = 0; round < request.count("rounds"); ++round) {
        hub.stop();
        auto const began = steady_seconds();
        hub.start();
        hub.wait_for("/ready");
        hub.wait_for("/api/projects/status");
        row.ours.push_back(steady_seconds() - began);
        row.cpu_micros.push_back(hub.cpu_seconds() * 1e6);
    }
    report.add(row);
    hub.stop();
}

/// The threads that take most, in words: `shard-1 14, muster-hub 9, store 7`.
std::string shares_of(std::map<std::string, double> const& micros) {
    std::vector<std::pair<double, std::string>> most;
    for (auto const& [name, share] : micros) {
        most.emplace_back(share, name);
    }
    std::sort(most.rbegin(), most.rend());
    most.resize(std::min<std::size_t>(most.size(), 5));
    std::string text;
    for (auto const& [share, name] : most) {
        text += fmt::format("{}{} {:.1f}", text.empty() ? "" : ", ", name, share);
    }
    return text;
}

/// One loop against shards, both at a fleet whose pace is beyond them. What the busiest thread
/// takes for a probe is the limit of the pace where no core is missing, and can be told on a
/// machine that others use.
class ShardBench {
public:
    ShardBench(Request const& request, Report& report, ServerProcess const& server)
        : request_(request),
          report_(report),
          server_(server),
          shards_(std::max<std::size_t>(2, request.count("shards"))) {}

    void measure(std::string const& way, std::size_t services, std::string const& connection) {
        auto const name =
            fmt::format("{} shards, {}, {} services every second", shards_, way, services);
        if (!request_.wants(name)) {
            return;
        }
        constexpr auto kOne = "hub.shards: 1";
        Row pace{.name = name + ": pace reached", .unit = "probes/s", .floor_name = kOne};
        Row cpu{.name = name + ": CPU a probe", .unit = "us CPU", .floor_name = kOne};
        Row busiest{
            .name = name + ": CPU of the busiest thread", .unit = "us CPU", .floor_name = kOne};
        Row late{.name = name + ": lateness p99", .unit = "ms", .floor_name = kOne};
        for (std::size_t round = 0; round < request_.count("rounds"); ++round) {
            auto const one = look(1, services, connection);
            auto const several = look(shards_, services, connection);
            pace.floor.push_back(one.pace);
            pace.ours.push_back(several.pace);
            cpu.floor.push_back(one.cpu_micros);
            cpu.ours.push_back(several.cpu_micros);
            busiest.floor.push_back(one.busiest_micros);
            busiest.ours.push_back(several.busiest_micros);
            busiest.note = "us a probe by thread: " + several.shares + "; without: " + one.shares;
            late.floor.push_back(one.late_millis);
            late.ours.push_back(several.late_millis);
        }
        for (auto* const row : {&pace, &cpu, &busiest, &late}) {
            row->cpu_micros = cpu.ours;
            row->rate = pace.ours;
            report_.add(*row);
        }
    }

private:
    struct Look {
        double pace{0};
        double cpu_micros{0};
        double busiest_micros{0};
        double late_millis{0};
        std::string shares{};
    };

    [[nodiscard]] Look look(std::size_t shards, std::size_t services,
                            std::string const& connection) const {
        HubProcess hub(
            fleet_text(
                {.services = services, .interval = "1s", .timeout = "5s", .connection = connection},
                {server_.hosts().begin(), server_.hosts().begin() + 250}, server_.port()),
            shards);
        hub.start();
        wait_until_all_were_checked(hub, {.name = "pressed", .services = services, .interval = 5});
        auto const before = figures_of(hub);
        auto const began = steady_seconds();
        auto const used = hub.cpu_seconds();
        auto const used_by = hub.cpu_seconds_by_thread();
        wait_seconds(request_.number("seconds"));
        auto const cpu_used = hub.cpu_seconds() - used;
        auto by_thread = hub.cpu_seconds_by_thread();
        auto const seen = between(before, figures_of(hub));
        auto const took = steady_seconds() - began;
        hub.stop();
        auto const probes = seen.passed + seen.other;
        Look look{.pace = probes / took,
                  .cpu_micros = cpu_used * 1e6 / probes,
                  .late_millis = lateness_of(seen, 0.99) * 1e3};
        for (auto& [name, seconds] : by_thread) {
            auto const known = used_by.find(name);
            seconds = (seconds - (known == used_by.end() ? 0 : known->second)) * 1e6 / probes;
            look.busiest_micros = std::max(look.busiest_micros, seconds);
        }
        look.shares = shares_of(by_thread);
        return look;
    }

    Request const& request_;
    Report& report_;
    ServerProcess const& server_;
    std::size_t const shards_;
};

void run(Request const& request, Report& report) {
    ServerProcess const server(kMostAuthorities);
    FleetBench fleets(request, report, server);
    using Work = RawClient::Work;
    auto const small = request.count("small");
    auto const large = request.count("large");
    fleets.measure({"kept", small, 250, 1, "reuse", Work::kept, 3});
    fleets.measure({"fresh", small, 250, 5, "fresh", Work::fresh, 1.5});
    fleets.measure({"kept, 10,000 authorities", large, 10'000, 10, "reuse", Work::kept, 3});
    fleets.measure({"fresh, 10,000 authorities", request.count("large-fresh"), 10'000, 10, "fresh",
                    Work::fresh, 1.5});
    measure_start(request, report, server);
    ShardBench shards(request, report, server);
    shards.measure("kept", request.count("pressed"), "reuse");
    shards.measure("fresh", request.count("pressed-fresh"), "fresh");
}

}  // namespace
}  // namespace muster::bench

int main(int count, char** arguments) {
    return muster::bench::run_program(count, arguments,
                                      {{"seconds", 10},
                                       {"rounds", 5},
                                       {"small", 10'000},
                                       {"large", 100'000},
                                       {"large-fresh", 50'000},
                                       {"known", 100'000},
                                       {"pressed", 60'000},
                                       {"pressed-fresh", 20'000},
                                       {"shards", 1}},
                                      &muster::bench::run);
}
