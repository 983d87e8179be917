#include <iostream>

#include <hub/hub_app.hpp>
#include <hub/options.hpp>
#include <hub/settings.hpp>
#include <muster/runtime/descriptors.hpp>
#include <muster/runtime/process_memory.hpp>
#include <muster/runtime/signals.hpp>

int main(int argc, char** argv) {
    muster::hold_reload_signal();
    muster::share_one_heap();
    muster::take_all_descriptors();
    int code = 0;
    auto const options = muster::read_hub_options(argc, argv, code);
    if (!options) {
        return code;
    }
    auto const source = muster::settings_source(options->config, options->port);
    auto settings = muster::load_settings(source, std::cerr);
    if (!settings) {
        return muster::kExitUsage;
    }
    auto app = muster::HubApp::start(std::move(*settings), MUSTER_VERSION,
                                     [source] { return muster::read_settings(source); });
    if (!app) {
        std::cerr << "muster-hub: " << app.error().message << '\n';
        return muster::kExitFailed;
    }
    for (auto const& endpoint : (*app)->endpoints()) {
        std::cout << "muster: listening on " << muster::local_url(endpoint) << std::endl;
    }
    return (*app)->run();
}
