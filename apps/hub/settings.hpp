#pragma once

#include <iosfwd>
#include <optional>
#include <string>

#include <muster/config/model.hpp>

namespace muster {

/// The configuration of this process: the file (`path`, else `./muster.yaml` if there is one),
/// `./.env` and the environment. Nothing: every mistake was told on `err`; end with exit code 3.
[[nodiscard]] std::optional<config::Configuration> load_settings(
    std::optional<std::string> const& path, std::ostream& err);

/// Exit codes of all programs.
inline constexpr int kExitFailed = 1;  ///< Could not start, or had to give up.
inline constexpr int kExitUsage = 3;   ///< Command line or configuration.

}  // namespace muster
