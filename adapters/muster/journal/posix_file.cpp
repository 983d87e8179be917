#include <muster/journal/posix_file.hpp>

#include <cerrno>
#include <cstdio>
#include <string>
#include <system_error>

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

namespace muster::posix {
namespace {

Errc code_of(int error) noexcept {
    switch (error) {
        case ENOSPC:
        case EDQUOT:
        case EFBIG:
            return Errc::full;
        case ENOENT:
            return Errc::not_found;
        default:
            return Errc::unavailable;
    }
}

/// Calls again what a signal interrupted.
template <class Call>
auto uninterrupted(Call call) {
    auto result = call();
    while (result < 0 && errno == EINTR) {
        result = call();
    }
    return result;
}

}  // namespace

tl::unexpected<Error> io_failure(int error, std::string_view what,
                                 std::filesystem::path const& path) {
    return failure(code_of(error), "cannot " + std::string(what) + ' ' + path.string() + ": " +
                                       std::generic_category().message(error));
}

Result<FileDescriptor> open(std::filesystem::path const& path, int flags) {
    constexpr mode_t kOwnerOnly = 0600;
    int const fd =
        uninterrupted([&] { return ::open(path.c_str(), flags | O_CLOEXEC, kOwnerOnly); });
    if (fd < 0) {
        return io_failure(errno, "open", path);
    }
    return FileDescriptor(fd);
}

Result<void> write_at(FileDescriptor const& file, std::uint64_t offset, ByteView bytes,
                      std::filesystem::path const& path) {
    while (!bytes.empty()) {
        auto const written = uninterrupted([&] {
            return ::pwrite(file.get(), bytes.data(), bytes.size(), static_cast<off_t>(offset));
        });
        if (written < 0) {
            return io_failure(errno, "write", path);
        }
        if (written == 0) {
            return io_failure(ENOSPC, "write", path);
        }
        bytes = bytes.subspan(static_cast<std::size_t>(written));
        offset += static_cast<std::uint64_t>(written);
    }
    return {};
}

Result<std::size_t> read_at(FileDescriptor const& file, std::uint64_t offset,
                            std::span<std::byte> into, std::filesystem::path const& path) {
    std::size_t total = 0;
    while (total < into.size()) {
        auto const read = uninterrupted([&] {
            return ::pread(file.get(), into.data() + total, into.size() - total,
                           static_cast<off_t>(offset + total));
        });
        if (read < 0) {
            return io_failure(errno, "read", path);
        }
        if (read == 0) {
            break;
        }
        total += static_cast<std::size_t>(read);
    }
    return total;
}

Result<std::uint64_t> size_of(FileDescriptor const& file, std::filesystem::path const& path) {
    struct stat status {};
    if (::fstat(file.get(), &status) != 0) {
        return io_failure(errno, "look at", path);
    }
    return static_cast<std::uint64_t>(status.st_size);
}

Result<void> truncate(FileDescriptor const& file, std::uint64_t size,
                      std::filesystem::path const& path) {
    if (uninterrupted([&] { return ::ftruncate(file.get(), static_cast<off_t>(size)); }) != 0) {
        return io_failure(errno, "cut off", path);
    }
    return {};
}

Result<void> sync(FileDescriptor const& file, std::filesystem::path const& path) {
    if (uninterrupted([&] { return ::fsync(file.get()); }) != 0) {
        return io_failure(errno, "sync", path);
    }
    return {};
}

Result<void> sync_folder(std::filesystem::path const& folder) {
    auto const file = open(folder, O_RDONLY | O_DIRECTORY);
    if (!file) {
        return tl::unexpected(file.error());
    }
    return sync(*file, folder);
}

Result<void> rename(std::filesystem::path const& from, std::filesystem::path const& to) {
    if (std::rename(from.c_str(), to.c_str()) != 0) {
        return io_failure(errno, "rename to", to);
    }
    return {};
}

Result<void> remove(std::filesystem::path const& path) {
    if (::unlink(path.c_str()) != 0 && errno != ENOENT) {
        return io_failure(errno, "remove", path);
    }
    return {};
}

Result<std::vector<std::filesystem::path>> list(std::filesystem::path const& folder) {
    std::vector<std::filesystem::path> paths;
    std::error_code error;
    std::filesystem::directory_iterator at(folder, error);
    for (; !error && at != std::filesystem::directory_iterator(); at.increment(error)) {
        paths.push_back(at->path());
    }
    if (error) {
        return io_failure(error.value(), "list", folder);
    }
    return paths;
}

Result<void> make_folder(std::filesystem::path const& folder) {
    std::error_code error;
    if (std::filesystem::is_directory(folder, error)) {
        return {};
    }
    auto const parent = std::filesystem::absolute(folder).lexically_normal().parent_path();
    if (parent != folder && !parent.empty()) {
        if (auto made = make_folder(parent); !made) {
            return made;
        }
    }
    constexpr mode_t kOwnerOnly = 0700;
    if (::mkdir(folder.c_str(), kOwnerOnly) != 0 && errno != EEXIST) {
        return io_failure(errno, "make", folder);
    }
    if (!std::filesystem::is_directory(folder, error)) {
        return failure(Errc::invalid, folder.string() + " is not a folder");
    }
    return sync_folder(parent);
}

}  // namespace muster::posix
