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
    /// Since it was opened: records that went at the byte limit before everybody had passed them
    /// who may miss none.
    std::uint64_t given_up{0};
};

/// Whole frames as recording/journal_record writes them, that tell of every number from the first
/// to the last: where records gave way at the limit, one Gap stands in for a run of them and bears
/// the last one's number (recording/shrinking).
struct JournalChunk {
    Bytes frames;
    std::uint64_t first_seq{0};  ///< Told of by the first frame; 0: the chunk is empty.
    std::uint64_t last_seq{0};
};

/// Reads a journal while it is being written. One thread at a time (not bound to one); blocks.
class JournalReader {
public:
    virtual ~JournalReader() = default;

    /// Frames of the records after `after`, none newer than `through`, at most `max_bytes` of them
    /// but at least one if there is any. Where `after` + 1 has been trimmed the chunk starts with
    /// the oldest record held: the caller sees the gap by `first_seq`. What stands in for the first
    /// records asked for comes alone where it reaches beyond `through`.
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

    /// Records up to and including `seq` are wanted only by those who may miss some (channels). At
    /// the byte limit they go first, in whole segments. Only grows.
    virtual void may_go(std::uint64_t seq) = 0;

    /// A job that makes room while an eighth of the byte limit or less is left: of the oldest
    /// durable records it keeps what is told only once (transitions, the registry, gaps, problems),
    /// a stand-in for the rest, and the positions of both. For a lane, blocks; other jobs may run
    /// meanwhile. Whatever crashes, the old records are there or the new ones. Empty: there is
    /// nothing to do. Its result must be given back to shrunk(); at most one at a time, but one
    /// that never ran needs no answer. Errors: full, unavailable; then nothing has changed.
    /// Where that does not make room in time, write() lets the oldest segments go as they are.
    using ShrinkJob = UniqueFunction<Result<void>()>;
    [[nodiscard]] virtual ShrinkJob shrink_job() = 0;
    virtual void shrunk(Result<void> result) = 0;

    [[nodiscard]] virtual std::unique_ptr<JournalReader> reader() const = 0;
};

}  // namespace muster
