#pragma once

#include <functional>
#include <string>
#include <vector>

#include <muster/config/mistake.hpp>
#include <muster/config/model.hpp>
#include <muster/hub/hub.hpp>
#include <muster/ports/hub_commands.hpp>
#include <muster/ports/lane.hpp>
#include <muster/ports/log.hpp>

namespace muster {

/// Reads the configuration again and has the hub apply it. A configuration that is wrong changes
/// nothing: every mistake is logged and told, and it is a problem of the hub until a good one was
/// read. Hub's loop only; files are read on the lane.
class ConfigReload {
public:
    /// Reads everything that the configuration is made of. Runs on the lane.
    using Load = std::function<config::Checked<config::Configuration>()>;
    /// Takes over the settings of each configuration that was applied. Error: the log stays as it
    /// was, the rest was taken over.
    using Applied = std::function<Result<void>(config::Configuration const&)>;

    /// `running`: what the hub was started with, of which only the settings are looked at. All else
    /// must outlive it.
    ConfigReload(Hub& hub, Lane& lane, Log& log, config::Configuration running, Load load,
                 Applied applied);

    /// Contracts and errors as in HubCommands.
    void reload(HubCommands::ReloadDone done);
    void plan(HubCommands::ReloadDone done);

private:
    using Loaded = config::Checked<config::Configuration>;

    void read(std::function<void(Loaded)> then, HubCommands::ReloadDone& done);
    [[nodiscard]] Result<ReloadReport> apply(Loaded loaded);
    void take_settings(config::Configuration const& loaded, ReloadReport& report);
    [[nodiscard]] Error refuse(std::vector<std::string> const& mistakes);
    void tell(ReloadReport const& report);

    Hub& hub_;
    Lane& lane_;
    Log& log_;
    config::Configuration running_;  ///< Settings as the newest reload left them.
    Load const load_;
    Applied const applied_;
    std::string wrong_;  ///< Why the newest configuration was refused, as told; empty: it was not.
};

}  // namespace muster
