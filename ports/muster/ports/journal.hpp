#pragma once

#include <cstdint>
#include <memory>
#include <string>

#include <muster/base/bytes.hpp>
#include <muster/base/result.hpp>
#include <muster/base/unique_function.hpp>
#include <muster/domain/record.hpp>

namespace muster {

struct JournalState {
    std::string id;                ///< UUID made with the journal.
    std::uint64_t first_seq{1};    ///< Oldest record held; last_seq + 1 when it holds none.
    std::uint64_t last_seq{0};     ///< Newest record written; 0: none ever.
    std::uint64_t last_epoch{0};   ///< Epoch of the newest record written.
    std::uint64_t durable_seq{0};  ///< Newest record known to survive a power loss.
    std::uint64_t bytes{0};
};

/// Consecutive whole frames as recording/journal_record writes them.
struct JournalChunk {
    Bytes frames;
    std::uint64_t first_seq{0};  ///< 0: the chunk is empty.
    std::uint64_t last_seq{0};
};

/// Reads a journal while it is being written. One thread at a time (not bound to one); blocks.
class JournalReader {
public:
    virtual ~JournalReader() = default;

    /// Frames of the records after `after`, none newer than `through`, at most `max_bytes` of them
    /// but at least one if there is any. Where `after` + 1 has been trimmed the chunk starts with
    /// the oldest record held: the caller sees the gap by `first_seq`.
    /// A chunk ends before damage; when the first record asked for is damaged, that is the error.
    /// Errors: corrupt (names segment and offset), unavailable (cannot be read now).
    [[nodiscard]] virtual Result<JournalChunk> read(std::uint64_t after, std::uint64_t through,
                                                    std::size_t max_bytes) = 0;

    /// The oldest record behind `after` that can be read, at most `through`; `through` + 1 where
    /// there is none: how to go on after `corrupt`. Errors: unavailable.
    [[nodiscard]] virtual Result<std::uint64_t> next_readable(std::uint64_t after,
                                                              std::uint64_t through) = 0;
};

/// The append-only local journal of a hub. Loop thread only, but for readers and sync jobs.
/// Only one process opens a journal at a time; the data folder's lock sees to that.
class Journal {
public:
    virtual ~Journal() = default;

    [[nodiscard]] virtual JournalState state() const = 0;

    /// Appends frames of the records (last_seq, last] with one write(): what is written survives
    /// the death of the process, not yet that of the machine. All or nothing: after an error
    /// nothing of it is there. `now` decides about age. Errors: full (disk, byte limit),
    /// unavailable (any other I/O error).
    [[nodiscard]] virtual Result<void> write(ByteView frames, Position last, WallTime now) = 0;

    /// A job that makes durable what was written up to now: for a lane, blocks. Its result must be
    /// given back to synced(), and there is at most one at a time.
    using SyncJob = UniqueFunction<Result<void>()>;
    [[nodiscard]] virtual SyncJob sync_job() = 0;

    /// Takes what the last sync_job() gave. After a failure everything not yet durable is written
    /// again into a new segment, since the kernel may have dropped the dirty pages; the old
    /// descriptor is never trusted again. Errors: as write().
    [[nodiscard]] virtual Result<void> synced(Result<void> result) = 0;

    /// Forgets records up to and including `seq`, in whole segments, but keeps at least what the
    /// journal's options ask for behind `seq` (1 h or 256 MB), and everything that is not durable.
    /// `seq`: what every follower and the newest checkpoint have passed.
    [[nodiscard]] virtual Result<void> trim(std::uint64_t seq, WallTime now) = 0;

    [[nodiscard]] virtual std::unique_ptr<JournalReader> reader() const = 0;
};

}  // namespace muster
