// The heart of a check: which service is due, and what its outcome makes of it.

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <string>
#include <utility>
#include <vector>

#include <benchmark/benchmark.h>

#include <muster/base/hash.hpp>
#include <muster/domain/tracker.hpp>
#include <muster/monitoring/phase.hpp>
#include <muster/monitoring/scheduler.hpp>
#include <muster/testing/journal_samples.hpp>

namespace muster {
namespace {

constexpr Millis kInterval{10'000};

/// `failing`: every so many outcomes one that failed; 0: none.
void judge_outcomes(benchmark::State& state, std::int64_t failing) {
    Tracker tracker;
    HealthPolicy policy;
    policy.interval = kInterval;
    auto at = testing::kSampleTime;
    std::int64_t count = 0;
    for (auto _ : state) {
        bool const fails = failing > 0 && ++count % failing == 0;
        auto outcome =
            fails ? testing::failing_result().outcome : testing::passing_result().outcome;
        at += kInterval;
        benchmark::DoNotOptimize(
            judge(tracker, ServiceId{1}, policy, std::move(outcome), at, at + 2ms));
    }
}
BENCHMARK_CAPTURE(judge_outcomes, passing, 0);
BENCHMARK_CAPTURE(judge_outcomes, changing, 5);

/// One check an iteration: it is due, and gets its next time.
void schedule_checks(benchmark::State& state) {
    auto const services = static_cast<std::size_t>(state.range(0));
    Scheduler scheduler({.in_flight = 1'000'000});
    std::vector<std::uint64_t> identities;
    for (std::size_t index = 0; index < services; ++index) {
        identities.push_back(stable_hash("service-" + std::to_string(index)));
        scheduler.add(static_cast<Scheduler::Entry>(index), Scheduler::kNoHost,
                      next_in_phase(SteadyTime{}, kInterval, identities.back()));
    }
    std::vector<Scheduler::Start> starts;
    SteadyTime now{};
    for (auto _ : state) {
        if (starts.empty()) {
            now = *scheduler.next_wake() + 1ms;
            scheduler.take_due(now, starts);
        }
        auto const entry = starts.back().entry;
        starts.pop_back();
        scheduler.finished(entry, next_in_phase(now + 1ms, kInterval, identities[entry]));
    }
}
BENCHMARK(schedule_checks)->Arg(10'000)->Arg(100'000);

}  // namespace
}  // namespace muster
