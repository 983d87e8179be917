// REST answers of a real muster-hub beside nginx, which serves the same bytes as a file: closed
// loop by wrk, and open loop at half of nginx's rate, since a closed loop hides waiting. The fleet
// rests meanwhile: its interval is an hour.
//
//   bench_edge [--rounds N] [--seconds N] [--only TEXT] [--json FILE]

#include <cstddef>
#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include <fmt/format.h>

#include <support/cpu_time.hpp>
#include <support/fleet_text.hpp>
#include <support/http_load.hpp>
#include <support/hub_process.hpp>
#include <support/program.hpp>
#include <support/server.hpp>
#include "nginx.hpp"
#include "wrk.hpp"

namespace muster::bench {
namespace {

constexpr char const* kSnapshot = "/api/projects/status";
constexpr char const* kHistory = "/api/history/p0?hours=24&service=s0";

/// One who serves the bytes.
struct Side {
    std::string name;
    std::uint16_t port;
    std::string path;
    std::function<double()> cpu;
    std::vector<double> rate{};
    std::vector<double> cpu_micros{};
    std::vector<double> closed_most{};  ///< Milliseconds.
    std::vector<double> open_half{};
    std::vector<double> open_most{};
    double refused{0};  ///< Answers of both loops.
    double asked{0};
};

class Bench {
public:
    Bench(Request const& request, Report& report) : request_(request), report_(report) {}

    void run() {
        // First checks come at 50 a second: the large fleet has most of its own behind it when its
        // turn comes.
        constexpr std::size_t kLarge = 10'000;
        HubProcess large(resting_fleet(kLarge));
        large.start();
        {
            constexpr std::size_t kSmall = 12;
            HubProcess small(resting_fleet(kSmall));
            small.start();
            of_snapshot(small, kSmall);
        }
        of_history();
        of_snapshot(large, kLarge);
    }

private:
    [[nodiscard]] std::string resting_fleet(std::size_t projects) const {
        return fleet_text({.services = projects, .interval = "1h", .a_project = 1}, server_.hosts(),
                          server_.port());
    }

    void of_snapshot(HubProcess const& hub, std::size_t projects) {
        wait_until_checked(hub, projects);
        of_path(hub, "snapshot", kSnapshot, true);
    }

    void of_history() {
        HubProcess hub(
            fleet_text({.services = 1, .interval = "500ms"}, server_.hosts(), server_.port()));
        hub.start();
        hub.wait_for(kHistory, "\"total\":12,");
        hub.stop();
        hub.configure(
            fleet_text({.services = 1, .interval = "1h"}, server_.hosts(), server_.port()));
        hub.start();
        hub.wait_for(kHistory, "\"total\":");
        wait_until_checked(hub, 1);
        of_path(hub, "history", kHistory, false);
    }

    /// The answer stays the same from then on.
    static void wait_until_checked(HubProcess const& hub, std::size_t services) {
        hub.wait_for("/metrics", fmt::format("outcome=\"passed\"}} {}\n", services));
        wait_seconds(1);  // the store follows
    }

    void of_path(HubProcess const& hub, std::string const& what, std::string const& path,
                 bool is_cached) {
        auto const body = hub.get(path);
        for (std::size_t const connections : {std::size_t{64}, std::size_t{512}}) {
            auto const size = body.size() < 100'000
                                  ? fmt::format("{:.1f} KB", double(body.size()) / 1e3)
                                  : fmt::format("{:.1f} MB", double(body.size()) / 1e6);
            auto const name = fmt::format("API {} {}, {} connections", what, size, connections);
            if (!request_.wants(name)) {
                continue;
            }
            Side ours{"muster-hub", hub.port(), path, [&] { return hub.cpu_seconds(); }};
            Side peer{"nginx", nginx_.port(), nginx_.serve(body),
                      [&] { return nginx_.cpu_seconds(); }};
            race_sides(ours, peer, connections, is_cached);
            tell(name, ours, peer, is_cached);
        }
    }

    /// Closed loops first: the open ones go at half of the rate that they show. Reads of the
    /// history are a database's work, so theirs is half of our own.
    void race_sides(Side& ours, Side& peer, std::size_t connections, bool is_cached) const {
        auto const rounds = request_.count("rounds");
        for (std::size_t round = 0; round < rounds; ++round) {
            ask_closed(round % 2 == 0 ? ours : peer, connections);
            ask_closed(round % 2 == 0 ? peer : ours, connections);
        }
        auto const rate = median(is_cached ? peer.rate : ours.rate) / 2;
        for (std::size_t round = 0; round < rounds; ++round) {
            ask_open(round % 2 == 0 ? ours : peer, connections, rate);
            ask_open(round % 2 == 0 ? peer : ours, connections, rate);
        }
    }

    void ask_closed(Side& side, std::size_t connections) const {
        auto const cpu = side.cpu();
        auto const seen = run_wrk(side.port, side.path, connections, request_.number("seconds"));
        side.cpu_micros.push_back((side.cpu() - cpu) * 1e6 / (seen.answers + seen.refused));
        side.rate.push_back(seen.rate);
        side.closed_most.push_back(seen.most_millis);
        side.refused += seen.refused;
        side.asked += seen.answers + seen.refused;
    }

    void ask_open(Side& side, std::size_t connections, double rate) const {
        HttpLoad load(side.port, {side.path}, connections);
        auto const seen = load.ask_at_rate(rate, request_.number("seconds"));
        side.open_half.push_back(seen.half);
        side.open_most.push_back(seen.most);
        side.refused += seen.refused;
        side.asked += seen.asked;
    }

    void tell(std::string const& name, Side const& ours, Side const& peer, bool is_cached) {
        auto const budget = [&](Budget value) {
            return is_cached ? std::optional(value) : std::nullopt;
        };
        auto const refused = ours.refused > 0 ? fmt::format("{:.1f} % refused with 503",
                                                            100 * ours.refused / ours.asked)
                                              : std::string();
        report_.add({.name = name + ": rate",
                     .unit = "/s",
                     .ours = ours.rate,
                     .floor_name = peer.name,
                     .floor = peer.rate,
                     .budget = budget(ratio_at_least(1)),
                     .cpu_micros = ours.cpu_micros,
                     .rate = ours.rate,
                     .note = fmt::format("nginx takes {:.1f} us CPU{}{}", median(peer.cpu_micros),
                                         refused.empty() ? "" : "; ", refused)});
        report_.add({.name = name + ": p99, closed loop",
                     .unit = "ms",
                     .ours = ours.closed_most,
                     .floor_name = peer.name,
                     .floor = peer.closed_most,
                     .budget = budget(ratio_at_most(1))});
        report_.add({.name = fmt::format("{}: p99, open loop at half {} rate", name,
                                         is_cached ? "nginx's" : "its own"),
                     .unit = "ms",
                     .ours = ours.open_most,
                     .floor_name = peer.name,
                     .floor = peer.open_most,
                     .budget = budget(at_most(5)),
                     .note = fmt::format("p50 {:.2f} ms, nginx {:.2f} ms", median(ours.open_half),
                                         median(peer.open_half))});
    }

    Request const& request_;
    Report& report_;
    ServerProcess const server_{1'000};
    Nginx nginx_;
};

}  // namespace
}  // namespace muster::bench

int main(int count, char** arguments) {
    using namespace muster::bench;
    return run_program(
        count, arguments, {{"rounds", 5}, {"seconds", 2}},
        [](Request const& request, Report& report) { Bench(request, report).run(); });
}
