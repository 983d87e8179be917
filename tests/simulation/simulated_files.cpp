#include "simulated_files.hpp"

#include <algorithm>
#include <cassert>

#include <fcntl.h>

#include <muster/journal/posix_file.hpp>

namespace muster::simulation {
namespace {

constexpr std::size_t kGroup = 20;      // digits of the first record in the name of a segment
constexpr int kFolder = 1'000'000'000;  // the descriptor of the folder itself

thread_local SimulatedFiles* files_in_use = nullptr;
thread_local int last_descriptor = 0;  // never given again, so that a late close() is harmless

tl::unexpected<Error> dead() {
    return failure(Errc::unavailable, "the process is dead");
}

using Ranges = std::vector<std::pair<std::uint64_t, std::uint64_t>>;

/// Takes [from, to) out of them.
void take_out(Ranges& ranges, std::uint64_t from, std::uint64_t to) {
    Ranges left;
    for (auto const& [begin, end] : ranges) {
        if (begin < std::min(end, from)) {
            left.emplace_back(begin, std::min(end, from));
        }
        if (std::max(begin, to) < end) {
            left.emplace_back(std::max(begin, to), end);
        }
    }
    ranges = std::move(left);
}

}  // namespace

SimulatedFiles::~SimulatedFiles() {
    if (files_in_use == this) {
        files_in_use = nullptr;
    }
}

void SimulatedFiles::use() {
    files_in_use = this;
}

SimulatedFiles& SimulatedFiles::used() {
    assert(files_in_use != nullptr);
    return *files_in_use;
}

void SimulatedFiles::close(int file) noexcept {
    if (files_in_use != nullptr) {
        files_in_use->open_.erase(file);
    }
}

bool SimulatedFiles::happens(std::string_view what, std::filesystem::path const& path) {
    return effects_.happens("file " + std::string(what) + ' ' + path.filename().string());
}

std::shared_ptr<SimulatedFiles::File> SimulatedFiles::file_of(int file) const {
    auto const found = open_.find(file);
    assert(found != open_.end());
    return found->second;
}

Result<FileDescriptor> SimulatedFiles::open(std::filesystem::path const& path, int flags) {
    if ((flags & O_DIRECTORY) != 0) {
        return FileDescriptor(kFolder);
    }
    auto found = names_.find(path);
    if (found == names_.end() && (flags & O_CREAT) == 0) {
        return failure(Errc::not_found, "cannot open " + path.string() + ": no such file");
    }
    if (found == names_.end()) {
        if (write_error_) {
            return tl::unexpected(*write_error_);
        }
        if (!happens("make", path)) {
            return dead();
        }
        found = names_.emplace(path, std::make_shared<File>()).first;
        name_changed();
    }
    open_.emplace(++last_descriptor, found->second);
    FileDescriptor file(last_descriptor);
    if ((flags & O_TRUNC) != 0 && !found->second->seen.empty()) {
        if (auto cut = truncate(file.get(), 0, path); !cut) {
            return tl::unexpected(cut.error());
        }
    }
    return file;
}

Result<void> SimulatedFiles::write_at(int file, std::uint64_t offset, ByteView bytes,
                                      std::filesystem::path const& path) {
    if (!happens("write", path)) {
        return dead();
    }
    auto& written = *file_of(file);
    // A disk that is full takes some of it.
    auto const most = static_cast<std::int64_t>(bytes.size());
    auto const size =
        static_cast<std::uint64_t>(write_error_ ? random_.between(0, most - 1) : most);
    written.seen.resize(std::max<std::size_t>(written.seen.size(), offset + size));
    std::copy_n(bytes.begin(), size, written.seen.begin() + static_cast<std::ptrdiff_t>(offset));
    take_out(written.forgotten, offset, offset + size);
    written.dirty.emplace_back(offset, offset + size);
    if (write_error_) {
        return tl::unexpected(*write_error_);
    }
    return {};
}

Result<std::size_t> SimulatedFiles::read_at(int file, std::uint64_t offset,
                                            std::span<std::byte> into) {
    auto const& bytes = file_of(file)->seen;
    auto const from = std::min<std::size_t>(bytes.size(), offset);
    auto const size = std::min(into.size(), bytes.size() - from);
    std::copy_n(bytes.begin() + static_cast<std::ptrdiff_t>(from), size, into.begin());
    return size;
}

std::uint64_t SimulatedFiles::size_of(int file) {
    return file_of(file)->seen.size();
}

Result<void> SimulatedFiles::truncate(int file, std::uint64_t size,
                                      std::filesystem::path const& path) {
    if (!happens("cut", path)) {
        return dead();
    }
    auto& cut = *file_of(file);
    auto const end = std::max<std::uint64_t>(cut.seen.size(), size);
    cut.seen.resize(size);
    take_out(cut.forgotten, size, end);
    take_out(cut.dirty, size, end);
    cut.dirty.emplace_back(size, size);  // its new length
    return {};
}

/// But for what an earlier fsync failed to write, which the kernel thinks it wrote.
void SimulatedFiles::write_out(File& file) {
    auto durable = file.seen;
    for (auto const& [from, to] : file.forgotten) {
        for (auto at = from; at < to; ++at) {
            durable[at] = at < file.durable.size() ? file.durable[at] : std::byte{0};
        }
    }
    file.durable = std::move(durable);
    file.dirty.clear();
}

Result<void> SimulatedFiles::sync(int file, std::filesystem::path const& path) {
    if (file == kFolder) {
        return sync_folder();
    }
    if (!happens("sync", path)) {
        return dead();
    }
    auto& synced = *file_of(file);
    if (sync_error_) {
        synced.forgotten.insert(synced.forgotten.end(), synced.dirty.begin(), synced.dirty.end());
        synced.dirty.clear();
        return tl::unexpected(*sync_error_);
    }
    write_out(synced);
    return {};
}

Result<void> SimulatedFiles::sync_folder() {
    if (!happens("sync", "folder")) {
        return dead();
    }
    if (sync_error_) {
        return tl::unexpected(*sync_error_);
    }
    durable_names_ = names_;
    changes_.clear();
    return {};
}

Result<void> SimulatedFiles::rename(std::filesystem::path const& from,
                                    std::filesystem::path const& to) {
    if (!happens("rename", to)) {
        return dead();
    }
    auto const found = names_.find(from);
    if (found == names_.end()) {
        return failure(Errc::not_found, "cannot rename to " + to.string() + ": no such file");
    }
    names_.insert_or_assign(to, found->second);
    names_.erase(from);
    name_changed();
    return {};
}

Result<void> SimulatedFiles::remove(std::filesystem::path const& path) {
    if (!happens("remove", path)) {
        return dead();
    }
    if (names_.erase(path) > 0) {
        name_changed();
    }
    return {};
}

std::vector<std::filesystem::path> SimulatedFiles::list() const {
    std::vector<std::filesystem::path> paths;
    for (auto const& [path, file] : names_) {
        paths.push_back(path);
    }
    return paths;
}

void SimulatedFiles::forget_unsynced(File& file) {
    file.seen = file.durable;
    file.dirty.clear();
    file.forgotten.clear();
}

/// Of what was not synced some bytes are there, and sometimes the length of all of them. Gives
/// whether anything was lost.
bool SimulatedFiles::tear(File& file) {
    auto const before = file.seen;
    if (!file.dirty.empty() && !random_.one_in(3)) {
        auto const durable = file.durable;
        auto const shortest = static_cast<std::int64_t>(std::min(durable.size(), file.seen.size()));
        auto const longest = static_cast<std::int64_t>(file.seen.size());
        auto const there = static_cast<std::size_t>(random_.between(shortest, longest));
        bool const whole_length = random_.one_in(2);
        write_out(file);
        std::fill(file.durable.begin() + static_cast<std::ptrdiff_t>(there), file.durable.end(),
                  std::byte{0});
        if (!whole_length) {
            file.durable.resize(there);
        }
    }
    forget_unsynced(file);
    return file.seen != before;
}

void SimulatedFiles::lose_power() {
    auto const happened = random_.between(0, static_cast<std::int64_t>(changes_.size()));
    names_ = happened == 0 ? durable_names_ : changes_[static_cast<std::size_t>(happened - 1)];
    durable_names_ = names_;
    changes_.clear();
    open_.clear();
    // A segment that lost something is the last of which anything unsynced is there: a hole between
    // records that were never durable would be told as lost, but nobody here could judge behind it.
    std::string torn;
    for (auto const& [path, file] : names_) {
        auto const group = path.filename().string().substr(0, kGroup);
        if (!torn.empty() && group != torn) {
            forget_unsynced(*file);
        } else if (tear(*file)) {
            torn = group;
        }
    }
}

}  // namespace muster::simulation

