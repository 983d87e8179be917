// Live feeds of a real muster-hub to many clients: CPU a delivery beside a raw epoll sender of the
// same bytes at the same pace, how soon a transition reaches a thousand clients, and what one costs
// that does not read.
//
//   bench_fanout [--rounds N] [--seconds N] [--changes N] [--only TEXT] [--json FILE]

#include <cstddef>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include <fmt/format.h>

#include <support/cpu_time.hpp>
#include <support/fleet_text.hpp>
#include <support/hub_process.hpp>
#include <support/program.hpp>
#include <support/server.hpp>
#include "live_clients.hpp"
#include "raw_sender.hpp"
#include "stuck_client.hpp"

namespace muster::bench {
namespace {

/// Frames of `/ws/status` come at most so often.
constexpr double kFrameGap = 0.25;
constexpr std::size_t kMany = 1'000;

/// A number in a name.
std::string in_words(std::size_t count) {
    return count < 1'000 ? fmt::format("{}", count)
                         : fmt::format("{},{:03}", count / 1'000, count % 1'000);
}

/// How long until each client had it, at 99 of 100 and at half of them; milliseconds.
struct Reach {
    double most{0};
    double half{0};
};

Reach reach_of(std::vector<double> seen_at, double since) {
    for (auto& time : seen_at) {
        time = (time - since) * 1e3;
    }
    return {share_of(seen_at, 0.99), share_of(seen_at, 0.5)};
}

class Bench {
public:
    Bench(Request const& request, Report& report) : request_(request), report_(report) {}

