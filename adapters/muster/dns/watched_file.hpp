#pragma once

#include <cstdint>
#include <ctime>
#include <optional>
#include <string>
#include <utility>

namespace muster {

/// A small file of the system's that may change while we run. Looking costs one stat().
class WatchedFile {
public:
    explicit WatchedFile(std::string path) : path_(std::move(path)) {}

    /// True once after each change, and at the first look. A file that is not there is empty.
    [[nodiscard]] bool has_changed();

    /// At most `kMaxSize` bytes of it.
    [[nodiscard]] std::string read() const;

    static constexpr std::size_t kMaxSize = 16U * 1024 * 1024;

private:
    struct Version {
        std::uint64_t inode{0};
        std::int64_t size{-1};
        std::time_t seconds{0};
        long nanoseconds{0};

        bool operator==(Version const&) const = default;
    };

    std::string const path_;
    std::optional<Version> seen_;
};

}  // namespace muster
