#include <support/fleet_text.hpp>

#include <fmt/format.h>

namespace muster::bench {

std::string fleet_text(FleetShape const& shape, std::vector<std::string> const& hosts,
                       std::uint16_t port) {
    auto text = fmt::format("defaults: {{ interval: {}, timeout: {}, retries: 0 }}\nprojects:\n",
                            shape.interval, shape.timeout);
    for (std::size_t index = 0; index < shape.services; ++index) {
        if (index % shape.a_project == 0) {
            text += fmt::format("  - name: p{}\n    services:\n", index / shape.a_project);
        }
        text += fmt::format(
            "      - {{ name: s{}, connection: {}, probe: {{ http: \"http://{}:{}{}\" }} }}\n",
            index, shape.connection, hosts[index % hosts.size()], port, shape.path);
    }
    return text;
}

}  // namespace muster::bench
