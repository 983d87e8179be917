#include <muster/journal/segment_index.hpp>

#include <algorithm>
#include <utility>

namespace muster {

std::optional<SegmentIndex::Location> SegmentIndex::locate(std::uint64_t after) const {
    std::scoped_lock const lock(mutex_);
    if (segments_.empty() || after >= last_seq_) {
        return std::nullopt;
    }
    auto const seq = std::max(after + 1, segments_.front().name.first_seq);
    if (seq > last_seq_) {
        return std::nullopt;
    }
    auto const behind = std::upper_bound(segments_.begin(), segments_.end(), seq,
                                         [](std::uint64_t value, SegmentEntry const& entry) {
                                             return value < entry.name.first_seq;
                                         });
    auto const last = behind == segments_.end() ? last_seq_ : behind->name.first_seq - 1;
    return Location{*std::prev(behind), seq, last};
}

std::vector<SegmentEntry> SegmentIndex::segments() const {
    std::scoped_lock const lock(mutex_);
    return segments_;
}

std::uint64_t SegmentIndex::first_seq() const {
    std::scoped_lock const lock(mutex_);
    return segments_.empty() ? last_seq_ + 1 : segments_.front().name.first_seq;
}

std::uint64_t SegmentIndex::last_seq() const {
    std::scoped_lock const lock(mutex_);
    return last_seq_;
}

std::uint64_t SegmentIndex::bytes() const {
    std::scoped_lock const lock(mutex_);
    std::uint64_t sum = 0;
    for (auto const& segment : segments_) {
        sum += segment.bytes;
    }
    return sum;
}

void SegmentIndex::reset(std::vector<SegmentEntry> segments, std::uint64_t last_seq) {
    std::scoped_lock const lock(mutex_);
    segments_ = std::move(segments);
    last_seq_ = last_seq;
}

void SegmentIndex::add(SegmentEntry segment) {
    std::scoped_lock const lock(mutex_);
    segments_.push_back(std::move(segment));
}

void SegmentIndex::drop_oldest() {
    std::scoped_lock const lock(mutex_);
    segments_.erase(segments_.begin());
}

bool SegmentIndex::replace(SegmentName name, SegmentEntry with) {
    std::scoped_lock const lock(mutex_);
    auto const found =
        std::find_if(segments_.begin(), segments_.end(),
                     [name](SegmentEntry const& segment) { return segment.name == name; });
    if (found == segments_.end()) {
        return false;
    }
    *found = std::move(with);
    return true;
}

void SegmentIndex::grow(std::uint64_t bytes, std::uint64_t last_seq) {
    std::scoped_lock const lock(mutex_);
    segments_.back().bytes = bytes;
    last_seq_ = last_seq;
}

}  // namespace muster
