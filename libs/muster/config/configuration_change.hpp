#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include <muster/config/model.hpp>

namespace muster::config {

/// A setting that two configurations have differently; projects, services and windows are not
/// settings but objects of the registry, which plans their changes itself.
struct SettingChange {
    enum class Takes : std::uint8_t {
        effect,   ///< A running hub can take it over.
        restart,  ///< Only the next start does.
    };

    std::string setting;  ///< `limits.perHost`, `MUSTER_DATA_DIR`
    Takes takes{Takes::effect};
    /// One line without secrets: `limits.perHost: 64 -> 32`, and of one that needs a restart what
    /// to do.
    std::string description;

    bool operator==(SettingChange const&) const = default;
};

/// What differs between the settings that a hub runs with and those of a file read anew, in the
/// order of the documentation. Empty: nothing does.
[[nodiscard]] std::vector<SettingChange> changed_settings(Configuration const& running,
                                                          Configuration const& wanted);

/// `running`, with all of `wanted` that can take effect without a restart.
[[nodiscard]] Configuration with_live_settings(Configuration const& running, Configuration wanted);

}  // namespace muster::config
