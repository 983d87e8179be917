#pragma once

// Private to this adapter.

#include <cstdint>
#include <map>
#include <memory>
#include <optional>

#include <muster/journal/segment_index.hpp>
#include <muster/ports/journal.hpp>

namespace muster {

/// Reads segments with descriptors of its own. Nothing that lies behind what the index says is kept
/// between two calls: the writer may take back what a failed write left there. Where some frames of
/// the segments read last begin is kept, so that whoever reads on here and there does not walk from
/// a segment's beginning each time: what a segment held once it holds under that name for ever, or
/// its end is another segment's business.
class SegmentReader final : public JournalReader {
public:
    explicit SegmentReader(std::shared_ptr<SegmentIndex const> index) : index_(std::move(index)) {}

    [[nodiscard]] Result<JournalChunk> read(std::uint64_t after, std::uint64_t through,
                                            std::size_t max_bytes) override;
    [[nodiscard]] Result<std::uint64_t> next_readable(std::uint64_t after,
                                                      std::uint64_t through) override;

private:
    /// The segment that was read last, and where to go on in it.
    struct Open {
        SegmentName name;
        FileDescriptor file;
        SegmentPlace next;
    };

    [[nodiscard]] Result<bool> open(SegmentEntry const& segment);
    [[nodiscard]] Result<std::optional<SegmentIndex::Location>> open_segment_of(
        std::uint64_t after, std::uint64_t through);
    [[nodiscard]] Result<void> go_to(SegmentIndex::Location const& location);
    [[nodiscard]] Result<JournalChunk> read_here(SegmentIndex::Location const& location,
                                                 std::uint64_t through, std::size_t max_bytes);

    [[nodiscard]] SegmentPlace nearest(SegmentName name, std::uint64_t seq) const;
    void remember(SegmentPlace const& place);

    std::shared_ptr<SegmentIndex const> index_;
    std::optional<Open> open_;
    /// By segment: the seq that a frame tells of, and where it begins. Bounded.
    std::map<SegmentName, std::map<std::uint64_t, std::uint64_t>> marks_;
};

}  // namespace muster
