#include <hub/settings.hpp>

#include <filesystem>
#include <fstream>
#include <iterator>
#include <ostream>
#include <string_view>
#include <utility>

#include <muster/config/load.hpp>

extern char** environ;  // NOLINT(readability-redundant-declaration): POSIX asks for it

namespace muster {
namespace {

constexpr char const* kDefaultFile = "muster.yaml";
constexpr char const* kDotenvFile = ".env";

std::optional<std::string> read_text(std::string const& path) {
    std::ifstream file(path, std::ios::binary);
    if (!file || std::filesystem::is_directory(path)) {
        return std::nullopt;
    }
    return std::string(std::istreambuf_iterator<char>(file), {});
}

config::Environment process_environment() {
    config::Environment variables;
    for (char** entry = environ; *entry != nullptr; ++entry) {
        std::string_view const text(*entry);
        auto const equals = text.find('=');
        if (equals != std::string_view::npos) {
            variables.emplace(text.substr(0, equals), text.substr(equals + 1));
        }
    }
    return variables;
}

}  // namespace

std::optional<config::Configuration> load_settings(std::optional<std::string> const& path,
                                                   std::ostream& err) {
    config::LoadInput input;
    input.environment = process_environment();
    input.dotenv_text = read_text(kDotenvFile);
    input.file_name = path.value_or(kDefaultFile);
    input.file_text = read_text(input.file_name);
    if (path && !input.file_text) {
        err << "muster: cannot read the configuration file " << *path << '\n';
        return std::nullopt;
    }
    auto configuration = config::load(input);
    if (!configuration) {
        for (auto const& mistake : configuration.error()) {
            err << config::to_text(mistake) << '\n';
        }
        return std::nullopt;
    }
    return std::move(*configuration);
}

}  // namespace muster
