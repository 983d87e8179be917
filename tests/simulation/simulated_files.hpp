#pragma once

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <map>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include <muster/base/bytes.hpp>
#include <muster/base/result.hpp>
#include <muster/journal/file_descriptor.hpp>

#include "effects.hpp"
#include "random.hpp"

namespace muster::simulation {

/// One folder of files, as a kernel and a disk keep them, under the real FileJournal: it takes the
/// place of the system calls of the adapter (`muster::posix`), which the simulated world links
/// instead of the real ones.
///
/// Strict where systems differ: what was written is on the disk only once its file was synced, a
/// new, renamed or removed name only once the folder was. A power loss keeps of the rest what it
/// likes: names in the order in which they changed, of a file's bytes some, and zeros behind them,
/// but nothing unsynced of segments behind one that lost something. A failed fsync forgets what it
/// should have written: a later one that succeeds does not bring it to the disk either.
class SimulatedFiles {
public:
    /// Effects must outlive it.
    SimulatedFiles(Effects& effects, Random random) : effects_(effects), random_(random) {}
    ~SimulatedFiles();
    SimulatedFiles(SimulatedFiles const&) = delete;
    SimulatedFiles& operator=(SimulatedFiles const&) = delete;

    /// Whatever this thread opens from now on lies here.
    void use();
    [[nodiscard]] static SimulatedFiles& used();

    /// From now on every write (sync) fails so; nothing: they work again.
    void fail_writes(std::optional<Error> error) { write_error_ = std::move(error); }
    void fail_syncs(std::optional<Error> error) { sync_error_ = std::move(error); }

    void lose_power();

    // As in muster/journal/posix_file.hpp.
    [[nodiscard]] Result<FileDescriptor> open(std::filesystem::path const& path, int flags);
    [[nodiscard]] Result<void> write_at(int file, std::uint64_t offset, ByteView bytes,
                                        std::filesystem::path const& path);
    [[nodiscard]] Result<std::size_t> read_at(int file, std::uint64_t offset,
                                              std::span<std::byte> into);
    [[nodiscard]] std::uint64_t size_of(int file);
    [[nodiscard]] Result<void> truncate(int file, std::uint64_t size,
                                        std::filesystem::path const& path);
    [[nodiscard]] Result<void> sync(int file, std::filesystem::path const& path);
    [[nodiscard]] Result<void> sync_folder();
    [[nodiscard]] Result<void> rename(std::filesystem::path const& from,
                                      std::filesystem::path const& to);
    [[nodiscard]] Result<void> remove(std::filesystem::path const& path);
    [[nodiscard]] std::vector<std::filesystem::path> list() const;

    /// Of the thread's files, whichever they are.
    static void close(int file) noexcept;

private:
    struct File {
        Bytes seen;     ///< What readers see: the kernel's pages.
        Bytes durable;  ///< What is on the disk.
        std::vector<std::pair<std::uint64_t, std::uint64_t>> dirty;      ///< From, to.
        std::vector<std::pair<std::uint64_t, std::uint64_t>> forgotten;  ///< By a failed fsync.
    };
    using Names = std::map<std::filesystem::path, std::shared_ptr<File>>;

    [[nodiscard]] bool happens(std::string_view what, std::filesystem::path const& path);
    [[nodiscard]] std::shared_ptr<File> file_of(int file) const;
    void name_changed() { changes_.push_back(names_); }
    void write_out(File& file);
    static void forget_unsynced(File& file);
    bool tear(File& file);

    Effects& effects_;
    Random random_;
    Names names_;
    Names durable_names_;
    std::vector<Names> changes_;  ///< What names were after each change since the last sync.
    std::map<int, std::shared_ptr<File>> open_;
    std::optional<Error> write_error_;
    std::optional<Error> sync_error_;
};

}  // namespace muster::simulation
