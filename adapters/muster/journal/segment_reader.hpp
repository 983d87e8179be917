#pragma once

// Private to this adapter.

#include <memory>
#include <optional>

#include <muster/journal/segment_index.hpp>
#include <muster/ports/journal.hpp>

namespace muster {

/// Reads segments with descriptors of its own. Nothing that lies behind what the index says is kept
/// between two calls: the writer may take back what a failed write left there.
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

    std::shared_ptr<SegmentIndex const> index_;
    std::optional<Open> open_;
};

}  // namespace muster
