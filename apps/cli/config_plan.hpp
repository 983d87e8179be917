#pragma once

#include <optional>
#include <string>

#include <muster/domain/planned_change.hpp>

namespace muster {

/// `muster config plan`
struct ConfigPlanCommand {
    std::optional<std::string> hub;    ///< URL of the hub that is asked; nothing: MUSTER_URL.
    std::optional<std::string> token;  ///< Sent as Bearer; nothing: MUSTER_TOKEN.
    bool json{false};                  ///< Print the answer as it came.
};

/// Asks a running hub what reading its configuration again would do, and prints it. The exit code
/// of the process: 1 when no hub answers, 3 when the configuration is wrong.
[[nodiscard]] int run_config_plan(ConfigPlanCommand const& command);

}  // namespace muster
