#pragma once

#include <optional>
#include <string>

#include <cli/client/hub_address.hpp>

namespace muster {

/// `muster doctor`
struct DoctorCommand {
    HubChoice hub;
    std::optional<std::string> config;
    bool json{false};
};

}  // namespace muster
