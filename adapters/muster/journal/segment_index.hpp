#pragma once

// Private to this adapter.

#include <cstdint>
#include <filesystem>
#include <mutex>
#include <optional>
#include <vector>

#include <muster/base/time.hpp>
#include <muster/journal/segment.hpp>

namespace muster {

/// A segment that the journal holds. Its last record is the one before the next segment's first.
struct SegmentEntry {
    SegmentName name;
    std::filesystem::path path;
    std::uint64_t bytes{0};  ///< Header and frames; what lies behind is not there.
    WallTime created{};
    bool shrunk{false};         ///< Of this process: nothing more in it gives way.
    std::uint64_t given_up{0};  ///< Of this process: records that it stands in for.
};

/// Which segments there are: what the writer tells its readers. Safe from any thread.
class SegmentIndex {
public:
    /// Where a record is, or the oldest one held behind it.
    struct Location {
        SegmentEntry segment;
        std::uint64_t seq{0};       ///< Of the record.
        std::uint64_t last_seq{0};  ///< Of the segment.
    };

    /// Nothing where no record behind `after` is held.
    [[nodiscard]] std::optional<Location> locate(std::uint64_t after) const;

    [[nodiscard]] std::vector<SegmentEntry> segments() const;
    [[nodiscard]] std::uint64_t first_seq() const;
    [[nodiscard]] std::uint64_t last_seq() const;
    [[nodiscard]] std::uint64_t bytes() const;

    void reset(std::vector<SegmentEntry> segments, std::uint64_t last_seq);
    void add(SegmentEntry segment);
    void drop_oldest();
    /// False: the segment is no longer held.
    bool replace(SegmentName name, SegmentEntry with);
    /// The newest segment now has this many bytes, the journal records up to `last_seq`.
    void grow(std::uint64_t bytes, std::uint64_t last_seq);

private:
    mutable std::mutex mutex_;
    std::vector<SegmentEntry> segments_;  // guarded by mutex_, in the order of their names
    std::uint64_t last_seq_{0};           // guarded by mutex_
};

}  // namespace muster
