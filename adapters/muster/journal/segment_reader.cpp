#include <muster/journal/segment_reader.hpp>

#include <algorithm>
#include <string>
#include <utility>

#include <fcntl.h>

#include <muster/journal/posix_file.hpp>
#include <muster/recording/shrinking.hpp>

namespace muster {
namespace {

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
            find_place(open_->file, segment.path, segment.name.first_seq, segment.bytes, seq);
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
        find_place(open_->file, segment.path, segment.name.first_seq, segment.bytes, seq);
    if (!place) {
        return tl::unexpected(place.error());
    }
    if (!*place || (*place)->seq != seq) {
        return damaged(segment, {seq, *place ? (*place)->offset : segment.bytes});
    }
    open_->next = **place;
    return {};
}

Result<JournalChunk> SegmentReader::read_here(SegmentIndex::Location const& location,
                                              std::uint64_t through, std::size_t max_bytes) {
    auto const& [segment, seq, last_seq] = location;
    auto const last = std::min(through, last_seq);
    SegmentWalker walker(open_->file, segment.path, open_->next.offset, segment.bytes);
    JournalChunk chunk;
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
        expected = told + 1;
        open_->next = {expected, walker.offset(), expected};
    }
    return chunk;
}

}  // namespace muster
