#include <hub/settings.hpp>

#include <filesystem>
#include <fstream>
#include <iterator>
#include <ostream>
#include <string_view>
#include <system_error>
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

/// The files of the system's zone database begin so (RFC 8536 section 3.1).
bool is_zone_file(std::filesystem::path const& path) {
    constexpr std::string_view kMagic = "TZif";
    std::ifstream file(path, std::ios::binary);
    std::string start(kMagic.size(), '\0');
    file.read(start.data(), static_cast<std::streamsize>(start.size()));
    return file && start == kMagic;
}

bool knows_zone(std::string const& zone) {
    constexpr char const* kDatabase = "/usr/share/zoneinfo";
    bool const leaves_it =
        zone.empty() || zone.front() == '/' || zone.find("..") != std::string::npos;
    return zone == "UTC" || (!leaves_it && is_zone_file(std::filesystem::path(kDatabase) / zone));
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

config::LoadInput environment_input() {
    config::LoadInput input;
    input.environment = process_environment();
    input.dotenv_text = read_text(kDotenvFile);
    return input;
}

/// Whether all is well; else every mistake was told.
bool tell_mistakes(config::Checked<config::Configuration> const& configuration, std::ostream& err) {
    if (!configuration) {
        for (auto const& mistake : configuration.error()) {
            err << config::to_text(mistake) << '\n';
        }
    }
    return configuration.has_value();
}

}  // namespace

SettingsSource settings_source(std::optional<std::string> const& path,
                               std::optional<std::uint16_t> port) {
    std::error_code unknown;  // whether there is one: told when it is read
    bool const is_there = std::filesystem::exists(kDefaultFile, unknown) || unknown;
    return {path, port, path || is_there};
}

config::Checked<config::Configuration> read_settings(SettingsSource const& source) {
    auto input = environment_input();
    input.knows_zone = knows_zone;
    input.file_name = source.path.value_or(kDefaultFile);
    input.file_text = read_text(input.file_name);
    if (source.file_must_be_there && !input.file_text) {
        return tl::unexpected(std::vector<config::Mistake>{
            {"", 0, 0, "cannot read the configuration file " + input.file_name}});
    }
    auto configuration = config::load(input);
    if (configuration && source.port) {
        config::set_port(*configuration, *source.port);
    }
    return configuration;
}

std::optional<config::Configuration> load_settings(SettingsSource const& source,
                                                   std::ostream& err) {
    auto configuration = read_settings(source);
    return tell_mistakes(configuration, err) ? std::optional(std::move(*configuration))
                                             : std::nullopt;
}

std::optional<config::Configuration> load_environment(std::ostream& err) {
    auto configuration = config::load(environment_input());
    return tell_mistakes(configuration, err) ? std::optional(std::move(*configuration))
                                             : std::nullopt;
}

}  // namespace muster
