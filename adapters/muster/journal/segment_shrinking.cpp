#include <muster/journal/segment_shrinking.hpp>

#include <array>
#include <cerrno>
#include <utility>

#include <fcntl.h>

#include <muster/journal/journal_opening.hpp>
#include <muster/journal/posix_file.hpp>
#include <muster/journal/segment.hpp>
#include <muster/recording/shrinking.hpp>

namespace muster {
namespace {

/// Takes all frames of the segment that can be read.
Result<void> take_all(FileDescriptor const& file, SegmentEntry const& from, std::uint64_t last_seq,
                      Shrinking& shrinking) {
    SegmentWalker walker(file, from.path, SegmentHeader::kBytes, from.bytes);
    auto next = from.name.first_seq;
    for (;;) {
        auto const found = walker.next();
        if (!found) {
            return tl::unexpected(found.error());
        }
        auto const& frame = walker.frame();
        if (*found == FrameScanner::Found::frame && frame.position.seq <= last_seq) {
            if (frame.position.seq >= next) {
                shrinking.take(frame, walker.frame_bytes());
                next = frame.position.seq + 1;
            }
            continue;
        }
        // What was written again elsewhere may still lie here, and it is the end: looking behind
        // each of its frames, as behind damage, would read the rest of the file for every one.
        if (*found == FrameScanner::Found::end || *found == FrameScanner::Found::frame) {
            return {};
        }
        auto const resumed = walker.resume_behind_damage(next - 1);
        if (!resumed || !*resumed) {
            return resumed ? Result<void>{} : tl::unexpected(resumed.error());
        }
    }
}

/// Of its records' first, as far as that can still be read.
std::uint64_t epoch_of(FileDescriptor const& file, SegmentEntry const& segment) {
    std::array<std::byte, SegmentHeader::kBytes> raw{};
    auto const read = posix::read_at(file, 0, raw, segment.path);
    auto const header =
        read ? decode_header(ByteView(raw).first(*read)) : failure(Errc::unavailable, "not read");
    return header ? header->epoch : 0;
}

Result<void> write_whole(std::filesystem::path const& unfinished, SegmentHeader const& header,
                         ByteView frames) {
    auto file = create_segment(unfinished, header);
    if (!file) {
        return tl::unexpected(std::move(file.error()));
    }
    return posix::write_at(*file, SegmentHeader::kBytes, frames, unfinished).and_then([&] {
        return posix::sync(*file, unfinished);
    });
}

}  // namespace

Result<std::optional<ShrunkenSegment>> shrink_segment(SegmentEntry const& from,
                                                      std::uint64_t last_seq,
                                                      std::string const& journal_id,
                                                      std::filesystem::path const& folder) {
    auto const file = posix::open(from.path, O_RDONLY);
    if (!file && file.error().code == Errc::not_found) {
        return std::nullopt;  // write() let it go as it was, while this job waited for its turn
    }
    if (!file) {
        return tl::unexpected(file.error());
    }
    Shrinking shrinking(from.name.first_seq);
    if (auto const taken = take_all(*file, from, last_seq, shrinking); !taken) {
        return tl::unexpected(taken.error());
    }
    shrinking.finish(last_seq);
    auto const bytes = SegmentHeader::kBytes + shrinking.frames().size();
    if (bytes >= from.bytes - from.bytes / 10) {
        return std::nullopt;
    }
    ShrunkenSegment shrunken{from, shrinking.given_up()};
    ++shrunken.entry.name.rewrite;
    shrunken.entry.path = folder / to_file_name(shrunken.entry.name);
    shrunken.entry.bytes = bytes;
    auto unfinished = shrunken.entry.path;
    unfinished += kUnfinished;
    auto done = write_whole(unfinished,
                            {journal_id, from.name.first_seq, epoch_of(*file, from), from.created},
                            shrinking.frames());
    if (done) {
        done = posix::rename(unfinished, shrunken.entry.path);
    }
    if (!done) {
        static_cast<void>(posix::remove(unfinished));
        return tl::unexpected(done.error());
    }
    if (auto const durable = posix::sync_folder(folder); !durable) {
        static_cast<void>(posix::remove(shrunken.entry.path));
        return tl::unexpected(durable.error());
    }
    return shrunken;
}

}  // namespace muster
