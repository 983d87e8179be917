#pragma once

#include <cstdint>
#include <string_view>

#include <muster/base/bytes.hpp>
#include <muster/domain/record.hpp>
#include <muster/recording/journal_record.hpp>

/// What gives way when a journal reaches its byte limit, and what then stands in its place: a run
/// of records that gave way leaves one Gap record, which bears the number of the last of them. So
/// every number of a shrunken journal is still told of, by its record or by such a stand-in.
namespace muster {

/// `Gap::follower` of a stand-in.
inline constexpr std::string_view kGaveWay = "limit";

/// What the next check tells again; the rest is told only once and gives way last.
[[nodiscard]] constexpr bool is_routine(RecordKind kind) noexcept {
    return kind == RecordKind::check_result || kind == RecordKind::project_metrics;
}

[[nodiscard]] bool is_stand_in(Record const& record) noexcept;

/// The first number that a frame tells of: its own, or of a stand-in where the records begin that
/// it stands for.
[[nodiscard]] std::uint64_t first_told(FrameView const& frame);

/// Rewrites a run of frames to what is told only once, with stand-ins. The positions of what
/// remains stay. Rewriting it again changes nothing.
class Shrinking {
public:
    /// `first_seq`: where the run begins.
    explicit Shrinking(std::uint64_t first_seq) noexcept : next_(first_seq) {}

    /// The next frame that can be read, with its bytes; numbers left out before it are damage.
    void take(FrameView const& frame, ByteView bytes);

    /// The run ends with `last_seq`.
    void finish(std::uint64_t last_seq);

    [[nodiscard]] Bytes const& frames() const noexcept { return frames_; }
    [[nodiscard]] std::uint64_t given_up() const noexcept { return given_up_; }  ///< Records.

private:
    void leave_out(std::uint64_t from, std::uint64_t to) noexcept;
    void stand_in(std::uint64_t to);

    Bytes frames_;
    Bytes newest_;                // the newest frame: it tells how far time had come
    std::uint64_t next_;          // the first number not yet told of
    std::uint64_t epoch_{0};      // of the newest frame
    std::uint64_t hole_from_{0};  // 0: no record was left out since the last that was kept
    std::uint64_t routine_{0};    // in the hole
    std::uint64_t damaged_{0};
    std::uint64_t given_up_{0};
};

}  // namespace muster
