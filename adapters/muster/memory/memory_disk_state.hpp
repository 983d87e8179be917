#pragma once

// Private to this adapter.

#include <cstdint>
#include <deque>
#include <mutex>
#include <optional>
#include <string>

#include <muster/memory/memory_journal.hpp>

namespace muster {

struct MemoryDisk::State {
    struct Stored {
        Position position;
        Bytes frame;
        WallTime written_at{};
        std::uint64_t end{0};  // bytes ever written, with this one
        bool damaged{false};
    };

    std::mutex mutex;  // guards all below
    std::string journal_id;
    std::deque<Stored> records;
    Position last;     // written
    Position durable;  // would survive a power loss
    std::uint64_t bytes_ever{0};
    std::uint64_t life{0};  // grows at every crash: what a dead process left behind does nothing
    std::optional<Bytes> checkpoint;

    std::optional<Error> write_error;
    std::optional<Error> sync_error;
    std::optional<Error> read_error;
    std::uint64_t writes{0};
    std::uint64_t syncs{0};

    [[nodiscard]] std::uint64_t first_seq() const {
        return records.empty() ? last.seq + 1 : records.front().position.seq;
    }
    [[nodiscard]] std::uint64_t bytes() const {
        return records.empty() ? 0 : bytes_ever - begin_of(records.front());
    }
    [[nodiscard]] static std::uint64_t begin_of(Stored const& stored) {
        return stored.end - stored.frame.size();
    }
    /// Held: first_seq() <= seq <= last.seq.
    [[nodiscard]] Stored& at(std::uint64_t seq) {
        return records[static_cast<std::size_t>(seq - first_seq())];
    }
};

}  // namespace muster
