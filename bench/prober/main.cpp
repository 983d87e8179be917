// CPU per probe of the client alone: our probers beside a raw epoll client in one run, against a
// tiny server in a process of its own, and beside blackbox_exporter, which makes the same probes
// when it is asked to.
//
//   bench_prober [--rounds N] [--targets N] [--fresh N] [--kept N] [--only TEXT] [--json FILE]

#include <algorithm>
#include <csignal>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include <fmt/format.h>

#include <muster/dns/dns_resolver.hpp>
#include <muster/http/http_client.hpp>
#include <muster/http/http_prober.hpp>
#include <muster/runtime/loop.hpp>
#include <muster/runtime/system_clock.hpp>
#include <muster/tcp/tcp_prober.hpp>

#include <support/cpu_time.hpp>
#include <support/program.hpp>
#include <support/race.hpp>
#include <support/raw_client.hpp>
#include <support/server.hpp>
#include "blackbox.hpp"
#include "probing_client.hpp"

namespace muster::bench {
namespace {

std::vector<ProbeSpec> http_specs(ServerProcess const& server, std::string const& path) {
    std::vector<ProbeSpec> specs;
    for (auto const& host : server.hosts()) {
        specs.emplace_back(HttpProbeSpec{Url{"http", host, server.port(), path, {}}});
    }
    return specs;
}

std::vector<ProbeSpec> tcp_specs(ServerProcess const& server) {
    std::vector<ProbeSpec> specs;
    for (auto const& host : server.hosts()) {
        specs.emplace_back(TcpProbeSpec{HostPort{host, server.port()}});
    }
    return specs;
}

class Bench {
public:
    explicit Bench(Request const& request)
        : request_(request),
          server_(std::clamp<std::size_t>(request.count("targets"), 1, 1'000)),
          resolver_(loop_, clock_),
          client_(loop_, clock_, resolver_),
          http_(client_),
          tcp_(loop_, clock_, resolver_) {}

    void run(Report& report) {
        auto const fresh = request_.count("fresh");
        auto const kept = request_.count("kept");
        using Work = RawClient::Work;
        race_of(report, "HTTP probe, fresh connection", 1.25,
                ours(http_, http_specs(server_, "/text"), false, fresh), raw(Work::fresh, fresh),
                asked("http_2xx", "http://", "/text", fresh));
        race_of(report, "HTTP probe, kept connection", 1.5,
                ours(http_, http_specs(server_, "/text"), true, kept), raw(Work::kept, kept), {});
        race_of(report, "HTTP probe, kept, JSON judged", 1.5,
                ours(http_, http_specs(server_, "/health"), true, kept), raw(Work::kept, kept), {});
        race_of(report, "TCP probe", 1.25, ours(tcp_, tcp_specs(server_), false, fresh),
                raw(Work::connect, fresh), asked("tcp_connect", "", "", fresh));
    }

private:
    /// Ours beside the floor and, where there is one, the peer.
    void race_of(Report& report, std::string const& name, double budget, Contender probing,
                 Contender floor, std::optional<Contender> peer) const {
        if (!request_.wants(name)) {
            return;
        }
        std::vector<Contender> contenders{std::move(probing), std::move(floor)};
        if (peer) {
            contenders.push_back(std::move(*peer));
        }
        race(contenders, request_.count("rounds"));
        report.add(cpu_row(name, contenders[0], contenders[1], ratio_at_most(budget)));
        if (peer) {
            report.add(cpu_row(name + ", blackbox_exporter", contenders[0], contenders[2],
                               ratio_at_most(1)));
        }
    }

    [[nodiscard]] Contender raw(RawClient::Work work, std::size_t probes) const {
        auto client = std::make_shared<RawClient>(server_.hosts(), server_.port(), "/text", work);
        return {"raw epoll client", [client, probes] { client->run(probes); },
                cpu_seconds_of_thread, static_cast<double>(probes)};
    }

    [[nodiscard]] Contender ours(Prober& prober, std::vector<ProbeSpec> const& specs, bool reuse,
                                 std::size_t probes) {
        auto client = std::make_shared<ProbingClient>(loop_, prober, specs, reuse);
        return {"prober", [client, probes] { client->run(probes); }, cpu_seconds_of_thread,
                static_cast<double>(probes)};
    }

    /// The exporter's own CPU; it is a tenth as many, it takes its time.
    [[nodiscard]] Contender asked(std::string const& module, std::string const& scheme,
                                  std::string const& path, std::size_t probes) const {
        auto const count = std::max<std::size_t>(probes / 10, 1);
        std::vector<std::string> targets;
        for (auto const& host : server_.hosts()) {
            targets.push_back(fmt::format("{}{}:{}{}", scheme, host, server_.port(), path));
        }
        auto exporter = std::make_shared<Blackbox>(module, targets);
        return {"blackbox_exporter", [exporter, count] { exporter->probe(count); },
                [exporter] { return exporter->cpu_seconds(); }, static_cast<double>(count)};
    }

    Request const& request_;
    ServerProcess server_;
    Loop loop_;
    SystemClock clock_;
    DnsResolver resolver_;
    HttpClient client_;
    HttpProber http_;
    TcpProber tcp_;
};

}  // namespace
}  // namespace muster::bench

int main(int count, char** arguments) {
    using namespace muster::bench;
    return run_program(count, arguments,
                       {{"rounds", 7}, {"targets", 32}, {"fresh", 2'000}, {"kept", 10'000}},
                       [](Request const& request, Report& report) { Bench(request).run(report); });
}
