#include <muster/recording/record_buffer.hpp>

#include <utility>

#include <muster/recording/journal_record.hpp>
#include <muster/recording/shrinking.hpp>

namespace muster {
namespace {

constexpr std::size_t kPieceBytes = std::size_t{1} << 20;

}  // namespace

void RecordBuffer::start(std::uint64_t epoch, std::uint64_t last_seq) noexcept {
    epoch_ = epoch;
    last_ = last_seq;
    written_ = last_seq;
}

Position RecordBuffer::add(RecordBody const& body) {
    if (has_room_for(body)) {
        append_frame(frames_, {epoch_, ++last_}, body);
        return last();
    }
    if (!lost_any()) {
        lost_.behind = last_;
    }
    ++(is_routine(kind_of(body)) ? lost_.results : lost_.others);
    ++lost_ever_;
    return last();
}

bool RecordBuffer::has_room_for(RecordBody const& body) const noexcept {
    return waiting() < limit_ + (is_routine(kind_of(body)) ? 0 : limit_ / 4);
}

std::optional<RecordBuffer::Piece> RecordBuffer::next() const {
    auto const left = ByteView(frames_).subspan(head_);
    if (left.empty()) {
        return std::nullopt;
    }
    if (left.size() <= kPieceBytes) {
        return Piece{left, last()};
    }
    std::size_t size = 0;
    auto seq = written_;
    while (size < left.size() && size < kPieceBytes) {
        size += frame_size(left.subspan(size));
        ++seq;
    }
    return Piece{left.first(size), {epoch_, seq}};
}

void RecordBuffer::written(Piece const& piece) noexcept {
    head_ += piece.frames.size();
    written_ = piece.last.seq;
}

void RecordBuffer::tidy() {
    if (waiting() > 0) {
        frames_.erase(frames_.begin(), frames_.begin() + static_cast<std::ptrdiff_t>(head_));
    } else if (frames_.capacity() > 2 * kPieceBytes) {
        Bytes().swap(frames_);
    } else {
        frames_.clear();
    }
    head_ = 0;
}

Gap RecordBuffer::add_gap(std::string const& why, WallTime now) {
    auto const lost = std::exchange(lost_, {});
    Gap gap;
    gap.from = lost.behind;
    gap.to = last_ + 1;
    gap.follower = "journal";
    gap.why = std::to_string(lost.results) + " results and metrics and " +
              std::to_string(lost.others) + " other records could not be written: " + why;
    gap.at = now;
    append_frame(frames_, {epoch_, ++last_}, gap);
    return gap;
}

}  // namespace muster
