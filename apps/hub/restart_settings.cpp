#include <hub/restart_settings.hpp>

#include <string_view>

namespace muster {

std::vector<std::string> settings_that_need_a_restart(config::Configuration const& running,
                                                      config::Configuration const& loaded) {
    std::vector<std::string> keys;
    auto const note = [&keys](bool same, std::string_view key) {
        if (!same) {
            keys.emplace_back(key);
        }
    };
    note(running.hub.id == loaded.hub.id, "hub.id");
    note(running.hub.listen == loaded.hub.listen, "hub.listen");
    note(running.hub.hosts == loaded.hub.hosts, "hub.hosts");
    note(running.data_dir == loaded.data_dir, "MUSTER_DATA_DIR");
    note(running.logging == loaded.logging, "logging");
    note(running.retention == loaded.retention, "retention");
    note(running.cors == loaded.cors, "cors");
    note(running.token == loaded.token, "auth.token");
    return keys;
}

}  // namespace muster
