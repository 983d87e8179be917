#pragma once

// Private to this adapter.

#include <algorithm>
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
        std::uint64_t from{0};  // the first number it tells of
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
    std::uint64_t shrunk_through{0};  // up to here only what is told once is held
    std::uint64_t given_up{0};        // since the journal was opened
    bool torn{false};                 // half a frame lies behind the last record
    std::uint64_t life{0};  // grows at every crash: what a dead process left behind does nothing
    std::optional<Bytes> checkpoint;

    std::optional<Error> write_error;
    std::optional<Error> sync_error;
    std::optional<Error> read_error;
    std::uint64_t writes{0};
    std::uint64_t syncs{0};

    [[nodiscard]] std::uint64_t first_seq() const {
        return records.empty() ? last.seq + 1 : records.front().from;
    }
    [[nodiscard]] std::uint64_t bytes() const {
        return records.empty() ? 0 : bytes_ever - begin_of(records.front());
    }
    [[nodiscard]] static std::uint64_t begin_of(Stored const& stored) {
        return stored.end - stored.frame.size();
    }
    /// Whoever tells of `seq`. Held: first_seq() <= seq <= last.seq.
    [[nodiscard]] std::deque<Stored>::iterator find(std::uint64_t seq) {
        return std::lower_bound(records.begin(), records.end(), seq,
                                [](Stored const& stored, std::uint64_t wanted) {
                                    return stored.position.seq < wanted;
                                });
    }
    /// The oldest goes, unread by somebody who may miss nothing if it lies behind `may_go`.
    void drop_oldest(std::uint64_t may_go) {
        auto const& oldest = records.front();
        if (oldest.position.seq > may_go && oldest.from == oldest.position.seq) {
            ++given_up;
        }
        records.pop_front();
    }
    [[nodiscard]] bool lose_power(std::uint64_t kept);
    void shrink(std::uint64_t enough, std::uint64_t up_to);
    void replace_oldest(std::size_t count, ByteView frames);
};

}  // namespace muster
