#include <hub/settings.hpp>

#include <cerrno>
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

/// Why a file of certificates cannot be read, as the prober would find it; nothing: it can.
std::optional<std::string> why_unreadable(std::string const& path) {
    std::error_code error;
    auto const status = std::filesystem::status(path, error);
    if (status.type() == std::filesystem::file_type::not_found) {
        return "does not exist";
    }
    if (error) {
        return "cannot be read: " + error.message();
    }
    if (status.type() != std::filesystem::file_type::regular) {
        return "is no file";
    }
    errno = 0;
    std::ifstream const file(path, std::ios::binary);
    return file ? std::nullopt
                : std::optional("cannot be read: " + std::generic_category().message(errno));
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

bool is_folder(char const* path) {
    std::error_code unknown;
    return std::filesystem::is_directory(path, unknown);
}

/// Why a `.env` that is there cannot be read; nothing: there is none. A folder of that name is
/// somebody else's (Python's environments are called so).
std::optional<std::string> fault_of_dotenv() {
    std::error_code unknown;
    auto const type = std::filesystem::symlink_status(kDotenvFile, unknown).type();
    if (type == std::filesystem::file_type::not_found || is_folder(kDotenvFile)) {
        return std::nullopt;
    }
    return why_unreadable(kDotenvFile).value_or("cannot be read");
}

/// What the process and `./.env` say.
config::Checked<config::LoadInput> environment_input() {
    config::LoadInput input;
    input.environment = process_environment();
    input.dotenv_text = read_text(kDotenvFile);
    auto const fault = input.dotenv_text ? std::nullopt : fault_of_dotenv();
    if (fault) {
        return tl::unexpected(std::vector<config::Mistake>{{kDotenvFile, 0, 0, *fault}});
    }
    return input;
}

config::Checked<config::Configuration> load_all(config::LoadInput const& input) {
    auto configuration = config::load(input);
    if (configuration && is_folder(kDotenvFile)) {
        configuration->warnings.insert(configuration->warnings.begin(),
                                       std::string(kDotenvFile) + ": is a folder and is not read");
    }
    return configuration;
}

/// `refuses_unreadable`: see config::Machine.
config::Checked<config::Configuration> read_all(SettingsSource const& source,
                                                bool refuses_unreadable) {
    auto input = environment_input();
    if (!input) {
        return tl::unexpected(std::move(input.error()));
    }
    input->machine = {knows_zone, why_unreadable, refuses_unreadable};
    input->file_name = source.path.value_or(kDefaultFile);
    input->file_text = read_text(input->file_name);
    if (source.file_must_be_there && !input->file_text) {
        return tl::unexpected(std::vector<config::Mistake>{
            {"", 0, 0, "cannot read the configuration file " + input->file_name}});
    }
    auto configuration = load_all(*input);
    if (configuration && source.port) {
        config::set_port(*configuration, *source.port);
    }
    return configuration;
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
    return read_all(source, true);
}

std::optional<config::Configuration> load_settings(SettingsSource const& source,
                                                   std::ostream& err) {
    auto configuration = read_all(source, false);
    return tell_mistakes(configuration, err) ? std::optional(std::move(*configuration))
                                             : std::nullopt;
}

std::optional<config::Configuration> load_environment(std::ostream& err) {
    auto const input = environment_input();
    auto configuration =
        input ? load_all(*input)
              : config::Checked<config::Configuration>(tl::unexpected(input.error()));
    return tell_mistakes(configuration, err) ? std::optional(std::move(*configuration))
                                             : std::nullopt;
}

}  // namespace muster
