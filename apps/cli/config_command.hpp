#pragma once

#include <iosfwd>
#include <optional>
#include <string>

#include <muster/config/mistake.hpp>
#include <muster/config/model.hpp>

namespace muster {

/// `muster config check`
struct ConfigCheckCommand {
    std::optional<std::string> config;
    bool json{false};
};

/// `muster config show`
struct ConfigShowCommand {
    std::optional<std::string> config;
    bool json{false};
};

/// Tells every mistake, else warnings and how much there is. The exit code: 0, or kExitUsage.
[[nodiscard]] int run_config_check(config::Checked<config::Configuration> const& configuration,
                                   bool json, std::ostream& out, std::ostream& err);

/// Prints the configuration in effect, secrets masked. The exit code as above.
[[nodiscard]] int run_config_show(config::Checked<config::Configuration> const& configuration,
                                  bool json, std::ostream& out, std::ostream& err);

}  // namespace muster
