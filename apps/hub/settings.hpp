#pragma once

#include <cstdint>
#include <iosfwd>
#include <optional>
#include <string>

#include <muster/config/mistake.hpp>
#include <muster/config/model.hpp>

namespace muster {

/// The configuration of this process: the file (`path`, else `./muster.yaml` if there is one),
/// `./.env` and the environment. Nothing: every mistake was told on `err`; end with exit code 3.
[[nodiscard]] std::optional<config::Configuration> load_settings(
    std::optional<std::string> const& path, std::ostream& err);

/// Where a configuration comes from, so that it can be read again.
struct SettingsSource {
    std::optional<std::string> path;      ///< `--config`
    std::optional<std::uint16_t> port{};  ///< `--port`, which wins.
    bool file_must_be_there{false};       ///< It was there at the start: not the same as empty.
};

/// The same source as it was when the process began: what was there must be there again.
[[nodiscard]] SettingsSource settings_source(std::optional<std::string> const& path,
                                             std::optional<std::uint16_t> port);

/// Reads it all again, or gives every mistake. Blocks.
[[nodiscard]] config::Checked<config::Configuration> read_settings(SettingsSource const& source);

/// Exit codes of all programs.
inline constexpr int kExitFailed = 1;  ///< Could not start, or had to give up.
inline constexpr int kExitUsage = 3;   ///< Command line or configuration.

}  // namespace muster
