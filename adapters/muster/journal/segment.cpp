#include <muster/journal/segment.hpp>

#include <algorithm>
#include <charconv>
#include <string_view>

#include <muster/base/crc32c.hpp>
#include <muster/journal/posix_file.hpp>
#include <muster/recording/shrinking.hpp>

namespace muster {
namespace {

constexpr std::string_view kMagic = "MUSTERJL";
constexpr std::uint32_t kVersion = 1;
constexpr std::size_t kIdBytes = 36;
constexpr std::size_t kWindowBytes = std::size_t{256} << 10;

constexpr std::string_view kSuffix = ".journal";
constexpr std::size_t kSeqDigits = 20;
constexpr std::size_t kRewriteDigits = 3;

std::string digits(std::uint64_t value, std::size_t width) {
    auto text = std::to_string(value);
    if (text.size() < width) {
        text.insert(0, width - text.size(), '0');
    }
    return text;
}

template <class T>
bool parse_number(std::string_view text, T& value) {
    auto const [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
    return error == std::errc{} && end == text.data() + text.size();
}

}  // namespace

std::string to_file_name(SegmentName name) {
    return digits(name.first_seq, kSeqDigits) + '-' + digits(name.rewrite, kRewriteDigits) +
           std::string(kSuffix);
}

std::optional<SegmentName> parse_segment_name(std::string const& file_name) {
    std::string_view rest = file_name;
    if (rest.size() < kSeqDigits + 1 + kRewriteDigits + kSuffix.size() || rest[kSeqDigits] != '-' ||
        rest.substr(rest.size() - kSuffix.size()) != kSuffix) {
        return std::nullopt;
    }
    rest.remove_suffix(kSuffix.size());
    SegmentName name;
    if (!parse_number(rest.substr(0, kSeqDigits), name.first_seq) ||
        !parse_number(rest.substr(kSeqDigits + 1), name.rewrite) || name.first_seq == 0) {
        return std::nullopt;
    }
    return name;
}

Bytes encode_header(SegmentHeader const& header) {
    Bytes bytes;
    bytes.reserve(SegmentHeader::kBytes);
    auto const append = [&bytes](std::string_view text) {
        auto const view = as_byte_view(text);
        bytes.insert(bytes.end(), view.begin(), view.end());
    };
    ByteWriter writer(bytes);
    append(kMagic);
    writer.number(kVersion);
    append(header.journal_id);
    bytes.resize(kMagic.size() + sizeof kVersion + kIdBytes);
    writer.number(header.first_seq);
    writer.number(header.epoch);
    writer.wall(header.created);
    writer.number(crc32c(bytes));
    return bytes;
}

Result<SegmentHeader> decode_header(ByteView bytes) {
    if (bytes.size() < SegmentHeader::kBytes) {
        return failure(Errc::corrupt, "the header is cut short");
    }
    bytes = bytes.first(SegmentHeader::kBytes);
    auto const magic = as_byte_view(kMagic);
    auto const checked = bytes.first(SegmentHeader::kBytes - 4);
    if (!std::equal(magic.begin(), magic.end(), bytes.begin()) ||
        ByteReader(bytes.last(4)).number<std::uint32_t>() != crc32c(checked)) {
        return failure(Errc::corrupt, "the header is damaged");
    }
    ByteReader fixed(bytes.subspan(magic.size()));
    if (auto const version = fixed.number<std::uint32_t>(); version != kVersion) {
        return failure(Errc::unsupported, "its version " + std::to_string(version) +
                                              " is newer than this program knows");
    }
    auto const id = bytes.subspan(magic.size() + sizeof kVersion, kIdBytes);
    ByteReader rest(bytes.subspan(magic.size() + sizeof kVersion + kIdBytes));
    SegmentHeader header;
    header.journal_id.assign(reinterpret_cast<char const*>(id.data()), id.size());
    header.first_seq = rest.number<std::uint64_t>();
    header.epoch = rest.number<std::uint64_t>();
    header.created = rest.wall();
    return header;
}

Result<FrameScanner::Found> SegmentWalker::next() {
    for (;;) {
        auto const found = scanner_.next();
        bool const more_may_follow =
            found == FrameScanner::Found::end || found == FrameScanner::Found::torn;
        if (!more_may_follow) {
            return found;
        }
        auto const refilled = refill();
        if (!refilled) {
            return tl::unexpected(refilled.error());
        }
        if (!*refilled) {
            return found;
        }
    }
}

/// Moves the window to the scanner's place and widens it where one frame does not fit.
/// False: there is nothing more in the file.
Result<bool> SegmentWalker::refill() {
    auto const at = offset();
    auto const had = window_.size() - scanner_.offset();
    auto const needed = frame_size(ByteView(window_).subspan(scanner_.offset()));
    auto const wanted = std::min<std::uint64_t>(std::max({kWindowBytes, needed, had}), end_ - at);
    if (wanted <= had) {
        return false;
    }
    window_.resize(static_cast<std::size_t>(wanted));
    auto const read = posix::read_at(file_, at, window_, path_);
    if (!read) {
        return tl::unexpected(read.error());
    }
    window_.resize(*read);
    window_at_ = at;
    scanner_ = FrameScanner(window_);
    return *read > had;
}

Result<bool> SegmentWalker::resume_behind_damage(std::uint64_t after) {
    auto const at = offset();
    window_.resize(static_cast<std::size_t>(end_ - at));
    auto const read = posix::read_at(file_, at, window_, path_);
    if (!read) {
        return tl::unexpected(read.error());
    }
    window_.resize(*read);
    auto const found = find_frame(window_, 0, after);
    window_at_ = found ? at + found->offset : at;
    window_.clear();
    window_.shrink_to_fit();
    scanner_ = FrameScanner(ByteView{});
    return found.has_value();
}

Result<std::optional<SegmentPlace>> find_place(FileDescriptor const& file,
                                               std::filesystem::path const& path,
                                               SegmentPlace const& from, std::uint64_t end,
                                               std::uint64_t seq) {
    SegmentWalker walker(file, path, from.offset, end);
    auto expected = from.seq;
    for (;;) {
        auto const at = walker.offset();
        auto const found = walker.next();
        if (!found) {
            return tl::unexpected(found.error());
        }
        if (*found == FrameScanner::Found::frame && walker.frame().position.seq >= expected) {
            auto const here = walker.frame().position.seq;
            if (here >= seq) {
                return SegmentPlace{std::max(first_told(walker.frame()), seq), at, here};
            }
            expected = here + 1;
            continue;
        }
        if (*found == FrameScanner::Found::end) {
            return std::nullopt;
        }
        auto const resumed = walker.resume_behind_damage(expected - 1);
        if (!resumed) {
            return tl::unexpected(resumed.error());
        }
        if (!*resumed) {
            return std::nullopt;
        }
    }
}

}  // namespace muster
