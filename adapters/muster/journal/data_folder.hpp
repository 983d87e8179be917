#pragma once

#include <filesystem>

#include <muster/base/result.hpp>
#include <muster/journal/file_descriptor.hpp>

namespace muster {

/// The folder that holds all that a hub keeps on this machine. Holding this object is holding its
/// lock: one process at a time; the kernel gives it back when the process ends, however it ends.
class DataFolder {
public:
    /// Makes the folder where it is missing (and missing parents) and locks it.
    /// Errors: conflict (in use; names the process), invalid (not a folder), full, unavailable.
    [[nodiscard]] static Result<DataFolder> open(std::filesystem::path const& path);

    [[nodiscard]] std::filesystem::path const& path() const noexcept { return path_; }
    [[nodiscard]] std::filesystem::path journal() const { return path_ / "journal"; }
    [[nodiscard]] std::filesystem::path checkpoint() const { return path_ / "checkpoint"; }

private:
    DataFolder(std::filesystem::path path, FileDescriptor lock);

    std::filesystem::path path_;
    FileDescriptor lock_;
};

}  // namespace muster
