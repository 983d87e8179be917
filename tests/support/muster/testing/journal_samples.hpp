#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include <muster/base/bytes.hpp>
#include <muster/domain/record.hpp>
#include <muster/ports/journal.hpp>
#include <muster/recording/journal_record.hpp>

namespace muster::testing {

inline WallTime const kSampleTime{Millis(1'700'000'000'000)};

/// What a healthy HTTP service gives every interval.
inline CheckResult passing_result(std::int64_t service = 1, WallTime at = kSampleTime) {
    CheckResult result;
    result.service.value = service;
    result.started_at = at;
    result.accepted_at = at + 12ms;
    result.outcome.verdict = Verdict::passed;
    result.outcome.http_status = 200;
    result.outcome.response_time = Micros(11'873);
    result.outcome.phases.connect = Micros(312);
    result.outcome.phases.first_byte = Micros(11'204);
    result.outcome.phases.transfer = Micros(57);
    result.after = {HealthStatus::up, 0, 1'234};
    result.uptime_percent = 100;
    return result;
}

inline CheckResult failing_result(std::int64_t service = 1, WallTime at = kSampleTime) {
    auto result = passing_result(service, at);
    result.outcome = {};
    result.outcome.verdict = Verdict::failed;
    result.outcome.response_time = Micros(441);
    result.outcome.error = "connection refused";
    result.after = {HealthStatus::down, 7, 0};
    result.uptime_percent = 99.25;
    return result;
}

inline Transition sample_transition(WallTime at = kSampleTime) {
    Transition transition;
    transition.service.value = 1;
    transition.project = "shop";
    transition.name = "app";
    transition.from = HealthStatus::up;
    transition.to = HealthStatus::down;
    transition.at = at;
    transition.reason.cause = Cause::failures;
    transition.reason.count = 4;
    transition.reason.threshold = 4;
    transition.reason.error = "connection refused";
    transition.reason.deciding = {{at - 7s, 3ms, "timed out"}, {at, 1ms, "connection refused"}};
    return transition;
}

/// Frames of check results numbered (after, through].
inline Bytes frames_of(std::uint64_t after, std::uint64_t through, std::uint64_t epoch = 1,
                       WallTime at = kSampleTime) {
    Bytes frames;
    for (auto seq = after + 1; seq <= through; ++seq) {
        append_frame(frames, {epoch, seq}, passing_result(static_cast<std::int64_t>(seq), at));
    }
    return frames;
}

/// Writes check results (last, through] with one write().
inline Result<void> write_through(Journal& journal, std::uint64_t through, std::uint64_t epoch = 1,
                                  WallTime at = kSampleTime) {
    auto const frames = frames_of(journal.state().last_seq, through, epoch, at);
    return journal.write(frames, {epoch, through}, at);
}

/// What a recorder does at its next sync.
inline Result<void> sync_now(Journal& journal) {
    return journal.synced(journal.sync_job()());
}

inline std::vector<std::uint64_t> seqs_of(ByteView frames) {
    std::vector<std::uint64_t> seqs;
    FrameScanner scanner(frames);
    while (scanner.next() == FrameScanner::Found::frame) {
        seqs.push_back(scanner.frame().position.seq);
    }
    return seqs;
}

}  // namespace muster::testing
