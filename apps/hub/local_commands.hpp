#pragma once

#include <hub/config_reload.hpp>
#include <muster/hub/hub.hpp>
#include <muster/ports/hub_commands.hpp>

namespace muster {

/// Commands as the hub's own side carries them out. Answers come inside the call where nothing has
/// to be waited for: whoever carries them to another loop makes that later. Hub's loop only.
class LocalCommands final : public HubCommands {
public:
    /// Both must outlive it.
    LocalCommands(Hub& hub, ConfigReload& config) : hub_(hub), config_(config) {}

    void reload(ReloadDone done) override { config_.reload(std::move(done)); }
    void plan(ReloadDone done) override { config_.plan(std::move(done)); }
    void register_service(ServiceSpec spec, ServiceDone done) override {
        done(hub_.register_service(std::move(spec)));
    }
    void replace_service(ServiceId id, ServiceSpec spec, ServiceDone done) override {
        done(hub_.replace_service(id, std::move(spec)));
    }
    void remove_service(ServiceId id, Done done) override { done(hub_.remove_service(id)); }
    void check_now(ServiceId id, Wait wait, CheckDone done) override {
        hub_.check_now(id, wait, std::move(done));
    }
    void add_window(MaintenanceSpec spec, WindowDone done) override {
        done(hub_.add_window(std::move(spec)));
    }
    void remove_window(MaintenanceId id, Done done) override { done(hub_.remove_window(id)); }

private:
    Hub& hub_;
    ConfigReload& config_;
};

}  // namespace muster
