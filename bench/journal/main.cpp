// What recording costs: one check result as a frame, a batch of them in the file journal beside a
// bare write() of the same bytes, and the checkpoint of a hub with 100,000 services.

#include <cstdint>
#include <filesystem>
#include <string>

#include <benchmark/benchmark.h>

#include <fcntl.h>
#include <unistd.h>

#include <muster/journal/file_journal.hpp>
#include <muster/recording/checkpoint.hpp>
#include <muster/recording/journal_record.hpp>
#include <muster/testing/journal_samples.hpp>
#include <muster/testing/temporary_folder.hpp>

namespace muster {
namespace {

void append_result(benchmark::State& state) {
    auto const result = testing::passing_result(54'321);
    Bytes buffer;
    std::uint64_t seq = 1'000'000;
    std::uint64_t bytes = 0;
    for (auto _ : state) {
        if (buffer.size() > 1'000'000) {
            bytes += buffer.size();
            buffer.clear();
        }
        append_frame(buffer, {1'700'000'000, ++seq}, result);
    }
    bytes += buffer.size();
    state.SetItemsProcessed(state.iterations());
    state.counters["bytes_a_record"] =
        static_cast<double>(bytes) / static_cast<double>(state.iterations());
}
BENCHMARK(append_result);

void decode_results(benchmark::State& state) {
    auto const frames = testing::frames_of(1'000'000, 1'001'000, 1'700'000'000);
    for (auto _ : state) {
        benchmark::DoNotOptimize(decode_frames(frames));
    }
    state.SetItemsProcessed(1000 * state.iterations());
}
BENCHMARK(decode_results);

/// The floor of write_batches: the same bytes into one file.
void bare_write(benchmark::State& state) {
    testing::TemporaryFolder const folder;
    auto const batch = static_cast<std::uint64_t>(state.range(0));
    auto const frames = testing::frames_of(0, batch);
    int const file = ::open((folder / "file").c_str(), O_CREAT | O_WRONLY | O_CLOEXEC, 0600);
    off_t at = 0;
    for (auto _ : state) {
        if (::pwrite(file, frames.data(), frames.size(), at) < 0) {
            state.SkipWithError("cannot write");
        }
        at = (at + static_cast<off_t>(frames.size())) % (64 << 20);
    }
    ::close(file);
    state.SetItemsProcessed(static_cast<std::int64_t>(batch) * state.iterations());
}
BENCHMARK(bare_write)->Arg(100)->Arg(1000);

/// Encoding, one write() a batch, a sync every 50 batches not counted.
void write_batches(benchmark::State& state) {
    testing::TemporaryFolder const folder;
    FileJournal::Options options;
    options.folder = folder.path() / "journal";
    options.keep_bytes = 0;
    options.keep_age = Millis(0);
    auto const journal = FileJournal::open(options, testing::kSampleTime);
    if (!journal) {
        state.SkipWithError(journal.error().message.c_str());
        return;
    }
    auto const batch = static_cast<std::uint64_t>(state.range(0));
    auto const result = testing::passing_result(54'321);
    std::uint64_t seq = 0;
    std::uint64_t batches = 0;
    Bytes buffer;
    for (auto _ : state) {
        buffer.clear();
        for (auto const last = seq + batch; seq < last;) {
            append_frame(buffer, {1'700'000'000, ++seq}, result);
        }
        auto written = (*journal)->write(buffer, {1'700'000'000, seq}, testing::kSampleTime);
        if (!written) {
            state.SkipWithError(written.error().message.c_str());
        }
        if (++batches % 50 == 0) {
            state.PauseTiming();
            static_cast<void>(testing::sync_now(**journal));
            static_cast<void>((*journal)->trim(seq, testing::kSampleTime));
            state.ResumeTiming();
        }
    }
    state.SetItemsProcessed(static_cast<std::int64_t>(batch) * state.iterations());
}
BENCHMARK(write_batches)->Arg(100)->Arg(1000);

Checkpoint large_checkpoint() {
    Checkpoint checkpoint;
    checkpoint.hub_id = "hub-main";
    auto const spec = project_of("shop", *parse_url("http://127.0.0.1:3010")).services.front();
    Tracker tracker;
    for (int half_hour = 0; half_hour < 48; ++half_hour) {
        // Not a whole bucket each: the worst that is common.
        tracker.availability.observe(testing::kSampleTime + half_hour * 30min, Observed::not_down,
                                     29min);
    }
    for (std::int64_t id = 1; id <= 100'000; ++id) {
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
    state.counters["bytes_a_service"] = static_cast<double>(bytes) / 100'000;
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

BENCHMARK_MAIN();
