#include <cli/up_command.hpp>

#include <filesystem>
#include <iostream>
#include <utility>

#include <cli/demo_processes.hpp>
#include <hub/hub_app.hpp>
#include <hub/settings.hpp>
#include <muster/config/load.hpp>

namespace muster {
namespace {

/// Adds the sample projects to those of the configuration; one that has the same name stays.
Result<DemoProcesses> start_demo(UpCommand const& command, config::Configuration& settings) {
    auto const folder = std::filesystem::read_symlink("/proc/self/exe").parent_path();
    auto demo = DemoProcesses::start(folder, command.demo_port_base);
    if (!demo) {
        return demo;
    }
    for (auto const& project : demo->projects()) {
        std::cout << "demo: " << project.name << " on " << project.url << std::endl;
        bool known = false;
        for (auto const& configured : settings.projects) {
            known = known || configured.name == project.name;
        }
        if (known) {
            std::cerr << "muster: the configuration has a project '" << project.name
                      << "': that one is watched, not the sample\n";
        } else {
            settings.projects.push_back(project_of(project.name, *parse_url(project.url)));
        }
    }
    return demo;
}

}  // namespace

int run_up(UpCommand const& command) {
    auto settings = load_settings(command.config, std::cerr);
    if (!settings) {
        return kExitUsage;
    }
    if (command.port) {
        config::set_port(*settings, *command.port);
    }
    DemoProcesses demo;
    if (command.demo) {
        auto started = start_demo(command, *settings);
        if (!started) {
            std::cerr << "muster: the demo cannot start: " << started.error().message << '\n';
            return kExitFailed;
        }
        demo = std::move(*started);
    }
    auto app = HubApp::start(std::move(*settings), MUSTER_VERSION);
    if (!app) {
        std::cerr << "muster: " << app.error().message << '\n';
        return kExitFailed;
    }
    for (auto const& endpoint : (*app)->endpoints()) {
        std::cout << "muster: listening on " << local_url(endpoint) << std::endl;
    }
    return (*app)->run();
}

}  // namespace muster
