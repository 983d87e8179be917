#include <muster/recording/shrinking.hpp>

#include <algorithm>
#include <string>
#include <utility>
#include <variant>

namespace muster {
namespace {

bool stands_in(Gap const& gap, std::uint64_t seq) noexcept {
    return gap.follower == kGaveWay && gap.to == seq && gap.from > 0 && gap.from <= gap.to;
}

std::string why(std::uint64_t routine, std::uint64_t damaged) {
    std::string text;
    if (routine > 0) {
        text = std::to_string(routine) + " results and metrics gave way at the journal's limit";
    }
    if (damaged > 0) {
        text += (text.empty() ? "" : ", ") + std::to_string(damaged) + " records were damaged";
    }
    return text;
}

}  // namespace

bool is_stand_in(Record const& record) noexcept {
    auto const* gap = std::get_if<Gap>(&record.body);
    return gap != nullptr && stands_in(*gap, record.position.seq);
}

std::uint64_t first_told(FrameView const& frame) {
    auto const seq = frame.position.seq;
    if (frame.kind != static_cast<std::uint8_t>(RecordKind::gap)) {
        return seq;
    }
    auto const record = decode_frame(frame);
    auto const* gap = record ? std::get_if<Gap>(&record->body) : nullptr;
    return gap != nullptr && stands_in(*gap, seq) ? gap->from : seq;
}

void Shrinking::take(FrameView const& frame, ByteView bytes) {
    auto const from = first_told(frame);
    auto const seq = frame.position.seq;
    if (newest_.empty()) {
        newest_.assign(bytes.begin(), bytes.end());
    }
    if (from > next_) {
        damaged_ += from - next_;
        leave_out(next_, from - 1);
    }
    // A hole ends in the epoch of its own last record, not in that of what comes behind it; where
    // nothing of it can be read, that is the nearest that is known.
    epoch_ = epoch_ == 0 ? frame.position.epoch : epoch_;
    if (is_routine(static_cast<RecordKind>(frame.kind))) {
        ++routine_;
        leave_out(seq, seq);
    } else {
        stand_in(std::max(from, next_) - 1);
        frames_.insert(frames_.end(), bytes.begin(), bytes.end());
    }
    epoch_ = frame.position.epoch;
    newest_.assign(bytes.begin(), bytes.end());
    next_ = seq + 1;
}

void Shrinking::finish(std::uint64_t last_seq) {
    if (last_seq >= next_) {
        damaged_ += last_seq - next_ + 1;
        leave_out(next_, last_seq);
        next_ = last_seq + 1;
    }
    stand_in(last_seq);
}

void Shrinking::leave_out(std::uint64_t from, std::uint64_t to) noexcept {
    hole_from_ = hole_from_ == 0 ? from : hole_from_;
    given_up_ += to - from + 1;
}

/// Closes the hole, if there is one, which ends with `to`.
void Shrinking::stand_in(std::uint64_t to) {
    if (hole_from_ == 0) {
        return;
    }
    WallTime at{};
    FrameScanner scanner(newest_);
    if (scanner.next() == FrameScanner::Found::frame) {
        if (auto const record = decode_frame(scanner.frame())) {
            at = time_of(record->body);
        }
    }
    append_frame(frames_, {epoch_, to},
                 Gap{std::exchange(hole_from_, 0), to, std::string(kGaveWay),
                     why(std::exchange(routine_, 0), std::exchange(damaged_, 0)), at});
}

}  // namespace muster
