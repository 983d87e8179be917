#pragma once

// Private to this adapter: from what lies in the folder to a journal that can be written.

#include <filesystem>
#include <string>
#include <vector>

#include <muster/base/result.hpp>
#include <muster/domain/record.hpp>
#include <muster/journal/file_descriptor.hpp>
#include <muster/journal/segment_index.hpp>

namespace muster {

struct OpenedJournal {
    std::string id;
    std::vector<SegmentEntry> segments;  ///< Never empty; the last is the one to write to.
    Position last;
    FileDescriptor active;  ///< Of the last segment.
    std::vector<std::string> problems;
};

/// See FileJournal::open(). Everything that it found is durable afterwards.
[[nodiscard]] Result<OpenedJournal> open_segments(std::filesystem::path const& folder,
                                                  WallTime now);

/// A new segment file with its header, not synced. Leaves nothing behind when it fails.
[[nodiscard]] Result<FileDescriptor> create_segment(std::filesystem::path const& path,
                                                    SegmentHeader const& header);

}  // namespace muster
