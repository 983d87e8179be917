#pragma once

// Private to this adapter: system calls on files, with their failures as values.

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <span>
#include <string_view>
#include <vector>

#include <muster/base/bytes.hpp>
#include <muster/base/result.hpp>
#include <muster/journal/file_descriptor.hpp>

namespace muster::posix {

/// No room (disk, quota, file size limit) is `full`, a missing file `not_found`, the rest
/// `unavailable`. `what` reads as in "cannot write FILE: No space left on device".
[[nodiscard]] tl::unexpected<Error> io_failure(int error, std::string_view what,
                                               std::filesystem::path const& path);

/// Close-on-exec is added to `flags`; new files are for their owner only.
[[nodiscard]] Result<FileDescriptor> open(std::filesystem::path const& path, int flags);

/// Writes all of it at `offset`. After an error some of it may be there.
[[nodiscard]] Result<void> write_at(FileDescriptor const& file, std::uint64_t offset,
                                    ByteView bytes, std::filesystem::path const& path);

/// Reads until `into` is full or the file ends; gives how much.
[[nodiscard]] Result<std::size_t> read_at(FileDescriptor const& file, std::uint64_t offset,
                                          std::span<std::byte> into,
                                          std::filesystem::path const& path);

[[nodiscard]] Result<std::uint64_t> size_of(FileDescriptor const& file,
                                            std::filesystem::path const& path);

/// Cuts it off behind `size` bytes.
[[nodiscard]] Result<void> truncate(FileDescriptor const& file, std::uint64_t size,
                                    std::filesystem::path const& path);

/// fsync of a file or a folder; blocks.
[[nodiscard]] Result<void> sync(FileDescriptor const& file, std::filesystem::path const& path);

/// Opens a folder and syncs it: makes durable what was created, renamed or removed in it.
[[nodiscard]] Result<void> sync_folder(std::filesystem::path const& folder);

/// In the same folder; a file that bears the new name goes.
[[nodiscard]] Result<void> rename(std::filesystem::path const& from,
                                  std::filesystem::path const& to);

/// Removes a file; one that is not there is fine.
[[nodiscard]] Result<void> remove(std::filesystem::path const& path);

/// What lies in a folder, in no order.
[[nodiscard]] Result<std::vector<std::filesystem::path>> list(std::filesystem::path const& folder);

/// Makes a folder (and missing parents) and makes that durable; one that is there is fine.
[[nodiscard]] Result<void> make_folder(std::filesystem::path const& folder);

}  // namespace muster::posix
