#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include <cli/ask/commands.hpp>
#include <muster/base/result.hpp>

namespace muster {

/// What is sent to the hub in order to register one service.
struct Registration {
    std::string name;  ///< For people: `shop/app`, or where in the file it stands.
    std::string json;  ///< The configuration's shape.
};

/// What the flags say. Errors: invalid, naming what is missing or in the way.
[[nodiscard]] Result<Registration> registration_of_flags(ServicesRegisterCommand const& command);

/// A service, or a list of them, each with its `project`, in the configuration's shape: YAML or
/// JSON. Whether each is right the hub says. Errors: invalid, with `file` and the line.
[[nodiscard]] Result<std::vector<Registration>> registrations_of_file(std::string_view text,
                                                                      std::string const& file);

}  // namespace muster
