#include <muster/journal/journal_opening.hpp>

#include <algorithm>
#include <array>
#include <limits>
#include <optional>
#include <utility>

#include <fcntl.h>
#include <sys/random.h>

#include <muster/journal/posix_file.hpp>
#include <muster/journal/segment_shrinking.hpp>
#include <muster/recording/shrinking.hpp>

namespace muster {
namespace {

struct FoundSegment {
    SegmentEntry entry;
    std::optional<SegmentHeader> header;  ///< Nothing: damaged.
    FileDescriptor file;
};

/// A random UUID (RFC 9562, version 4).
Result<std::string> make_uuid() {
    std::array<unsigned char, 16> raw{};
    if (::getrandom(raw.data(), raw.size(), 0) != static_cast<ssize_t>(raw.size())) {
        return failure(Errc::unavailable, "the system gives no random numbers");
    }
    raw[6] = static_cast<unsigned char>((raw[6] & 0x0fU) | 0x40U);
    raw[8] = static_cast<unsigned char>((raw[8] & 0x3fU) | 0x80U);
    constexpr char kHex[] = "0123456789abcdef";
    std::string text;
    for (std::size_t index = 0; index < raw.size(); ++index) {
        if (index == 4 || index == 6 || index == 8 || index == 10) {
            text += '-';
        }
        text += kHex[raw[index] >> 4U];
        text += kHex[raw[index] & 0x0fU];
    }
    return text;
}

/// What our segments are called; what a crash left unfinished is removed.
Result<std::vector<SegmentName>> list_segments(std::filesystem::path const& folder) {
    std::vector<SegmentName> names;
    std::vector<std::filesystem::path> unfinished;
    auto const paths = posix::list(folder);
    if (!paths) {
        return tl::unexpected(paths.error());
    }
    for (auto const& path : *paths) {
        if (auto const name = parse_segment_name(path.filename().string())) {
            names.push_back(*name);
        } else if (path.extension() == kUnfinished && parse_segment_name(path.stem().string())) {
            unfinished.push_back(path);
        }
    }
    for (auto const& path : unfinished) {
        if (auto const removed = posix::remove(path); !removed) {
            return tl::unexpected(removed.error());
        }
    }
    std::sort(names.begin(), names.end());
    return names;
}

Result<FoundSegment> look_at(std::filesystem::path const& folder, SegmentName name) {
    FoundSegment found;
    found.entry.name = name;
    found.entry.path = folder / to_file_name(name);
    auto file = posix::open(found.entry.path, O_RDWR);
    if (!file) {
        return tl::unexpected(std::move(file.error()));
    }
    found.file = std::move(*file);
    auto const size = posix::size_of(found.file, found.entry.path);
    if (!size) {
        return tl::unexpected(size.error());
    }
    found.entry.bytes = *size;
    std::array<std::byte, SegmentHeader::kBytes> raw{};
    auto const read = posix::read_at(found.file, 0, raw, found.entry.path);
    if (!read) {
        return tl::unexpected(read.error());
    }
    auto header = decode_header(ByteView(raw).first(*read));
    if (header && header->first_seq == name.first_seq) {
        found.entry.created = header->created;
        found.header = std::move(*header);
    } else if (!header && header.error().code == Errc::unsupported) {
        return prefixed(found.entry.path.string(), std::move(header.error()));
    }
    return found;
}

/// Whether neither a header nor any record can be read in it.
Result<bool> is_empty(FoundSegment const& segment) {
    if (segment.header) {
        return false;
    }
    auto const& entry = segment.entry;
    auto const any = find_place(segment.file, entry.path, beginning_of(entry.name), entry.bytes,
                                entry.name.first_seq);
    return any ? Result<bool>(!*any) : tl::unexpected(any.error());
}

/// A crash while a segment was created leaves an empty file at the end. One while fsyncs failed
/// leaves empty ones beside others of the same first record: what was written again and again, and
/// of which only the name reached the disk.
Result<void> remove_unfinished(std::vector<FoundSegment>& found) {
    for (auto index = found.size(); index-- > 0;) {
        auto const first_seq = [&found](std::size_t at) { return found[at].entry.name.first_seq; };
        bool const last = index + 1 == found.size();
        bool const has_twin = (!last && first_seq(index + 1) == first_seq(index)) ||
                              (index > 0 && first_seq(index - 1) == first_seq(index));
        if (!last && !has_twin) {
            continue;
        }
        auto const empty = is_empty(found[index]);
        if (!empty) {
            return tl::unexpected(empty.error());
        }
        if (*empty) {
            if (auto removed = posix::remove(found[index].entry.path); !removed) {
                return removed;
            }
            found.erase(found.begin() + static_cast<std::ptrdiff_t>(index));
        }
    }
    return {};
}

Result<std::string> common_id(std::vector<FoundSegment> const& found,
                              std::vector<std::string>& problems) {
    std::string id;
    for (auto const& segment : found) {
        auto const name = segment.entry.path.filename().string();
        if (!segment.header) {
            problems.push_back(name + ": the header is damaged; the name tells what it holds");
        } else if (id.empty()) {
            id = segment.header->journal_id;
        } else if (id != segment.header->journal_id) {
            return failure(Errc::corrupt, segment.entry.path.string() +
                                              " belongs to another journal than the segments "
                                              "before it");
        }
    }
    if (id.empty()) {
        return failure(Errc::corrupt, found.back().entry.path.string() +
                                          ": the header is damaged and no other segment tells "
                                          "which journal this is");
    }
    return id;
}

struct Tail {
    Position last;
    std::uint64_t end{0};
};

/// Where the newest segment's records end. Damage with readable records behind it is stepped over.
Result<Tail> find_tail(FoundSegment const& segment, std::vector<std::string>& problems) {
    auto const& entry = segment.entry;
    Tail tail;
    tail.last = {segment.header ? segment.header->epoch : 0, entry.name.first_seq - 1};
    tail.end = SegmentHeader::kBytes;
    SegmentWalker walker(segment.file, entry.path, SegmentHeader::kBytes, entry.bytes);
    for (;;) {
        auto const found = walker.next();
        if (!found) {
            return tl::unexpected(found.error());
        }
        if (*found == FrameScanner::Found::frame && walker.frame().position.seq > tail.last.seq &&
            first_told(walker.frame()) <= tail.last.seq + 1) {
            tail = {walker.frame().position, walker.offset()};
            continue;
        }
        if (*found == FrameScanner::Found::end) {
            return tail;
        }
        auto const lost_from = tail.last.seq + 1;
        auto const resumed = walker.resume_behind_damage(tail.last.seq);
        if (!resumed) {
            return tl::unexpected(resumed.error());
        }
        if (!*resumed) {
            return tail;
        }
        auto const again = walker.next();
        if (!again) {
            return tl::unexpected(again.error());
        }
        problems.push_back(entry.path.filename().string() + " is damaged at offset " +
                           std::to_string(tail.end) + ": records " + std::to_string(lost_from) +
                           " to " + std::to_string(first_told(walker.frame()) - 1) + " are lost");
        tail = {walker.frame().position, walker.offset()};
    }
}

/// Which of two segments of the same first record is superseded, the older at `index` or the newer:
/// the newer counts, but where it is the newest of all and reaches less far, a crash came before it
/// was durable.
Result<std::size_t> superseded_of(std::vector<FoundSegment> const& found, std::size_t index) {
    if (index + 2 < found.size()) {
        return index;
    }
    std::vector<std::string> told_later;
    auto const older = find_tail(found[index], told_later);
    if (!older) {
        return tl::unexpected(older.error());
    }
    auto const newer = find_tail(found[index + 1], told_later);
    if (!newer) {
        return tl::unexpected(newer.error());
    }
    return older->last.seq > newer->last.seq ? index + 1 : index;
}

/// A crash between the two left a segment and what it was shrunk to, or written again to.
Result<void> remove_superseded(std::vector<FoundSegment>& found) {
    for (std::size_t index = 0; index + 1 < found.size();) {
        auto const& next = found[index + 1];
        if (found[index].entry.name.first_seq != next.entry.name.first_seq || !next.header) {
            ++index;
            continue;
        }
        auto const superseded = superseded_of(found, index);
        if (!superseded) {
            return tl::unexpected(superseded.error());
        }
        if (auto removed = posix::remove(found[*superseded].entry.path); !removed) {
            return removed;
        }
        found.erase(found.begin() + static_cast<std::ptrdiff_t>(*superseded));
    }
    return {};
}

Result<void> cut_tail(FoundSegment& segment, std::uint64_t end) {
    if (segment.entry.bytes > end) {
        if (auto cut = posix::truncate(segment.file, end, segment.entry.path); !cut) {
            return cut;
        }
    }
    segment.entry.bytes = end;
    return {};
}

Result<OpenedJournal> make_journal(std::filesystem::path const& folder, WallTime now) {
    auto id = make_uuid();
    if (!id) {
        return tl::unexpected(std::move(id.error()));
    }
    SegmentName const name{1, 0};
    SegmentEntry const entry{name, folder / to_file_name(name), SegmentHeader::kBytes, now};
    auto file = create_segment(entry.path, SegmentHeader{*id, 1, 0, now});
    if (!file) {
        return tl::unexpected(std::move(file.error()));
    }
    auto const durable =
        posix::sync(*file, entry.path).and_then([&] { return posix::sync_folder(folder); });
    if (!durable) {
        return tl::unexpected(durable.error());
    }
    return OpenedJournal{std::move(*id), {entry}, {}, std::move(*file), {}};
}

}  // namespace

Result<FileDescriptor> create_segment(std::filesystem::path const& path,
                                      SegmentHeader const& header) {
    // What lies there under this name is no part of the journal: left by a failed attempt.
    auto file = posix::open(path, O_RDWR | O_CREAT | O_TRUNC);
    if (!file) {
        return file;
    }
    if (auto const written = posix::write_at(*file, 0, encode_header(header), path); !written) {
        static_cast<void>(posix::remove(path));
        return tl::unexpected(written.error());
    }
    return file;
}

Result<OpenedJournal> open_segments(std::filesystem::path const& folder, WallTime now) {
    if (auto const made = posix::make_folder(folder); !made) {
        return tl::unexpected(made.error());
    }
    auto const names = list_segments(folder);
    if (!names) {
        return tl::unexpected(names.error());
    }
    std::vector<FoundSegment> found;
    for (auto const& name : *names) {
        auto segment = look_at(folder, name);
        if (!segment) {
            return tl::unexpected(std::move(segment.error()));
        }
        found.push_back(std::move(*segment));
    }
    if (auto const removed = remove_unfinished(found); !removed) {
        return tl::unexpected(removed.error());
    }
    if (found.empty()) {
        return make_journal(folder, now);
    }
    if (auto const removed = remove_superseded(found); !removed) {
        return tl::unexpected(removed.error());
    }

    OpenedJournal opened;
    auto id = common_id(found, opened.problems);
    if (!id) {
        return tl::unexpected(std::move(id.error()));
    }
    opened.id = std::move(*id);
    auto const tail = find_tail(found.back(), opened.problems);
    if (!tail) {
        return tl::unexpected(tail.error());
    }
    if (auto const cut = cut_tail(found.back(), tail->end); !cut) {
        return tl::unexpected(cut.error());
    }
    opened.last = tail->last;
    for (auto const& segment : found) {
        if (auto const durable = posix::sync(segment.file, segment.entry.path); !durable) {
            return tl::unexpected(durable.error());
        }
        opened.segments.push_back(segment.entry);
    }
    if (auto const durable = posix::sync_folder(folder); !durable) {
        return tl::unexpected(durable.error());
    }
    opened.active = std::move(found.back().file);
    return opened;
}

}  // namespace muster
