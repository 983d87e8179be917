#include <muster/journal/data_folder.hpp>

#include <array>
#include <cerrno>
#include <string>
#include <utility>

#include <fcntl.h>
#include <sys/file.h>
#include <unistd.h>

#include <muster/journal/posix_file.hpp>

namespace muster {
namespace {

/// The process id that the lock's holder wrote into it; empty before it did.
std::string holder_of(FileDescriptor const& lock, std::filesystem::path const& path) {
    std::array<std::byte, 32> text{};
    auto const size = posix::read_at(lock, 0, text, path);
    std::string holder(reinterpret_cast<char const*>(text.data()), size.value_or(0));
    holder.erase(std::min(holder.find_first_not_of("0123456789"), holder.size()));
    return holder;
}

Result<void> write_holder(FileDescriptor const& lock, std::filesystem::path const& path) {
    auto const holder = std::to_string(::getpid()) + '\n';
    if (::ftruncate(lock.get(), 0) != 0) {
        return posix::io_failure(errno, "empty", path);
    }
    return posix::write_at(lock, 0, as_byte_view(holder), path);
}

}  // namespace

DataFolder::DataFolder(std::filesystem::path path, FileDescriptor lock)
    : path_(std::move(path)), lock_(std::move(lock)) {}

Result<DataFolder> DataFolder::open(std::filesystem::path const& path) {
    if (auto const made = posix::make_folder(path); !made) {
        return tl::unexpected(made.error());
    }
    auto const lock_path = path / "lock";
    auto lock = posix::open(lock_path, O_RDWR | O_CREAT);
    if (!lock) {
        return tl::unexpected(std::move(lock.error()));
    }
    if (::flock(lock->get(), LOCK_EX | LOCK_NB) != 0) {
        if (errno != EWOULDBLOCK) {
            return posix::io_failure(errno, "lock", lock_path);
        }
        auto const holder = holder_of(*lock, lock_path);
        return failure(Errc::conflict,
                       "the data folder " + path.string() + " is in use by " +
                           (holder.empty() ? "another process" : "process " + holder) +
                           "; stop that one or use another folder");
    }
    // Who holds it is only told, never decided by: a full disk must not stop a start.
    static_cast<void>(write_holder(*lock, lock_path));
    return DataFolder(path, std::move(*lock));
}

}  // namespace muster
