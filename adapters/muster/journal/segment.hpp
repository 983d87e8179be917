#pragma once

// Private to this adapter: one file of the journal.
//
//     file   = header frame*
//     header = "MUSTERJL" version:u32 journal_id:36 bytes first_seq:u64 epoch:u64
//              created:i64 (wall time, ms) crc:u32 (CRC-32C of what is before it)
//
// A segment's first seq is in its name too, with a number that grows when the same records are
// written again (00000000000000000042-001.journal replaces 00000000000000000042-000.journal).

#include <algorithm>
#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>

#include <muster/base/bytes.hpp>
#include <muster/base/result.hpp>
#include <muster/base/time.hpp>
#include <muster/journal/file_descriptor.hpp>
#include <muster/recording/journal_record.hpp>

namespace muster {

struct SegmentName {
    std::uint64_t first_seq{0};
    unsigned rewrite{0};

    auto operator<=>(SegmentName const&) const = default;
};

[[nodiscard]] std::string to_file_name(SegmentName name);
/// Nothing for a file that is not ours.
[[nodiscard]] std::optional<SegmentName> parse_segment_name(std::string const& file_name);

struct SegmentHeader {
    static constexpr std::size_t kBytes = 8 + 4 + 36 + 8 + 8 + 8 + 4;

    std::string journal_id;
    std::uint64_t first_seq{0};
    std::uint64_t epoch{0};  ///< Of the first record, or an earlier one.
    WallTime created{};
};

[[nodiscard]] Bytes encode_header(SegmentHeader const& header);
/// Errors: corrupt, unsupported (a newer version's).
[[nodiscard]] Result<SegmentHeader> decode_header(ByteView bytes);

/// Walks over the frames of an open segment through a window. The file must outlive it.
class SegmentWalker {
public:
    /// From `offset`, not beyond `end` (or the file's own end).
    SegmentWalker(FileDescriptor const& file, std::filesystem::path const& path,
                  std::uint64_t offset, std::uint64_t end)
        : file_(file), path_(path), window_at_(offset), end_(std::max(offset, end)) {}

    /// As FrameScanner. Errors: unavailable.
    [[nodiscard]] Result<FrameScanner::Found> next();

    /// The frame found; its bytes live until the next call. `frame().offset` is meaningless here.
    [[nodiscard]] FrameView const& frame() const noexcept { return scanner_.frame(); }
    [[nodiscard]] ByteView frame_bytes() const noexcept {
        return ByteView(window_).subspan(frame().offset, frame().size);
    }

    /// In the file: where the next frame begins, or the bad one.
    [[nodiscard]] std::uint64_t offset() const noexcept { return window_at_ + scanner_.offset(); }

    /// Steps over damage: goes on with the next frame whose seq is above `after`, or says that
    /// there is none. Holds the rest of the segment in memory meanwhile.
    [[nodiscard]] Result<bool> resume_behind_damage(std::uint64_t after);

private:
    [[nodiscard]] Result<bool> refill();

    FileDescriptor const& file_;
    std::filesystem::path const& path_;
    Bytes window_;
    std::uint64_t window_at_;  // offset of window_ in the file
    std::uint64_t end_;
    FrameScanner scanner_{ByteView{}};
};

/// A place in a segment: the frame that tells of `seq` (and of all up to `last`) begins at
/// `offset`.
struct SegmentPlace {
    std::uint64_t seq{0};
    std::uint64_t offset{0};
    std::uint64_t last{0};
};

/// Of a segment's first frame.
[[nodiscard]] constexpr SegmentPlace beginning_of(SegmentName name) noexcept {
    return {name.first_seq, SegmentHeader::kBytes, name.first_seq};
}

/// The first readable frame that tells of `seq` or later, over damage; nothing where there is none.
/// Walks there from `from`, a frame that tells of no later one. Errors: unavailable.
[[nodiscard]] Result<std::optional<SegmentPlace>> find_place(FileDescriptor const& file,
                                                             std::filesystem::path const& path,
                                                             SegmentPlace const& from,
                                                             std::uint64_t end, std::uint64_t seq);

}  // namespace muster
