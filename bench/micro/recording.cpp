// Records of the journal and the checkpoint, to bytes and back.

#include <cstddef>
#include <cstdint>
#include <string>

#include <benchmark/benchmark.h>

#include <muster/recording/checkpoint.hpp>
#include <muster/recording/journal_record.hpp>
#include <muster/testing/journal_samples.hpp>

namespace muster {
namespace {

constexpr std::uint64_t kEpoch = 1'700'000'000;

void encode_result(benchmark::State& state) {
    auto const result = testing::passing_result(54'321);
    Bytes buffer;
    std::uint64_t seq = 1'000'000;
    std::uint64_t bytes = 0;
    for (auto _ : state) {
        if (buffer.size() > 1'000'000) {
            bytes += buffer.size();
            buffer.clear();
        }
        append_frame(buffer, {kEpoch, ++seq}, result);
    }
    bytes += buffer.size();
    state.counters["bytes_a_record"] =
        static_cast<double>(bytes) / static_cast<double>(state.iterations());
}
BENCHMARK(encode_result);

void decode_1000_results(benchmark::State& state) {
    auto const frames = testing::frames_of(1'000'000, 1'001'000, kEpoch);
    for (auto _ : state) {
        benchmark::DoNotOptimize(decode_frames(frames));
    }
}
BENCHMARK(decode_1000_results);

Checkpoint large_checkpoint() {
    constexpr std::int64_t kServices = 20'000;
    Checkpoint checkpoint;
    checkpoint.hub_id = "hub-main";
    auto const spec = project_of("shop", *parse_url("http://127.0.0.1:3010")).services.front();
    Tracker tracker;
    for (int half_hour = 0; half_hour < 48; ++half_hour) {
        // Not a whole bucket each: the worst that is common.
        tracker.availability.observe(testing::kSampleTime + half_hour * 30min, Observed::not_down,
                                     29min);
    }
    for (std::int64_t id = 1; id <= kServices; ++id) {
        auto& tracked = checkpoint.services.emplace_back();
        tracked.service.id.value = id;
        tracked.service.spec = spec;
        tracked.service.spec.name = "service-" + std::to_string(id);
        tracked.tracker = tracker;
    }
    return checkpoint;
}

void encode_large_checkpoint(benchmark::State& state) {
    auto const checkpoint = large_checkpoint();
    std::size_t bytes = 0;
    for (auto _ : state) {
        bytes = encode_checkpoint(checkpoint).size();
    }
    state.counters["bytes_a_service"] =
        static_cast<double>(bytes) / static_cast<double>(checkpoint.services.size());
}
BENCHMARK(encode_large_checkpoint)->Unit(benchmark::kMillisecond);

void decode_large_checkpoint(benchmark::State& state) {
    auto const bytes = encode_checkpoint(large_checkpoint());
    for (auto _ : state) {
        benchmark::DoNotOptimize(decode_checkpoint(bytes));
    }
}
BENCHMARK(decode_large_checkpoint)->Unit(benchmark::kMillisecond);

}  // namespace
}  // namespace muster
