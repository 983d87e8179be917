#pragma once

#include <string>

#include <cli/ask/commands.hpp>
#include <muster/base/result.hpp>

namespace muster {

/// What is sent to the hub in order to add a maintenance window. `now` is where one begins that
/// says nothing else. Errors: invalid, naming what is missing or in the way.
[[nodiscard]] Result<std::string> window_request(MaintenanceAddCommand const& command,
                                                 WallTime now);

}  // namespace muster