    void run() {
        deliver_to(100, 1.5);
        deliver_to(1'000, 1.5);
        deliver_to(5'000, 2);
        tell_a_change();
        with_one_stuck();
    }

private:
    /// `projects` at rest, and one service that is checked all the time.
    [[nodiscard]] std::string fleet(std::size_t projects, std::string const& path,
                                    std::string const& interval) const {
        return fleet_text({.services = projects, .interval = "1h", .a_project = 1}, server_.hosts(),
                          server_.port()) +
               fmt::format(
                   "  - name: live\n    services:\n      - {{ name: pulse, interval: {}, "
                   "probe: {{ http: \"http://{}:{}{}\" }} }}\n",
                   interval, server_.hosts().front(), server_.port(), path);
    }

    void deliver_to(std::size_t count, double budget) {
        auto const name = fmt::format("live feed to {} clients: CPU a delivery", in_words(count));
        if (!request_.wants(name)) {
            return;
        }
        HubProcess hub(fleet(22, "/text", "100ms"));
        hub.start();
        wait_seconds(2);
        auto const alone = cpu_a_second(hub);
        LiveClients clients(hub.port(), "/ws/status", count);
        clients.read_for(1);
        RawSender sender(clients.newest());
        LiveClients others(sender.port(), "/", count);
        Row row{.name = name,
                .unit = "us CPU",
                .floor_name = "raw epoll sender",
                .budget = ratio_at_most(budget),
                .note = fmt::format("frames of {} bytes", clients.newest().size())};
        for (std::size_t round = 0; round < request_.count("rounds"); ++round) {
            clients.read_for(2 * kFrameGap);  // what came during the other's round
            auto const began = steady_seconds();
            auto const cpu = hub.cpu_seconds();
            auto const frames = clients.frames();
            clients.read_for(request_.number("seconds"));
            auto const elapsed = steady_seconds() - began;
            auto const used = hub.cpu_seconds() - cpu - alone * elapsed;
            auto const delivered = static_cast<double>(clients.frames() - frames);
            row.ours.push_back(used * 1e6 / delivered);
            row.rate.push_back(delivered / elapsed);
            row.floor.push_back(raw_round(sender, others));
        }
        row.cpu_micros = row.ours;
        report_.add(row);
    }

    [[nodiscard]] double cpu_a_second(HubProcess const& hub) const {
        auto const cpu = hub.cpu_seconds();
        auto const began = steady_seconds();
        wait_seconds(request_.number("seconds"));
        return (hub.cpu_seconds() - cpu) / (steady_seconds() - began);
    }

    /// Microseconds of CPU a delivery.
    [[nodiscard]] double raw_round(RawSender const& sender, LiveClients& clients) const {
        auto const cpu = sender.cpu_seconds();
        auto const frames = clients.frames();
        auto const end = steady_seconds() + request_.number("seconds");
        while (steady_seconds() < end) {
            sender.burst();
            clients.read_for(kFrameGap);
        }
        return (sender.cpu_seconds() - cpu) * 1e6 / static_cast<double>(clients.frames() - frames);
    }

    void tell_a_change() {
        auto const name = fmt::format("transition to {} clients: p99", in_words(kMany));
        if (!request_.wants(name)) {
            return;
        }
        HubProcess hub(fleet(22, "/switched", "100ms"));
        hub.start();
        LiveClients clients(hub.port(), "/ws/health?channels=health", kMany);
        (void)change(clients);  // warms up
        RawSender sender(clients.newest());
        LiveClients others(sender.port(), "/", kMany);
        Row row{
            .name = name, .unit = "ms", .floor_name = "raw epoll sender", .budget = at_most(20)};
        std::vector<double> halves;
        for (std::size_t index = 0; index < request_.count("changes"); ++index) {
            auto const reach = change(clients);
            row.ours.push_back(reach.most);
            halves.push_back(reach.half);
            sender.burst();
            auto seen_at = others.wait_for({"pulse"});
            row.floor.push_back(reach_of(std::move(seen_at), sender.burst_at()).most);
        }
        row.note = fmt::format("from the target's answer; p50 {:.1f} ms", median(halves));
        report_.add(row);
    }

    /// The target fails, or is well again.
    Reach change(LiveClients& clients) {
        failing_ = !failing_;
        server_.fail(failing_);
        auto seen_at = clients.wait_for(
            {"\"name\":\"pulse\"", failing_ ? "\"status\":\"down\"" : "\"status\":\"up\"",
             failing_ ? "\"cause\":\"failures\"" : "\"cause\":\"passed\""});
        return reach_of(std::move(seen_at), server_.answered_so_at());
    }

    /// It takes the map of many projects, so that it is stuck soon; the others the changes.
    void with_one_stuck() {
        auto const name = fmt::format("one stuck client among {}", in_words(kMany));
        if (!request_.wants(name)) {
            return;
        }
        constexpr std::size_t kProjects = 600;
        HubProcess hub(fleet(kProjects, "/switched", "100ms"));
        hub.start();
        hub.wait_for("/api/services?status=unknown&limit=1", "\"total\":0,");
        LiveClients clients(hub.port(), "/ws/health?channels=health", kMany);
        (void)change(clients);  // warms up
        Row memory{.name = name + ": kernel memory",
                   .unit = "KiB",
                   .budget = at_most(256),
                   .note = "the server's end of its connection; frames are shared"};
        Row late{.name = name + ": p99 of a transition to the others",
                 .unit = "ms",
                 .floor_name = "none stuck",
                 .budget = at_most(20)};
        for (std::size_t round = 0; round < request_.count("rounds"); ++round) {
            late.floor.push_back(several_changes(clients));
            StuckClient const stuck(hub.port(), "/ws/status");
            clients.read_for(6 * kFrameGap);
            late.ours.push_back(several_changes(clients));
            memory.ours.push_back(static_cast<double>(stuck.kernel_bytes()) / 1024);
        }
        report_.add(memory);
        report_.add(late);
    }

    double several_changes(LiveClients& clients) {
        std::vector<double> most;
        for (std::size_t index = 0; index < 5; ++index) {
            most.push_back(change(clients).most);
        }
        return median(std::move(most));
    }

    Request const& request_;
    Report& report_;
    ServerProcess server_{1'000};
    bool failing_{false};
};

}  // namespace
}  // namespace muster::bench

int main(int count, char** arguments) {
    using namespace muster::bench;
    return run_program(
        count, arguments, {{"rounds", 5}, {"seconds", 4}, {"changes", 20}},
        [](Request const& request, Report& report) { Bench(request, report).run(); });
}
