#include <cli/up_command.hpp>

#include <algorithm>
#include <filesystem>
#include <iostream>
#include <optional>
#include <string>
#include <system_error>
#include <utility>
#include <vector>

#include <cli/demo_processes.hpp>
#include <cli/demo_watch.hpp>
#include <hub/hub_app.hpp>
#include <hub/settings.hpp>
#include <muster/runtime/process_memory.hpp>
#include <muster/runtime/signals.hpp>

namespace muster {
namespace {

/// Adds the sample projects to those of the configuration; one that has the same name stays.
void add_samples(std::vector<ProjectSpec> const& samples, config::Configuration& settings) {
    for (auto const& sample : samples) {
        bool const known =
            std::any_of(settings.projects.begin(), settings.projects.end(),
                        [&](auto const& project) { return project.name == sample.name; });
        if (known) {
            settings.warnings.push_back("the configuration has a project '" + sample.name +
                                        "': that one is watched, not the sample");
        } else {
            settings.projects.push_back(sample);
        }
    }
}

/// Beside this program where it was built, in a folder of their own where it was installed.
std::filesystem::path samples_folder() {
    auto const here = std::filesystem::read_symlink("/proc/self/exe").parent_path();
    auto const installed = here / MUSTER_SAMPLES;
    std::error_code unknown;
    return std::filesystem::is_directory(installed, unknown) ? installed : here;
}

Result<DemoProcesses> start_demo(UpCommand const& command, std::vector<ProjectSpec>& samples) {
    auto demo = DemoProcesses::start(samples_folder(), command.demo_port_base);
    if (!demo && command.demo_port_base != 0) {
        demo.error().message += "; the sample projects take the ports " +
                                std::to_string(command.demo_port_base) + " to " +
                                std::to_string(command.demo_port_base + 2) +
                                ": --demo-port-base names others, 0 takes free ones";
    }
    if (!demo) {
        return demo;
    }
    for (auto const& project : demo->projects()) {
        std::cout << "demo: " << project.name << " on " << project.url << std::endl;
        samples.push_back(project_of(project.name, *parse_url(project.url)));
    }
    return demo;
}

}  // namespace

int run_up(UpCommand const& command) {
    share_one_heap();
    hold_reload_signal();
    auto const source = settings_source(command.config, command.port);
    auto settings = load_settings(source, std::cerr);
    if (!settings) {
        return kExitUsage;
    }
    DemoProcesses demo;
    std::vector<ProjectSpec> samples;
    if (command.demo) {
        auto started = start_demo(command, samples);
        if (!started) {
            std::cerr << "muster: the demo cannot start: " << started.error().message << '\n';
            return kExitFailed;
        }
        demo = std::move(*started);
        add_samples(samples, *settings);
    }
    auto app = HubApp::start(std::move(*settings), MUSTER_VERSION, [source, samples] {
        auto again = read_settings(source);
        if (again) {
            add_samples(samples, *again);
        }
        return again;
    });
    if (!app) {
        std::cerr << "muster: " << app.error().message << '\n';
        return kExitFailed;
    }
    for (auto const& endpoint : (*app)->endpoints()) {
        std::cout << "muster: listening on " << local_url(endpoint) << std::endl;
    }
    std::optional<DemoWatch> watch;
    if (command.demo) {
        watch.emplace(demo, std::cerr);
    }
    return (*app)->run();
}

}  // namespace muster
