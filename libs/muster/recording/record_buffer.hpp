#pragma once

// Private to this library.

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>

#include <muster/base/bytes.hpp>
#include <muster/domain/record.hpp>

namespace muster {

/// The records that are numbered and not yet written, as frames, and the count of those for which
/// there was no room. No I/O, no time.
class RecordBuffer {
public:
    /// Results and metrics are taken up to `limit` bytes, other records up to a quarter more.
    explicit RecordBuffer(std::size_t limit) : limit_(limit) {}

    /// Numbers begin behind `last_seq`.
    void start(std::uint64_t epoch, std::uint64_t last_seq) noexcept;

    [[nodiscard]] bool is_full() const noexcept { return waiting() >= limit_; }
    /// Bytes of the frames that are not written.
    [[nodiscard]] std::size_t waiting() const noexcept { return frames_.size() - head_; }

    /// Numbers and keeps the record, or counts it as lost. Returns the newest record's position.
    Position add(RecordBody const& body);

    /// What to write next: whole frames, 1 MiB or little more, so that what still fits onto a disk
    /// that fills is written.
    struct Piece {
        ByteView frames;
        Position last;
    };
    /// Nothing: all is written. Valid until the buffer is touched.
    [[nodiscard]] std::optional<Piece> next() const;
    void written(Piece const& piece) noexcept;
    /// Gives memory back; after a run of written().
    void tidy();

    [[nodiscard]] bool lost_any() const noexcept { return lost_.results + lost_.others > 0; }
    /// Replaces the count of lost records by one Gap record, whatever the limit.
    [[nodiscard]] Gap add_gap(std::string const& why, WallTime now);

    [[nodiscard]] Position last() const noexcept { return {epoch_, last_}; }
    [[nodiscard]] std::uint64_t written_seq() const noexcept { return written_; }
    [[nodiscard]] std::uint64_t lost_ever() const noexcept { return lost_ever_; }

private:
    struct Lost {
        std::uint64_t results{0};
        std::uint64_t others{0};
        std::uint64_t behind{0};  // the newest record that was taken before the first of them
    };

    [[nodiscard]] bool has_room_for(RecordBody const& body) const noexcept;

    std::size_t const limit_;
    std::uint64_t epoch_{0};
    std::uint64_t last_{0};     // numbered
    std::uint64_t written_{0};  // in the journal
    Bytes frames_;              // of (written_, last_], behind head_
    std::size_t head_{0};
    Lost lost_;  // since it was told last
    std::uint64_t lost_ever_{0};
};

}  // namespace muster
