#include <muster/journal/file_checkpoint_store.hpp>

#include <utility>

#include <fcntl.h>

#include <muster/journal/posix_file.hpp>

namespace muster {

FileCheckpointStore::FileCheckpointStore(std::filesystem::path file) : file_(std::move(file)) {}

Result<std::optional<Bytes>> FileCheckpointStore::load() {
    auto const file = posix::open(file_, O_RDONLY);
    if (!file) {
        if (file.error().code == Errc::not_found) {
            return std::nullopt;
        }
        return tl::unexpected(file.error());
    }
    auto const size = posix::size_of(*file, file_);
    if (!size) {
        return tl::unexpected(size.error());
    }
    Bytes bytes(static_cast<std::size_t>(*size));
    auto const read = posix::read_at(*file, 0, bytes, file_);
    if (!read) {
        return tl::unexpected(read.error());
    }
    bytes.resize(*read);
    return bytes;
}

Result<void> FileCheckpointStore::save(ByteView checkpoint) {
    auto unfinished = file_;
    unfinished += ".new";
    auto written = [&]() -> Result<void> {
        auto const file = posix::open(unfinished, O_WRONLY | O_CREAT | O_TRUNC);
        if (!file) {
            return tl::unexpected(file.error());
        }
        return posix::write_at(*file, 0, checkpoint, unfinished).and_then([&] {
            return posix::sync(*file, unfinished);
        });
    }();
    if (!written) {
        // What it leaves behind takes room where there may be none.
        static_cast<void>(posix::remove(unfinished));
        return written;
    }
    if (auto renamed = posix::rename(unfinished, file_); !renamed) {
        return renamed;
    }
    return posix::sync_folder(file_.has_parent_path() ? file_.parent_path() : ".");
}

}  // namespace muster
