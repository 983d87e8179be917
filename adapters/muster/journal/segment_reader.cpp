#include <muster/journal/segment_reader.hpp>

#include <algorithm>
#include <iterator>
#include <string>
#include <utility>

#include <fcntl.h>

#include <muster/journal/posix_file.hpp>
#include <muster/recording/shrinking.hpp>

namespace muster {
namespace {

/// A reader that comes again walks at most this far.
constexpr std::uint64_t kMarkEvery = std::uint64_t{64} << 10;
constexpr std::size_t kMarksOfOne = 2'048;  ///< A segment has 64 MiB, and a little more.
constexpr std::size_t kMarkedSegments = 4;

tl::unexpected<Error> damaged(SegmentEntry const& segment, SegmentPlace const& place) {
    return failure(Errc::corrupt, segment.path.filename().string() + " is damaged at offset " +
                                      std::to_string(place.offset) + ": record " +
                                      std::to_string(place.seq) + " cannot be read");
}

bool tells(FrameView const& frame, std::uint64_t seq) {
    auto const last = frame.position.seq;
    return last == seq || (last > seq && first_told(frame) <= seq);
}

}  // namespace

Result<JournalChunk> SegmentReader::read(std::uint64_t after, std::uint64_t through,
                                         std::size_t max_bytes) {
    auto const location = open_segment_of(after, through);
    if (!location) {
        return tl::unexpected(location.error());
    }
    if (!*location) {
        return JournalChunk{};
    }
    if (auto const gone = go_to(**location); !gone) {
        return tl::unexpected(gone.error());
    }
    return read_here(**location, through, max_bytes);
}

Result<std::uint64_t> SegmentReader::next_readable(std::uint64_t after, std::uint64_t through) {
    for (;;) {
        auto const location = open_segment_of(after, through);
        if (!location) {
            return tl::unexpected(location.error());
        }
        if (!*location) {
            return through + 1;
        }
        auto const& [segment, seq, last_seq] = **location;
        auto const place =
            find_place(open_->file, segment.path, beginning_of(segment.name), segment.bytes, seq);
        if (!place) {
            return tl::unexpected(place.error());
        }
        if (*place && (*place)->last <= last_seq) {
            return std::min((*place)->seq, through + 1);
        }
        after = last_seq;
    }
}

/// False: the file is gone.
Result<bool> SegmentReader::open(SegmentEntry const& segment) {
    if (open_ && open_->name == segment.name) {
        return true;
    }
    open_.reset();
    auto file = posix::open(segment.path, O_RDONLY);
    if (!file) {
        if (file.error().code == Errc::not_found) {
            return false;
        }
        return tl::unexpected(std::move(file.error()));
    }
    open_ = Open{segment.name, std::move(*file), {}};
    return true;
}

/// Opens the segment that holds the record behind `after`, or the oldest held one behind that; one
/// that is trimmed meanwhile is looked for again.
Result<std::optional<SegmentIndex::Location>> SegmentReader::open_segment_of(
    std::uint64_t after, std::uint64_t through) {
    std::optional<SegmentName> missing;
    for (;;) {
        auto location = index_->locate(after);
        if (!location || location->seq > through) {
            return std::nullopt;
        }
        auto const opened = open(location->segment);
        if (!opened) {
            return tl::unexpected(opened.error());
        }
        if (*opened) {
            return location;
        }
        if (missing == location->segment.name) {
            return failure(Errc::unavailable,
                           location->segment.path.string() + " was taken away by somebody else");
        }
        missing = location->segment.name;
    }
}

/// Makes `open_->next` the place of the record.
Result<void> SegmentReader::go_to(SegmentIndex::Location const& location) {
    auto const& [segment, seq, last_seq] = location;
    if (open_->next.seq == seq) {
        return {};
    }
    auto const place =
        find_place(open_->file, segment.path, nearest(segment.name, seq), segment.bytes, seq);
    if (!place) {
        return tl::unexpected(place.error());
    }
    if (!*place || (*place)->seq != seq) {
        return damaged(segment, {seq, *place ? (*place)->offset : segment.bytes});
    }
    open_->next = **place;
    return {};
}

/// The last known frame that tells of `seq` or of one before it.
SegmentPlace SegmentReader::nearest(SegmentName name, std::uint64_t seq) const {
    auto const known = marks_.find(name);
    if (known != marks_.end()) {
        auto const behind = known->second.upper_bound(seq);
        if (behind != known->second.begin()) {
            auto const& [told, offset] = *std::prev(behind);
            return {told, offset, told};
        }
    }
    return beginning_of(name);
}

/// Of the open segment: a frame was read there.
void SegmentReader::remember(SegmentPlace const& place) {
    auto const before = nearest(open_->name, place.seq);
    if (place.offset < before.offset + kMarkEvery) {
        return;
    }
    auto& marks = marks_[open_->name];
    if (marks.size() < kMarksOfOne) {
        marks.insert_or_assign(place.seq, place.offset);
    }
    if (marks_.size() > kMarkedSegments) {
        auto const oldest = marks_.begin();
        marks_.erase(oldest->first == open_->name ? std::next(oldest) : oldest);
    }
}

Result<JournalChunk> SegmentReader::read_here(SegmentIndex::Location const& location,
                                              std::uint64_t through, std::size_t max_bytes) {
    auto const& [segment, seq, last_seq] = location;
    auto const last = std::min(through, last_seq);
    SegmentWalker walker(open_->file, segment.path, open_->next.offset, segment.bytes);
    JournalChunk chunk;
    std::uint64_t marked_at = 0;
    for (auto expected = seq; expected <= last;) {
        auto const found = walker.next();
        if (!found) {
            return tl::unexpected(found.error());
        }
        bool const right = *found == FrameScanner::Found::frame && tells(walker.frame(), expected);
        if (!right) {
            if (chunk.first_seq == 0) {
                return damaged(segment, open_->next);
            }
            break;
        }
        auto const frame = walker.frame_bytes();
        auto const told = walker.frame().position.seq;
        bool const too_much = chunk.frames.size() + frame.size() > max_bytes || told > last;
        if (chunk.first_seq != 0 && too_much) {
            break;
        }
        chunk.first_seq = seq;
        chunk.last_seq = told;
        chunk.frames.insert(chunk.frames.end(), frame.begin(), frame.end());
        if (open_->next.offset >= marked_at + kMarkEvery) {
            marked_at = open_->next.offset;
            remember(open_->next);
        }
        expected = told + 1;
        open_->next = {expected, walker.offset(), expected};
    }
    return chunk;
}

}  // namespace muster
