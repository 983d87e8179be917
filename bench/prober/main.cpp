// CPU per probe of the client alone: our probers side by side with a raw epoll client in one run,
// against a tiny server in a process of its own. Rounds are interleaved, so that what disturbs the
// machine disturbs both sides; the ratio is made per round.
//
//   bench_prober [--rounds N] [--targets N] [--fresh N] [--kept N] [--only NAME] [--json FILE]

#include <algorithm>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include <sys/resource.h>

#include <fmt/format.h>

#include <muster/dns/dns_resolver.hpp>
#include <muster/http/http_client.hpp>
#include <muster/http/http_prober.hpp>
#include <muster/runtime/loop.hpp>
#include <muster/runtime/system_clock.hpp>
#include <muster/tcp/tcp_prober.hpp>

#include <support/raw_client.hpp>
#include <support/server.hpp>
#include "probing_client.hpp"

namespace muster::bench {
namespace {

struct Options {
    std::size_t rounds{7};
    std::size_t targets{32};
    std::size_t fresh{2'000};
    std::size_t kept{10'000};
    std::string only;
    std::string json;
};

struct Contender {
    std::string name;
    std::function<void(std::size_t)> run;
    std::size_t probes;
    std::size_t floor;           ///< Index of the contender that this one is measured against.
    double budget;               ///< Highest ratio to it; 0: it is a floor itself.
    std::vector<double> micros;  ///< CPU per probe, a value per round.
};

double cpu_seconds() {
    rusage usage{};
    ::getrusage(RUSAGE_THREAD, &usage);
    auto const seconds = [](timeval const& time) {
        return static_cast<double>(time.tv_sec) + static_cast<double>(time.tv_usec) * 1e-6;
    };
    return seconds(usage.ru_utime) + seconds(usage.ru_stime);
}

double median(std::vector<double> values) {
    std::sort(values.begin(), values.end());
    auto const middle = values.size() / 2;
    return values.size() % 2 == 1 ? values[middle] : (values[middle - 1] + values[middle]) / 2;
}

std::vector<double> ratios(Contender const& contender, Contender const& floor) {
    std::vector<double> result;
    for (std::size_t round = 0; round < contender.micros.size(); ++round) {
        result.push_back(contender.micros[round] / floor.micros[round]);
    }
    return result;
}

bool has_ratio(Contender const& contender, std::vector<Contender> const& contenders) {
    return contender.budget > 0 && !contenders[contender.floor].micros.empty();
}

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
    explicit Bench(Options const& options)
        : server_(options.targets),
          resolver_(loop_, clock_),
          client_(loop_, clock_, resolver_),
          http_(client_),
          tcp_(loop_, clock_, resolver_) {
        using Work = RawClient::Work;
        add_raw("raw fresh", Work::fresh, options.fresh);
        add_raw("raw fresh, writes at once", Work::fresh_lean, options.fresh);
        add_ours("HttpProber fresh", http_, http_specs(server_, "/text"), false, options.fresh, 0,
                 1.25);
        add_raw("raw kept", Work::kept, options.kept);
        add_ours("HttpProber kept", http_, http_specs(server_, "/text"), true, options.kept, 3,
                 1.5);
        add_ours("HttpProber kept, JSON judged", http_, http_specs(server_, "/health"), true,
                 options.kept, 3, 1.5);
        add_raw("raw connect", Work::connect, options.fresh);
        add_ours("TcpProber", tcp_, tcp_specs(server_), false, options.fresh, 6, 1.25);
    }

    void run(Options const& options) {
        for (std::size_t round = 0; round < options.rounds + 1; ++round) {
            for (auto& contender : contenders_) {
                if (contender.name.find(options.only) == std::string::npos) {
                    continue;
                }
                auto const before = cpu_seconds();
                contender.run(contender.probes);
                auto const micros = (cpu_seconds() - before) * 1e6;
                if (round > 0) {  // the first one warms up
                    contender.micros.push_back(micros / static_cast<double>(contender.probes));
                }
            }
        }
    }

    [[nodiscard]] std::vector<Contender> const& contenders() const { return contenders_; }

private:
    void add_raw(std::string name, RawClient::Work work, std::size_t probes) {
        auto client = std::make_shared<RawClient>(server_.hosts(), server_.port(), "/text", work);
        contenders_.push_back({std::move(name),
                               [client](std::size_t count) { client->run(count); },
                               probes,
                               0,
                               0,
                               {}});
    }

    void add_ours(std::string name, Prober& prober, std::vector<ProbeSpec> const& specs, bool reuse,
                  std::size_t probes, std::size_t floor, double budget) {
        auto client = std::make_shared<ProbingClient>(loop_, prober, specs, reuse);
        contenders_.push_back({std::move(name),
                               [client](std::size_t count) { client->run(count); },
                               probes,
                               floor,
                               budget,
                               {}});
    }

    ServerProcess server_;
    Loop loop_;
    SystemClock clock_;
    DnsResolver resolver_;
    HttpClient client_;
    HttpProber http_;
    TcpProber tcp_;
    std::vector<Contender> contenders_;  // last: they hold probes
};

void print_table(std::vector<Contender> const& contenders) {
    fmt::print("CPU of the client alone, microseconds a probe (user + system)\n\n");
    fmt::print("{:<30} {:>8} {:>8} {:>8}   {:>6} {:>6} {:>6}   {:>6}\n", "", "median", "min", "max",
               "ratio", "min", "max", "budget");
    for (auto const& contender : contenders) {
        if (contender.micros.empty()) {
            continue;
        }
        auto const [low, high] =
            std::minmax_element(contender.micros.begin(), contender.micros.end());
        fmt::print("{:<30} {:>8.2f} {:>8.2f} {:>8.2f}", contender.name, median(contender.micros),
                   *low, *high);
        if (has_ratio(contender, contenders)) {
            auto const all = ratios(contender, contenders[contender.floor]);
            auto const [lowest, highest] = std::minmax_element(all.begin(), all.end());
            fmt::print("   {:>6.2f} {:>6.2f} {:>6.2f}   {:>6.2f}", median(all), *lowest, *highest,
                       contender.budget);
        }
        fmt::print("\n");
    }
}

bool write_json(std::vector<Contender> const& contenders, std::string const& path) {
    std::string text = "{\"bench\":\"prober\",\"unit\":\"us cpu per probe\",\"results\":[";
    for (auto const& contender : contenders) {
        if (contender.micros.empty()) {
            continue;
        }
        auto const [low, high] =
            std::minmax_element(contender.micros.begin(), contender.micros.end());
        text += fmt::format(
            R"({}{{"name":"{}","probes":{},"rounds":{},"median":{:.3f},"min":{:.3f},"max":{:.3f})",
            text.back() == '[' ? "" : ",", contender.name, contender.probes,
            contender.micros.size(), median(contender.micros), *low, *high);
        if (has_ratio(contender, contenders)) {
            auto const& floor = contenders[contender.floor];
            text += fmt::format(R"(,"floor":"{}","ratio":{:.3f},"budget":{:.2f})", floor.name,
                                median(ratios(contender, floor)), contender.budget);
        }
        text += "}";
    }
    text += "]}\n";
    std::unique_ptr<FILE, int (*)(FILE*)> const file(std::fopen(path.c_str(), "w"), &std::fclose);
    return file && std::fputs(text.c_str(), file.get()) >= 0;
}

/// Nothing: there is an option that does not exist.
std::optional<Options> parse_options(int count, char** arguments) {
    Options options;
    for (int index = 1; index + 1 < count; index += 2) {
        std::string_view const name = arguments[index];
        char const* const value = arguments[index + 1];
        auto const number = static_cast<std::size_t>(std::strtoul(value, nullptr, 10));
        if (name == "--rounds") {
            options.rounds = std::max<std::size_t>(number, 1);
        } else if (name == "--targets") {
            options.targets = std::clamp<std::size_t>(number, 1, 250);
        } else if (name == "--fresh") {
            options.fresh = std::max<std::size_t>(number, 1);
        } else if (name == "--kept") {
            options.kept = std::max<std::size_t>(number, 1);
        } else if (name == "--only") {
            options.only = value;
        } else if (name == "--json") {
            options.json = value;
        } else {
            fmt::print(stderr, "unknown option {}\n", name);
            return std::nullopt;
        }
    }
    return options;
}

}  // namespace
}  // namespace muster::bench

int main(int count, char** arguments) {
    using namespace muster::bench;
    auto const options = parse_options(count, arguments);
    if (!options) {
        return 2;
    }
    Bench bench(*options);
    bench.run(*options);
    print_table(bench.contenders());
    if (!options->json.empty() && !write_json(bench.contenders(), options->json)) {
        fmt::print(stderr, "cannot write {}\n", options->json);
        return 1;
    }
    return 0;
}
