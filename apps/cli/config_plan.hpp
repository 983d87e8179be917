#pragma once

#include <cli/client/hub_address.hpp>

namespace muster {

/// `muster config plan`
struct ConfigPlanCommand {
    HubChoice hub;
    bool json{false};  ///< Print the answer as it came.
};

/// Asks a running hub what reading its configuration again would do, and prints it. The exit code
/// of the process: kExitNoHub, kExitRefused, or kExitUsage when the configuration is wrong.
[[nodiscard]] int run_config_plan(ConfigPlanCommand const& command);

}  // namespace muster
