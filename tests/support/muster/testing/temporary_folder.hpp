#pragma once

#include <cstdlib>
#include <filesystem>
#include <string>
#include <system_error>

namespace muster::testing {

/// A folder of its own for a test, gone with it.
class TemporaryFolder {
public:
    TemporaryFolder() {
        auto text = (std::filesystem::temp_directory_path() / "muster-test-XXXXXX").string();
        path_ = ::mkdtemp(text.data()) != nullptr ? text : std::string();
    }
    ~TemporaryFolder() {
        std::error_code ignored;
        if (!path_.empty()) {
            std::filesystem::remove_all(path_, ignored);
        }
    }
    TemporaryFolder(TemporaryFolder const&) = delete;
    TemporaryFolder& operator=(TemporaryFolder const&) = delete;

    [[nodiscard]] std::filesystem::path const& path() const { return path_; }
    [[nodiscard]] std::string operator/(std::string const& name) const {
        return (path_ / name).string();
    }

private:
    std::filesystem::path path_;
};

}  // namespace muster::testing
