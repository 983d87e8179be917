#pragma once

#include <algorithm>
#include <cstdint>
#include <limits>
#include <memory>
#include <optional>
#include <string>

#include <muster/base/time.hpp>
#include <muster/ports/journal.hpp>

namespace muster {

/// What outlives a process of the simulation: the disk under a MemoryJournal and a
/// MemoryCheckpointStore. Safe from any thread.
class MemoryDisk {
public:
    MemoryDisk();
    ~MemoryDisk();
    MemoryDisk(MemoryDisk const&) = delete;
    MemoryDisk& operator=(MemoryDisk const&) = delete;

    /// kill -9: what was written stays. Sync jobs of the dead process do nothing.
    void crash_process();
    /// What was not synced is gone.
    void lose_power();
    /// Of what was not synced the oldest `kept` records are there by luck; the next one, if there
    /// is one, is torn: half of it lies behind them until the journal is opened.
    void lose_power_in_write(std::uint64_t kept);

    /// From now on every write (sync) fails so; nothing: they work again.
    void fail_writes(std::optional<Error> error);
    void fail_syncs(std::optional<Error> error);
    void fail_reads(std::optional<Error> error);

    /// The record can no longer be read.
    void damage(std::uint64_t seq);

    [[nodiscard]] std::uint64_t writes() const;  ///< Successful writes of a journal.
    [[nodiscard]] std::uint64_t syncs() const;   ///< Sync jobs run, successful or not.

private:
    friend class MemoryJournal;
    friend class MemoryCheckpointStore;
    struct State;
    std::shared_ptr<State> state_;
};

/// Reference implementation of Journal. Its disk must outlive it.
class MemoryJournal final : public Journal {
public:
    struct Options {
        std::string id{"00000000-0000-4000-8000-000000000001"};  ///< Of a disk that has none yet.
        std::uint64_t keep_bytes{0};  ///< Passed records that stay, or ...
        Millis keep_age{0};           ///< ... those of this long.
        std::uint64_t limit_bytes{std::numeric_limits<std::uint64_t>::max()};
    };

    explicit MemoryJournal(MemoryDisk& disk) : MemoryJournal(disk, Options{}) {}
    MemoryJournal(MemoryDisk& disk, Options options);
    ~MemoryJournal() override;

    [[nodiscard]] JournalState state() const override;
    [[nodiscard]] Result<void> write(ByteView frames, Position last, WallTime now) override;
    [[nodiscard]] SyncJob sync_job() override;
    [[nodiscard]] Result<void> synced(Result<void> result) override;
    [[nodiscard]] Result<void> trim(std::uint64_t seq, WallTime now) override;
    void may_go(std::uint64_t seq) override { may_go_ = std::max(may_go_, seq); }
    [[nodiscard]] ShrinkJob shrink_job() override;
    void shrunk(Result<void> /*result*/) override {}
    [[nodiscard]] std::unique_ptr<JournalReader> reader() const override;

private:
    class Reader;

    std::shared_ptr<MemoryDisk::State> state_;
    Options const options_;
    std::uint64_t sync_through_{0};
    std::uint64_t durable_seq_{0};  // as far as this process was told
    std::uint64_t may_go_{0};
};

}  // namespace muster
