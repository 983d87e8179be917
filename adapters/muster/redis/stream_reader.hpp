#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include <muster/base/result.hpp>
#include <muster/base/time.hpp>
#include <muster/domain/redis_address.hpp>
#include <muster/ports/clock.hpp>
#include <muster/ports/log.hpp>
#include <muster/redis/redis_commands.hpp>
#include <muster/redis/stream_entry.hpp>
#include <muster/redis/stream_ledger.hpp>

namespace muster {

/// Reads a stream for a group of one reader so that each entry has its effect exactly once: what
/// was delivered and not committed comes again, what was committed does not, and what was trimmed
/// unread is counted. Connects when it is called and reconnects at the next call; who calls backs
/// off. Blocks; one thread at a time.
///
/// A process makes one and keeps it, over outages too: each new one counts as a life of the
/// consumer, and what outlives none of its consumers is put aside.
///
///     while (auto batch = reader.read()) {
///         // ... make of batch->entries what is to be made, and of it a snapshot with
///         //     to_text(batch->after) in it
///         RedisCommands effects;
///         effects.add({"SET", "my:snapshot", snapshot});
///         reader.commit({effects});
///     }
class RedisStreamReader {
public:
    struct Options {
        RedisAddress address;
        std::string stream;
        std::string group;
        std::string consumer;  ///< Of the role, the same in every life: not of the process.
        std::size_t max_entries{500};
        Millis wait{1'000};  ///< How long a read waits for something new.
        /// To so many lives of the consumer an entry is given among others, to as many more alone,
        /// so that those beside the one that kills are spared; then it is put aside.
        std::uint32_t most_deliveries{5};
        Millis connect_within{1'500};
        Millis answer_within{5'000};  ///< Beside `wait`.
    };

    /// An entry that is put aside, into `STREAM:dead`, with its fields, `reason` and `entry`.
    struct Dead {
        StreamEntry entry;
        std::string reason;
    };

    struct Batch {
        std::vector<StreamEntry> entries;  ///< In their order.
        std::vector<Dead> dead;            ///< No life survived them; commit() puts them aside.
        StreamLedger after;                ///< How the ledger stands once this is committed.
        bool changed{false};  ///< There is something to commit, if only the count of what is lost.
    };

    /// What makes us the one who may commit: `key` holds `value`, up to the end of the commit.
    struct Fence {
        std::string key;
        std::string value;
    };

    struct Commit {
        /// Carried out in the transaction that acknowledges. Each must bear being repeated (SET,
        /// HSET, HDEL, ZADD …); none may be of a transaction itself (EXEC, WATCH …).
        RedisCommands effects;
        std::vector<Dead> dead{};  ///< Entries of the batch that nobody can read, beside its own.
        std::optional<Fence> fence{};
    };

    /// `durable`: the ledger as it lies beside what was made of the entries; none: a first life.
    RedisStreamReader(Options options, StreamLedger const& durable, Clock const& clock, Log& log);
    ~RedisStreamReader();
    RedisStreamReader(RedisStreamReader const&) = delete;
    RedisStreamReader& operator=(RedisStreamReader const&) = delete;

    /// What comes next: first what was delivered to this consumer before and not committed. Makes
    /// the group where it is missing: at the ledger's place, never at the stream's end. Where it
    /// begins to count it gives a batch without entries, to be committed first.
    /// Errors: unavailable, full, corrupt, unsupported; conflict: the batch before this one
    /// changed something and was not committed.
    [[nodiscard]] Result<Batch> read();

    /// Acknowledges the batch, puts aside its dead and carries out the effects: all or nothing.
    /// Errors: conflict (there is no batch, or the fence does not hold: nothing happened);
    /// unavailable, full: nothing happened, repeat it or resume(); in_doubt: look what the keys
    /// hold and resume() with the ledger that lies there; corrupt: a key is of another type and
    /// what does not touch it did happen, so put that right and repeat the commit.
    [[nodiscard]] Result<void> commit(Commit const& commit);

    /// Begins again where `durable` says, in the same life; the batch under way is dropped.
    void resume(StreamLedger const& durable);

    /// As committed.
    [[nodiscard]] StreamLedger const& ledger() const noexcept;

private:
    struct Impl;
    std::unique_ptr<Impl> impl_;
};

}  // namespace muster