// The system calls of the journal's adapter.

namespace muster {

void FileDescriptor::close() noexcept {
    if (fd_ >= 0) {
        simulation::SimulatedFiles::close(fd_);
    }
}

}  // namespace muster

namespace muster::posix {

using simulation::SimulatedFiles;

Result<FileDescriptor> open(std::filesystem::path const& path, int flags) {
    return SimulatedFiles::used().open(path, flags);
}

Result<void> write_at(FileDescriptor const& file, std::uint64_t offset, ByteView bytes,
                      std::filesystem::path const& path) {
    return SimulatedFiles::used().write_at(file.get(), offset, bytes, path);
}

Result<std::size_t> read_at(FileDescriptor const& file, std::uint64_t offset,
                            std::span<std::byte> into, std::filesystem::path const& /*path*/) {
    return SimulatedFiles::used().read_at(file.get(), offset, into);
}

Result<std::uint64_t> size_of(FileDescriptor const& file, std::filesystem::path const& /*path*/) {
    return SimulatedFiles::used().size_of(file.get());
}

Result<void> truncate(FileDescriptor const& file, std::uint64_t size,
                      std::filesystem::path const& path) {
    return SimulatedFiles::used().truncate(file.get(), size, path);
}

Result<void> sync(FileDescriptor const& file, std::filesystem::path const& path) {
    return SimulatedFiles::used().sync(file.get(), path);
}

Result<void> sync_folder(std::filesystem::path const& /*folder*/) {
    return SimulatedFiles::used().sync_folder();
}

Result<void> rename(std::filesystem::path const& from, std::filesystem::path const& to) {
    return SimulatedFiles::used().rename(from, to);
}

Result<void> remove(std::filesystem::path const& path) {
    return SimulatedFiles::used().remove(path);
}

Result<std::vector<std::filesystem::path>> list(std::filesystem::path const& /*folder*/) {
    return SimulatedFiles::used().list();
}

Result<void> make_folder(std::filesystem::path const& /*folder*/) {
    return {};
}

}  // namespace muster::posix
