#pragma once

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <memory>
#include <string>
#include <vector>

#include <muster/base/time.hpp>
#include <muster/ports/journal.hpp>

namespace muster {

/// The journal as segment files in a folder.
///
/// A segment is named by its first seq (`00000000000000000001-000.journal`), begins with a header
/// (segment.hpp) and holds frames; it ends where the next one begins, whatever lies behind that.
/// Opening cuts a torn tail off the newest segment. Damage with readable records behind it, there
/// or in an older segment, is never cut: it is told (`problems()` when opening sees it, `corrupt`
/// from readers) and next_readable() leads over it. Whatever was found is made durable on opening.
///
/// A copy of what is not yet durable is kept in memory (at most Options::unsynced_copy_bytes) in
/// order to write it again after a failed fsync.
class FileJournal final : public Journal {
public:
    struct Options {
        std::filesystem::path folder;  ///< Made where it is missing.
        std::uint64_t segment_bytes = std::uint64_t{64} << 20;
        std::uint64_t keep_bytes = std::uint64_t{256} << 20;  ///< Passed records that stay, or ...
        Millis keep_age{60 * 60 * 1000};                      ///< ... those of this long.
        /// An eighth before this size the oldest segments shrink to what is told only once; at this
        /// size they go, whoever has not read them.
        std::uint64_t limit_bytes = std::uint64_t{4} << 30;
        std::size_t unsynced_copy_bytes = std::size_t{64} << 20;
    };

    /// Opens the journal, or makes one. Blocks: start-up only. `now` stamps a new first segment.
    /// Errors: corrupt (the segments are of different journals, or the only one is unreadable),
    /// unsupported (a newer version's), full, unavailable.
    [[nodiscard]] static Result<std::unique_ptr<FileJournal>> open(Options options, WallTime now);

    ~FileJournal() override;

    /// What opening found damaged, a line each, for the log and /ready.
    [[nodiscard]] std::vector<std::string> const& problems() const noexcept;

    [[nodiscard]] JournalState state() const override;
    [[nodiscard]] Result<void> write(ByteView frames, Position last, WallTime now) override;
    [[nodiscard]] SyncJob sync_job() override;
    [[nodiscard]] Result<void> synced(Result<void> result) override;
    [[nodiscard]] Result<void> trim(std::uint64_t seq, WallTime now) override;
    void may_go(std::uint64_t seq) override;
    [[nodiscard]] ShrinkJob shrink_job() override;
    void shrunk(Result<void> result) override;
    [[nodiscard]] std::unique_ptr<JournalReader> reader() const override;

private:
    class Impl;
    explicit FileJournal(std::unique_ptr<Impl> impl);
    std::unique_ptr<Impl> impl_;
};

}  // namespace muster
