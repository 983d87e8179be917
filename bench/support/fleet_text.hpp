#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

namespace muster::bench {

/// A hub's configuration: services over hosts, some to a project.
struct FleetShape {
    std::size_t services{0};
    std::string interval{};
    std::string timeout{"900ms"};
    std::string connection{"reuse"};
    std::size_t a_project{100};
    std::string path{"/text"};
};

[[nodiscard]] std::string fleet_text(FleetShape const& shape, std::vector<std::string> const& hosts,
                                     std::uint16_t port);

}  // namespace muster::bench
