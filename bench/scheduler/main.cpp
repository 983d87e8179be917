// What a check costs without its I/O: scheduled, judged, framed for the journal. Beside it, in the
// same run, the floor: a binary heap of the same size and the checksum of a record, nothing else.
// Also what a service costs in memory: registry, fleet and live picture.
//
//   bench_scheduler [--checks N] [--rounds N] [--only TEXT] [--json FILE]

#include <algorithm>
#include <chrono>
#include <functional>
#include <memory>
#include <queue>
#include <stdexcept>
#include <string>
#include <utility>
#include <vector>

#include <fmt/core.h>
#include <malloc.h>

#include <muster/base/crc32c.hpp>
#include <muster/base/hash.hpp>
#include <muster/domain/tracker.hpp>
#include <muster/monitoring/fleet_view.hpp>
#include <muster/monitoring/phase.hpp>
#include <muster/monitoring/scheduler.hpp>
#include <muster/recording/journal_record.hpp>
#include <muster/registry/plan.hpp>
#include <muster/registry/registry.hpp>

#include <support/cpu_time.hpp>
#include <support/program.hpp>
#include <support/race.hpp>

namespace {

using namespace muster;
using namespace muster::bench;

constexpr Millis kInterval{10'000};
constexpr WallTime kStart{Millis(1'700'000'000'000)};

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

void time_checks(Request const& request, Report& report) {
    auto const checks = request.count("checks");
    for (std::size_t const services : {std::size_t{10'000}, std::size_t{100'000}}) {
        auto const name = fmt::format("scheduler + step + record, {} services", services);
        if (!request.wants(name)) {
            continue;
        }
        OurWork ours(services);
        Floor floor(services);
        auto const operations = static_cast<double>(checks);
        std::vector<Contender> contenders{
            {"heap + checksum", [&] { floor.run(checks); }, cpu_seconds_of_process, operations},
            {"check", [&] { ours.run(checks); }, cpu_seconds_of_process, operations}};
        race(contenders, request.count("rounds"));
        if (floor.sum() == 0) {
            throw std::runtime_error("no checksum");  // it is used: nothing is optimised away
        }
        report.add(cpu_row(name, contenders[1], contenders[0], at_most(1)));
    }
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

void weigh_services(Request const& request, Report& report) {
    Row row{.name = "memory of a service in the core",
            .unit = "bytes",
            .budget = at_most(1'500),
            .note = "a project with one service: registry, tracker, live picture"};
    if (request.wants(row.name)) {
        row.ours.push_back(bytes_a_service());
        report.add(row);
    }
}

}  // namespace

int main(int count, char** arguments) {
    return run_program(count, arguments, {{"checks", 2'000'000}, {"rounds", 5}},
                       [](Request const& request, Report& report) {
                           weigh_services(request, report);
                           time_checks(request, report);
                       });
}
