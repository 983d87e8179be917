// The whole hub, as users run it: CPU per probe with its schedule, judgement, journal and store
// lane, beside a raw epoll client that makes the same probes in the same run; lateness, memory, and
// how long a start takes that knows its services.
//
//   bench_hub [--seconds N] [--rounds N] [--services N] [--known N] [--json FILE]

#include <algorithm>
#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <exception>
#include <filesystem>
#include <fstream>
#include <stdexcept>
#include <string>
#include <string_view>
#include <thread>
#include <vector>

#include <fmt/format.h>
#include <sys/resource.h>

#include <support/raw_client.hpp>
#include <support/server.hpp>

#include "hub_figures.hpp"
#include "hub_process.hpp"

namespace muster::bench {
namespace {

using SteadyClock = std::chrono::steady_clock;

struct Options {
    int seconds{10};
    int rounds{5};
    std::size_t services{10'000};
    std::size_t known{100'000};
    std::string json;
};

struct Row {
    std::string name;
    std::vector<double> ours;   ///< Microseconds of CPU a probe, by rounds.
    std::vector<double> floor;  ///< The raw client's.
    double budget{0};
    double probes_per_second{0};
    double late_half{0};
    double late_most{0};  ///< The 99th percentile, in seconds.
    double other{0};      ///< Probes that did not pass.
    double bytes_a_service{0};
};

double median(std::vector<double> values) {
    std::sort(values.begin(), values.end());
    return values.empty() ? 0 : values[values.size() / 2];
}

double own_cpu_seconds() {
    rusage usage{};
    ::getrusage(RUSAGE_SELF, &usage);
    auto const seconds = [](timeval const& time) {
        return static_cast<double>(time.tv_sec) + static_cast<double>(time.tv_usec) * 1e-6;
    };
    return seconds(usage.ru_utime) + seconds(usage.ru_stime);
}

/// `count` services over the hosts, a hundred to a project.
std::string fleet_of(std::size_t count, std::vector<std::string> const& hosts, std::uint16_t port,
                     std::string_view interval, std::string_view connection) {
    auto text = fmt::format("defaults: {{ interval: {}, timeout: 900ms, retries: 0 }}\nprojects:\n",
                            interval);
    for (std::size_t index = 0; index < count; ++index) {
        if (index % 100 == 0) {
            text += fmt::format("  - name: p{}\n    services:\n", index / 100);
        }
        text += fmt::format(
            "      - {{ name: s{}, connection: {}, probe: {{ http: \"http://{}:{}/text\" }} }}\n",
            index, connection, hosts[index % hosts.size()], port);
    }
    return text;
}

/// Whether every service has been checked.
void wait_until_all_were_checked(HubProcess const& hub, std::size_t services) {
    for (int left = 600; left > 0; --left) {
        auto const figures = read_figures(hub.get("/metrics"));
        if (figures.passed >= 1.5 * static_cast<double>(services)) {
            return;
        }
        std::this_thread::sleep_for(std::chrono::milliseconds(200));
    }
    throw std::runtime_error("the fleet did not come up");
}

struct Fleet {
    std::string name;
    std::string interval;
    std::string connection;
    RawClient::Work floor;
    double budget;
};

Row measure(Options const& options, std::string const& program, ServerProcess const& server,
            Fleet const& fleet) {
    Row row;
    row.name =
        fmt::format("{}, {} services every {}", fleet.name, options.services, fleet.interval);
    row.budget = fleet.budget;
    HubProcess empty(program, "projects: []\n");
    empty.start();
    auto const without = empty.resident_bytes();
    empty.stop();
    HubProcess hub(program, fleet_of(options.services, server.hosts(), server.port(),
                                     fleet.interval, fleet.connection));
    hub.start();
    wait_until_all_were_checked(hub, options.services);
    auto const first = read_figures(hub.get("/metrics"));
    auto const began = SteadyClock::now();
    RawClient raw(server.hosts(), server.port(), "/text", fleet.floor);
    for (int round = 0; round < options.rounds; ++round) {
        auto const before = read_figures(hub.get("/metrics"));
        auto const cpu = hub.cpu_seconds();
        std::this_thread::sleep_for(std::chrono::seconds(options.seconds));
        auto const used = hub.cpu_seconds() - cpu;
        auto const seen = between(before, read_figures(hub.get("/metrics")));
        row.ours.push_back(used * 1e6 / (seen.passed + seen.other));
        constexpr std::size_t kRaw = 5'000;
        auto const own = own_cpu_seconds();
        raw.run(kRaw);
        row.floor.push_back((own_cpu_seconds() - own) * 1e6 / kRaw);
    }
    auto const all = between(first, read_figures(hub.get("/metrics")));
    auto const elapsed = std::chrono::duration<double>(SteadyClock::now() - began).count();
    row.probes_per_second = (all.passed + all.other) / elapsed;
    row.other = all.other;
    row.late_half = lateness_of(all, 0.5);
    row.late_most = lateness_of(all, 0.99);
    row.bytes_a_service =
        static_cast<double>(hub.resident_bytes() - without) / static_cast<double>(options.services);
    hub.stop();
    return row;
}

struct Start {
    std::size_t services{0};
    std::vector<double> seconds;
};

/// Stopped and started again: to the first whole answer of `/api/projects/status`.
Start measure_start(Options const& options, std::string const& program,
                    ServerProcess const& server) {
    Start start{options.known, {}};
    HubProcess hub(program, fleet_of(options.known, server.hosts(), server.port(), "1h", "fresh"));
    hub.start();
    for (int round = 0; round < options.rounds; ++round) {
        hub.stop();
        auto const began = SteadyClock::now();
        hub.start();
        while (hub.get("/ready").empty() || hub.get("/api/projects/status").empty()) {
            std::this_thread::sleep_for(std::chrono::milliseconds(5));
        }
        start.seconds.push_back(std::chrono::duration<double>(SteadyClock::now() - began).count());
    }
    hub.stop();
    return start;
}

void print(std::vector<Row> const& rows, Start const& start) {
    fmt::print("CPU of the whole hub, microseconds a probe (user + system)\n\n");
    fmt::print("{:<42} {:>7} {:>7} {:>7} {:>7} {:>7} {:>7} {:>8} {:>8} {:>7} {:>9}\n", "", "floor",
               "ours", "ratio", "min", "max", "budget", "probes/s", "p50 late", "p99", "B/service");
    for (auto const& row : rows) {
        std::vector<double> ratios;
        for (std::size_t round = 0; round < row.ours.size(); ++round) {
            ratios.push_back(row.ours[round] / row.floor[round]);
        }
        auto const [low, high] = std::minmax_element(ratios.begin(), ratios.end());
        fmt::print(
            "{:<42} {:>7.1f} {:>7.1f} {:>7.2f} {:>7.2f} {:>7.2f} {:>7.2f} {:>8.0f} {:>6.1f}ms "
            "{:>5.1f}ms {:>9.0f}\n",
            row.name, median(row.floor), median(row.ours), median(ratios), *low, *high, row.budget,
            row.probes_per_second, row.late_half * 1e3, row.late_most * 1e3, row.bytes_a_service);
        if (row.other > 0) {
            fmt::print("  {:.0f} probes of it did not pass\n", row.other);
        }
    }
    auto const [low, high] = std::minmax_element(start.seconds.begin(), start.seconds.end());
    fmt::print(
        "\nstart with {} known services, to a whole answer: {:.2f} s ({:.2f}-{:.2f}), "
        "budget 2 s\n",
        start.services, median(start.seconds), *low, *high);
}

void write_json(std::vector<Row> const& rows, Start const& start, std::string const& path) {
    std::ofstream file(path);
    file << R"({"bench":"hub","unit":"us cpu per probe","results":[)";
    for (auto const& row : rows) {
        file << (&row == rows.data() ? "" : ",")
             << fmt::format(
                    R"({{"name":"{}","median":{:.2f},"floor":{:.2f},"probesPerSecond":{:.0f},)"
                    R"("lateP99Ms":{:.1f},"bytesPerService":{:.0f}}})",
                    row.name, median(row.ours), median(row.floor), row.probes_per_second,
                    row.late_most * 1e3, row.bytes_a_service);
    }
    file << fmt::format(R"(],"startSeconds":{:.3f},"startServices":{}}})", median(start.seconds),
                        start.services)
         << '\n';
}

Options read_options(int argc, char** argv) {
    Options options;
    for (int index = 1; index + 1 < argc; index += 2) {
        std::string_view const name(argv[index]);
        auto const* const value = argv[index + 1];
        if (name == "--seconds") {
            options.seconds = std::atoi(value);
        } else if (name == "--rounds") {
            options.rounds = std::atoi(value);
        } else if (name == "--services") {
            options.services = std::strtoull(value, nullptr, 10);
        } else if (name == "--known") {
            options.known = std::strtoull(value, nullptr, 10);
        } else if (name == "--json") {
            options.json = value;
        }
    }
    return options;
}

int run(Options const& options) {
    auto const program =
        (std::filesystem::read_symlink("/proc/self/exe").parent_path() / "muster-hub").string();
    ServerProcess const server(250);
    std::vector<Row> rows;
    rows.push_back(
        measure(options, program, server, {"kept", "1s", "reuse", RawClient::Work::kept, 3.0}));
    rows.push_back(
        measure(options, program, server, {"fresh", "5s", "fresh", RawClient::Work::fresh, 1.5}));
    auto const start = measure_start(options, program, server);
    print(rows, start);
    if (!options.json.empty()) {
        write_json(rows, start, options.json);
    }
    return 0;
}

}  // namespace
}  // namespace muster::bench

int main(int argc, char** argv) {
    try {
        return muster::bench::run(muster::bench::read_options(argc, argv));
    } catch (std::exception const& error) {
        fmt::print(stderr, "bench_hub: {}\n", error.what());
        return 1;
    }
}
