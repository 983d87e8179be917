#pragma once

#include <cli/options.hpp>

namespace muster {

/// Runs the hub, and the sample projects where they are asked for, until SIGINT or SIGTERM. The
/// exit code of the process.
[[nodiscard]] int run_up(UpCommand const& command);

}  // namespace muster
