// Sketches of response times.

#include <cstdint>

#include <benchmark/benchmark.h>

#include <muster/stats/sketch.hpp>

namespace muster {
namespace {

/// Between 1 and 40 ms, as a service answers.
class ResponseTimes {
public:
    Micros next() {
        random_ = random_ * 6364136223846793005ULL + 1442695040888963407ULL;
        return Micros(1'000 + static_cast<std::int64_t>((random_ >> 33U) % 39'000));
    }

private:
    std::uint64_t random_{42};
};

Sketch sketch_of(int durations) {
    ResponseTimes times;
    Sketch sketch;
    for (int index = 0; index < durations; ++index) {
        sketch.record(times.next());
    }
    return sketch;
}

void record_duration(benchmark::State& state) {
    ResponseTimes times;
    Sketch sketch;
    for (auto _ : state) {
        sketch.record(times.next());
    }
    benchmark::DoNotOptimize(sketch);
}
BENCHMARK(record_duration);

/// A minute of checks into the hour.
void merge_sketches(benchmark::State& state) {
    auto const minute = sketch_of(60);
    auto const hour = sketch_of(3'600);
    for (auto _ : state) {
        auto merged = hour;
        merged.merge(minute);
        benchmark::DoNotOptimize(merged);
    }
}
BENCHMARK(merge_sketches);

void find_quantile(benchmark::State& state) {
    auto const hour = sketch_of(3'600);
    for (auto _ : state) {
        benchmark::DoNotOptimize(hour.quantile(0.99));
    }
}
BENCHMARK(find_quantile);

}  // namespace
}  // namespace muster
