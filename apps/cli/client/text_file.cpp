#include <cli/client/text_file.hpp>

#include <cerrno>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <system_error>

namespace muster {

Result<std::string> read_text_file(std::string const& path) {
    std::error_code ignored;
    if (std::filesystem::is_directory(path, ignored)) {
        return failure(Errc::invalid, "cannot read " + path + ": it is a folder");
    }
    std::ifstream file(path, std::ios::binary);
    if (!file) {
        return failure(Errc::invalid,
                       "cannot read " + path + ": " + std::generic_category().message(errno));
    }
    return std::string(std::istreambuf_iterator<char>(file), {});
}

}  // namespace muster
