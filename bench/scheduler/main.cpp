// What a check costs without its I/O: scheduled, judged, framed for the journal. Beside it, in the
// same run, the floor: a binary heap of the same size and the checksum of a record, nothing else.
// Also what a service costs in memory: registry, fleet and live picture.
//
//   bench_scheduler [--checks N] [--rounds N] [--json FILE]

#include <algorithm>
#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <fstream>
#include <functional>
#include <memory>
#include <queue>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include <fmt/core.h>
#include <malloc.h>
#include <sys/resource.h>

#include <muster/base/crc32c.hpp>
#include <muster/base/hash.hpp>
#include <muster/domain/tracker.hpp>
#include <muster/monitoring/fleet_view.hpp>
#include <muster/monitoring/phase.hpp>
#include <muster/monitoring/scheduler.hpp>
#include <muster/recording/journal_record.hpp>
#include <muster/registry/plan.hpp>
#include <muster/registry/registry.hpp>

namespace {

using namespace muster;

constexpr Millis kInterval{10'000};
constexpr WallTime kStart{Millis(1'700'000'000'000)};

struct Options {
    std::size_t checks{2'000'000};
    int rounds{5};
    std::string json;
};

struct Row {
    std::string name;
    std::vector<double> nanos;
};

double cpu_seconds() {
    rusage usage{};
    getrusage(RUSAGE_SELF, &usage);
    auto const seconds = [](timeval time) {
        return static_cast<double>(time.tv_sec) + static_cast<double>(time.tv_usec) * 1e-6;
    };
    return seconds(usage.ru_utime) + seconds(usage.ru_stime);
}

double median(std::vector<double> values) {
    std::sort(values.begin(), values.end());
    return values[values.size() / 2];
}

/// Checks of a fleet of `services` in simulated time, most of them passing.
class OurWork {
public:
    explicit OurWork(std::size_t services) : scheduler_({.in_flight = 1'000'000}) {
        for (std::size_t index = 0; index < services; ++index) {
            auto const identity = stable_hash("service-" + std::to_string(index));
            identities_.push_back(identity);
            scheduler_.add(static_cast<Scheduler::Entry>(index), Scheduler::kNoHost,
                           next_in_phase(SteadyTime{}, kInterval, identity));
        }
        trackers_.resize(services);
        policy_.interval = kInterval;
    }

    void run(std::size_t checks) {
        while (checks > 0) {
            auto const wake = *scheduler_.next_wake();
            starts_.clear();
            scheduler_.take_due(wake + 1ms, starts_);
            for (auto const& start : starts_) {
                check(start.entry, wake);
            }
            checks -= std::min(checks, starts_.size());
            buffer_.clear();
        }
    }

private:
    void check(Scheduler::Entry entry, SteadyTime now) {
        Outcome outcome;
        outcome.verdict = ++count_ % 97 == 0 ? Verdict::failed : Verdict::passed;
        outcome.response_time = Micros(1234);
        outcome.http_status = 200;
        outcome.phases.connect = Micros(80);
        outcome.phases.first_byte = Micros(900);
        if (outcome.verdict == Verdict::failed) {
            outcome.error = "refused";
        }
        auto const wall = kStart + std::chrono::floor<Millis>(now.time_since_epoch());
        auto const judged = judge(trackers_[entry], ServiceId{entry + 1}, policy_,
                                  std::move(outcome), wall, wall + 2ms);
        append_frame(buffer_, {1, ++seq_}, judged.result);
        auto const next = judged.retry_in ? now + *judged.retry_in
                                          : next_in_phase(now + 2ms, kInterval, identities_[entry]);
        scheduler_.finished(entry, next);
    }

    Scheduler scheduler_;
    HealthPolicy policy_;
    std::vector<std::uint64_t> identities_;
    std::vector<Tracker> trackers_;
    std::vector<Scheduler::Start> starts_;
    Bytes buffer_;
    std::uint64_t seq_{0};
    std::uint64_t count_{0};
};

/// No fleet can do with less: the next of N due times, and the checksum of a record.
class Floor {
public:
    explicit Floor(std::size_t services) : record_(64) {
        for (std::size_t index = 0; index < services; ++index) {
            heap_.emplace(
                static_cast<std::int64_t>(stable_hash(std::to_string(index)) % 10'000'000),
                static_cast<std::uint32_t>(index));
        }
    }

    void run(std::size_t checks) {
        for (; checks > 0; --checks) {
            auto const [due, entry] = heap_.top();
            heap_.pop();
            record_[checks % record_.size()] = static_cast<std::byte>(entry);
            sum_ += crc32c(record_);
            heap_.emplace(due + 10'000'000, entry);
        }
    }

    [[nodiscard]] std::uint32_t sum() const { return sum_; }

private:
    using Due = std::pair<std::int64_t, std::uint32_t>;
    std::priority_queue<Due, std::vector<Due>, std::greater<>> heap_;
    Bytes record_;
    std::uint32_t sum_{0};
};

std::vector<Row> time_checks(Options const& options) {
    std::vector<Row> rows;
    for (std::size_t const services : {std::size_t{10'000}, std::size_t{100'000}}) {
        OurWork ours(services);
        Floor floor(services);
        Row our_row{fmt::format("scheduler + step + record, {} services", services), {}};
        Row floor_row{fmt::format("floor: heap + checksum, {} services", services), {}};
        auto const measure = [&](Row& row, auto& work, bool counts) {
            auto const before = cpu_seconds();
            work.run(options.checks);
            auto const nanos = (cpu_seconds() - before) * 1e9;
            if (counts) {
                row.nanos.push_back(nanos / static_cast<double>(options.checks));
            }
        };
        for (int round = 0; round <= options.rounds; ++round) {  // the first one warms up
            measure(floor_row, floor, round > 0);
            measure(our_row, ours, round > 0);
        }
        if (floor.sum() == 0) {
            std::puts("");  // the sum is used: nothing is optimised away
        }
        rows.push_back(std::move(floor_row));
        rows.push_back(std::move(our_row));
    }
    return rows;
}

/// Heap bytes a service takes in registry, trackers and live picture.
double bytes_a_service() {
    constexpr std::size_t kServices = 20'000;
    auto const before = mallinfo2().uordblks;
    Registry registry;
    FleetView view;
    std::vector<std::unique_ptr<std::pair<SharedService, Tracker>>> fleet;
    std::vector<ProjectSpec> wanted;
    for (std::size_t index = 0; index < kServices; ++index) {
        auto const url = parse_url("http://service-" + std::to_string(index) + ".example:8080");
        wanted.push_back(project_of("project-" + std::to_string(index), *url));
    }
    {
        auto const plan = plan_configuration(registry, std::exchange(wanted, {}), {}, kStart);
        for (auto const& change : plan->records) {
            registry.apply(change);
        }
    }
    for (auto const& [id, project] : registry.projects()) {
        view.set_project(*project);
    }
    for (auto const& [id, service] : registry.services()) {
        fleet.push_back(std::make_unique<std::pair<SharedService, Tracker>>(service, Tracker{}));
        view.set_service(*service, fleet.back()->second, kStart);
    }
    (void)view.take(1, 1);
    return static_cast<double>(mallinfo2().uordblks - before) / kServices;
}

void print(std::vector<Row> const& rows, double bytes) {
    fmt::print("CPU without I/O, nanoseconds a check (user + system)\n\n");
    fmt::print("{:<46} {:>8} {:>8} {:>8}   {:>6}\n", "", "median", "min", "max", "ratio");
    for (std::size_t index = 0; index < rows.size(); ++index) {
        auto const& row = rows[index];
        auto const [low, high] = std::minmax_element(row.nanos.begin(), row.nanos.end());
        fmt::print("{:<46} {:>8.0f} {:>8.0f} {:>8.0f}", row.name, median(row.nanos), *low, *high);
        if (index % 2 == 1) {
            fmt::print("   {:>6.2f}", median(row.nanos) / median(rows[index - 1].nanos));
        }
        fmt::print("\n");
    }
    fmt::print(
        "\nmemory of a project with one service (registry, tracker, picture): {:.0f} bytes\n",
        bytes);
}

void write_json(std::vector<Row> const& rows, double bytes, std::string const& path) {
    std::ofstream file(path);
    file << R"({"bench":"scheduler","unit":"ns cpu per check","bytesPerService":)"
         << fmt::format("{:.0f}", bytes) << R"(,"results":[)";
    for (std::size_t index = 0; index < rows.size(); ++index) {
        file << (index == 0 ? "" : ",")
             << fmt::format(R"({{"name":"{}","median":{:.1f}}})", rows[index].name,
                            median(rows[index].nanos));
    }
    file << "]}\n";
}

Options read_options(int argc, char** argv) {
    Options options;
    for (int index = 1; index + 1 < argc; index += 2) {
        std::string_view const name(argv[index]);
        if (name == "--checks") {
            options.checks = std::strtoull(argv[index + 1], nullptr, 10);
        } else if (name == "--rounds") {
            options.rounds = std::atoi(argv[index + 1]);
        } else if (name == "--json") {
            options.json = argv[index + 1];
        }
    }
    return options;
}

}  // namespace

int main(int argc, char** argv) {
    auto const options = read_options(argc, argv);
    auto const bytes = bytes_a_service();
    auto const rows = time_checks(options);
    print(rows, bytes);
    if (!options.json.empty()) {
        write_json(rows, bytes, options.json);
    }
    return 0;
}
