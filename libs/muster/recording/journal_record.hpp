#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string_view>
#include <vector>

#include <muster/base/bytes.hpp>
#include <muster/base/result.hpp>
#include <muster/domain/record.hpp>

/// How records lie in the journal. All numbers little-endian:
///
///     frame   = length:u32 crc:u32 body        length = bytes of body, crc = CRC-32C of body
///     body    = epoch:u64 seq:u64 kind:u8 payload
///     payload = version:u8 fields              a field added later raises the version
///
/// Frames follow each other without padding. What one version wrote, every later one reads.
namespace muster {

/// Stored values: do not renumber, do not reuse. One for each alternative of RecordBody.
enum class RecordKind : std::uint8_t {
    check_result = 1,
    transition = 2,
    project_metrics = 3,
    project_changed = 4,
    project_removed = 5,
    service_changed = 6,
    service_removed = 7,
    hub_started = 8,
    hub_stopped = 9,
    gap = 10,
    hub_problem = 11,
    overlay_changed = 12,
    maintenance_changed = 13,
    maintenance_removed = 14,
    config_reloaded = 15,
};

inline constexpr std::size_t kFrameHeaderBytes = 25;  ///< From `length` to `kind`.
/// No frame is longer: what append_frame() writes is bounded field by field (texts of outcomes and
/// list items 1 KiB, other texts 64 KiB, lists 1,000 items; the rest is cut at a character's border
/// or left out).
inline constexpr std::size_t kMaxFrameBytes = std::size_t{4} << 20;

[[nodiscard]] RecordKind kind_of(RecordBody const& body) noexcept;

/// When what a record tells happened, by the hub's wall clock.
[[nodiscard]] WallTime time_of(RecordBody const& body) noexcept;

/// Appends one frame. Allocates only for the growth of `out`. Any thread.
void append_frame(Bytes& out, Position position, RecordBody const& body);

/// The size of the frame that begins here, by its own word: for frames known to be whole. 0 where
/// no frame of ours can begin.
[[nodiscard]] std::size_t frame_size(ByteView frames) noexcept;

/// A whole frame whose checksum is right, inside the bytes that were scanned.
struct FrameView {
    Position position;
    std::uint8_t kind{0};
    ByteView payload;
    std::size_t offset{0};  ///< Of its first byte in the scanned bytes.
    std::size_t size{0};    ///< Of the whole frame.
};

/// Walks over frames. Never reads outside of its bytes, whatever they hold.
class FrameScanner {
public:
    enum class Found : std::uint8_t {
        frame,    ///< `frame()` holds it; the scanner stands behind it.
        end,      ///< The bytes end with the last frame.
        torn,     ///< The bytes end inside a frame that begins at `offset()`.
        corrupt,  ///< No frame of ours begins at `offset()`, or its checksum is wrong.
    };

    explicit FrameScanner(ByteView bytes, std::size_t offset = 0) noexcept
        : bytes_(bytes), offset_(offset) {}

    /// After anything but `frame` every further call says the same again.
    [[nodiscard]] Found next() noexcept;

    [[nodiscard]] FrameView const& frame() const noexcept { return frame_; }

    /// Where the next frame begins, or the bad one.
    [[nodiscard]] std::size_t offset() const noexcept { return offset_; }

private:
    ByteView bytes_;
    std::size_t offset_;
    FrameView frame_;
};

/// The first whole frame at or behind `from` whose seq is above `after` and not further above it
/// than the bytes in between could hold: how to go on behind damage.
[[nodiscard]] std::optional<FrameView> find_frame(ByteView bytes, std::size_t from,
                                                  std::uint64_t after) noexcept;

/// Errors: unsupported (a kind or version that a newer Muster wrote; skip it), corrupt (the payload
/// is not what its kind says).
[[nodiscard]] Result<Record> decode_frame(FrameView const& frame);

/// All records of consecutive frames; what is unsupported is left out.
/// Errors: corrupt (naming the offset): a torn or damaged frame, or a payload that does not decode.
[[nodiscard]] Result<std::vector<Record>> decode_frames(ByteView frames);

}  // namespace muster
