#pragma once

// Private to this adapter.

#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>

#include <muster/base/result.hpp>
#include <muster/journal/segment_index.hpp>

namespace muster {

/// What lies in the folder under such a name is left by a crash.
inline constexpr char const* kUnfinished = ".unfinished";

struct ShrunkenSegment {
    SegmentEntry entry;
    std::uint64_t given_up{0};  ///< Records that are in `from` and not in it.
};

/// Writes what `from`, whose last record is `last_seq`, keeps of its records at the byte limit
/// (recording/shrinking) into a file of its own that supersedes it: under another name, synced,
/// renamed, the folder synced. `from` stays; whoever opens the journal prefers the newer. Nothing:
/// it would hardly get smaller, or is gone. Blocks. Errors: full, unavailable; then no new file is
/// there.
[[nodiscard]] Result<std::optional<ShrunkenSegment>> shrink_segment(
    SegmentEntry const& from, std::uint64_t last_seq, std::string const& journal_id,
    std::filesystem::path const& folder);

}  // namespace muster
