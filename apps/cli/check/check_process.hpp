#pragma once

#include <optional>
#include <string>
#include <vector>

#include <cli/check/check_session.hpp>

namespace muster {

/// `muster check` as a process: checks `urls`, or without any the services of the configuration
/// (`config`, else `./muster.yaml` and the environment), until done, SIGINT or SIGTERM. Colours the
/// table on a terminal unless NO_COLOR is set. The exit code.
[[nodiscard]] int run_check(CheckOptions options, std::optional<std::string> const& config,
                            std::vector<std::string> const& urls);

}  // namespace muster
