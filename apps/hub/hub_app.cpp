#include <hub/hub_app.hpp>

#include <exception>
#include <utility>

#include <hub/hub_app_impl.hpp>
#include <hub/hub_app_options.hpp>

namespace muster {

/// Whoever watches over this process is an outsider: without its ear the hub works all the same.
void HubApp::Impl::tell_supervisor(Result<void> const& told) {
    if (!told) {
        log.write(LogLevel::warn, "hub", told.error().message);
    }
}

/// For the line that `systemctl status` shows.
std::string HubApp::Impl::status() const {
    std::string text = "listening on";
    for (auto const& endpoint : endpoints) {
        text += ' ' + to_text(endpoint);
    }
    return text;
}

/// Signals are taken from here on; what they ask for happens once the loop runs.
void HubApp::Impl::take_signals() {
    signals.emplace(
        loop, [this] { begin_stop(); },
        [this] {
            if (hub) {
                hub->commands().reload([](Result<ReloadReport> const&) {});  // the log tells it
            }
        });
}

int HubApp::Impl::run() {
    // From the loop: that it turns is what ready means.
    loop.post([this] {
        if (supervisor) {
            tell_supervisor(supervisor->ready(status()));
        }
    });
    try {
        loop.run();
    } catch (std::exception const& error) {
        give_up(std::string("hub loop: ") + error.what());
    }
    end_edge();
    log.write(LogLevel::info, "hub", "stopped");
    return exit_code;
}

HubApp::HubApp(std::unique_ptr<Impl> impl) : impl_(std::move(impl)) {}

HubApp::~HubApp() = default;

Result<std::unique_ptr<HubApp>> HubApp::start(
    config::Configuration configuration, std::string version,
    std::function<config::Checked<config::Configuration>()> load) {
    auto supervision = supervision_of_environment();
    if (!supervision) {
        return tl::unexpected(std::move(supervision.error()));
    }
    auto impl =
        std::make_unique<Impl>(std::move(configuration), std::move(version), std::move(load));
    impl->supervisor.emplace(std::move(*supervision), impl->loop, impl->clock);
    if (auto applied = impl->log.apply(log_options(impl->configuration.logging)); !applied) {
        return tl::unexpected(std::move(applied.error()));
    }
    for (auto const& warning : impl->configuration.warnings) {
        impl->log.write(LogLevel::warn, "config", warning);
    }
    auto done = impl->open_data();
    if (done) {
        done = impl->open_edge();
    }
    if (done) {
        done = impl->start_hub();
    }
    if (!done) {
        return tl::unexpected(std::move(done.error()));
    }
    impl->add_stop_steps();
    impl->take_signals();
    return std::unique_ptr<HubApp>(new HubApp(std::move(impl)));
}

std::vector<HostPort> const& HubApp::endpoints() const noexcept {
    return impl_->endpoints;
}

int HubApp::run() {
    return impl_->run();
}

std::string local_url(HostPort const& endpoint) {
    auto reachable = endpoint;
    if (endpoint.host == "0.0.0.0" || endpoint.host == "::") {
        reachable.host = "127.0.0.1";
    }
    return "http://" + to_text(reachable);
}

}  // namespace muster
