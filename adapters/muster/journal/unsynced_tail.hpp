#pragma once

// Private to this adapter.

#include <cstddef>
#include <cstdint>
#include <deque>

#include <muster/base/bytes.hpp>
#include <muster/domain/record.hpp>

namespace muster {

/// A copy of the frames that are written and not yet durable, for writing them again. Beyond its
/// limit the oldest go: of those nothing can be done if their fsync fails.
class UnsyncedTail {
public:
    struct Part {
        std::uint64_t first_seq{0};
        Position last;
        Bytes frames;
    };

    explicit UnsyncedTail(std::size_t limit) : limit_(limit) {}

    void add(std::uint64_t first_seq, Position last, ByteView frames) {
        parts_.push_back({first_seq, last, Bytes(frames.begin(), frames.end())});
        bytes_ += frames.size();
        while (bytes_ > limit_ && parts_.size() > 1) {
            drop_oldest();
        }
    }

    void forget(std::uint64_t through) {
        while (!parts_.empty() && parts_.front().last.seq <= through) {
            drop_oldest();
        }
    }

    [[nodiscard]] std::deque<Part> const& parts() const noexcept { return parts_; }
    [[nodiscard]] std::size_t bytes() const noexcept { return bytes_; }

private:
    void drop_oldest() {
        bytes_ -= parts_.front().frames.size();
        parts_.pop_front();
    }

    std::size_t const limit_;
    std::deque<Part> parts_;
    std::size_t bytes_{0};
};

}  // namespace muster
