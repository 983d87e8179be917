#pragma once

#include <cstdint>
#include <iosfwd>
#include <optional>
#include <string>

#include <muster/config/mistake.hpp>
#include <muster/config/model.hpp>

namespace muster {

/// Where a configuration comes from, so that it can be read again.
struct SettingsSource {
    std::optional<std::string> path;      ///< `--config`
    std::optional<std::uint16_t> port{};  ///< `--port`, which wins.
    bool file_must_be_there{false};       ///< It was named, or there: not the same as empty.
};

/// The file (`path`, else `./muster.yaml` if there is one), `./.env` and the environment, as they
/// are when the process begins: a file that is there must be readable, then and later.
[[nodiscard]] SettingsSource settings_source(std::optional<std::string> const& path,
                                             std::optional<std::uint16_t> port);

/// Reads it all, or gives every mistake; a file that the configuration names and that cannot be
/// read is one. Blocks.
[[nodiscard]] config::Checked<config::Configuration> read_settings(SettingsSource const& source);

/// The same at the start, but that a file which cannot be read is worth a warning only: all else is
/// watched. Nothing: every mistake was told on `err`; end with exit code 3.
[[nodiscard]] std::optional<config::Configuration> load_settings(SettingsSource const& source,
                                                                 std::ostream& err);

/// What `./.env` and the environment alone say, without any file. Else as load_settings().
[[nodiscard]] std::optional<config::Configuration> load_environment(std::ostream& err);

/// Exit codes of all programs.
inline constexpr int kExitFailed = 1;  ///< Could not start, or had to give up.
inline constexpr int kExitUsage = 3;   ///< Command line or configuration.

}  // namespace muster
