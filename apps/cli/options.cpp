#include <cli/options.hpp>

#include <iostream>
#include <string>
#include <string_view>
#include <vector>

#include <CLI/CLI.hpp>

#include <cli/unknown_command.hpp>
#include <hub/settings.hpp>
#include <muster/base/time.hpp>

namespace muster {
namespace {

void add_up(CLI::App& app, UpCommand& up) {
    auto* const command = app.add_subcommand("up", "Run everything in this one process");
    command->add_option("--config", up.config, "Configuration file (default ./muster.yaml)");
    command->add_option("--port", up.port, "Port to listen on; 0 takes a free one");
    command->add_flag("--demo", up.demo, "Start three sample projects and watch them");
    command
        ->add_option("--demo-port-base", up.demo_port_base,
                     "First of three ports for the sample projects; 0 takes free ones")
        ->check(CLI::Range(0, 65'533))
        ->capture_default_str();
}

void add_check(CLI::App& app, CheckCommand& check, std::string& interval) {
    auto* const command = app.add_subcommand(
        "check",
        "Check the given URLs, or the configuration's services, and print what is found.\n"
        "Exit code: 0 all up, 1 some degraded, 2 some down, 3 usage or configuration");
    command->add_option("--config", check.config, "Configuration file (default ./muster.yaml)");
    auto* const once = command->add_flag("--once", check.once, "Check once and end (the default)");
    command->add_flag("--continuous", check.continuous, "Check again and again until interrupted")
        ->excludes(once);
    command->add_option("--interval", interval, "With --continuous: from check to check (30s)")
        ->check([](std::string const& text) {
            auto const duration = parse_duration(text);
            if (!duration) {
                return duration.error().message;
            }
            return *duration <= Millis(0) ? std::string("must be longer than nothing")
                                          : std::string();
        });
    command->add_flag("--json", check.json, "Print JSON instead of a table");
    command->add_option("URL", check.urls, "What to check, as given");
}

void add_config_plan(CLI::App& config, ConfigPlanCommand& plan) {
    auto* const command = config.add_subcommand(
        "plan", "Ask a running hub what reading its configuration again would do");
    command->add_option("--hub", plan.hub, "URL of the hub (default MUSTER_URL, then port 3001)");
    command->add_option("--token", plan.token, "The hub's token (default MUSTER_TOKEN)");
    command->add_flag("--json", plan.json, "Print the answer as it came");
}

void add_config_check(CLI::App& config, ConfigCheckCommand& check) {
    auto* const command = config.add_subcommand(
        "check", "Read the configuration and tell every mistake in it. Exit code: 0 valid, 3 not");
    command->add_option("--config", check.config, "Configuration file (default ./muster.yaml)");
    command->add_flag("--json", check.json, "Print JSON");
}

void add_config_show(CLI::App& config, ConfigShowCommand& show) {
    auto* const command = config.add_subcommand(
        "show", "Print the configuration in effect, defaults filled in and secrets masked");
    command->add_option("--config", show.config, "Configuration file (default ./muster.yaml)");
    command->add_flag("--json", show.json, "Print JSON instead of YAML");
}

/// What is wrong with the words that name a command; empty: nothing.
std::string problem_of_command(CLI::App const& app, int argc, char** argv) {
    auto const* chosen = &app;
    auto program = app.get_name();
    for (int index = 1; index < argc; ++index) {
        auto const commands = chosen->get_subcommands([](CLI::App const*) { return true; });
        std::string_view const word(argv[index]);
        if (commands.empty() || word.empty() || word.front() == '-') {
            return {};
        }
        std::vector<std::string> names;
        chosen = nullptr;
        for (auto const* command : commands) {
            names.push_back(command->get_name());
            chosen = names.back() == word ? command : chosen;
        }
        if (chosen == nullptr) {
            return unknown_command(program, word,
                                   std::vector<std::string_view>(names.begin(), names.end()));
        }
        program += " " + std::string(word);
    }
    return {};
}

}  // namespace

std::optional<Command> read_command(int argc, char** argv, int& code) {
    CLI::App app("Muster knows, launches and heals every service a team runs.", "muster");
    app.set_version_flag("--version", std::string("muster ") + MUSTER_VERSION);
    app.require_subcommand(1);
    UpCommand up;
    CheckCommand check;
    std::string interval = "30s";
    add_up(app, up);
    add_check(app, check, interval);
    ConfigPlanCommand config_plan;
    ConfigCheckCommand config_check;
    ConfigShowCommand config_show;
    auto* const config = app.add_subcommand("config", "Look at the configuration");
    config->require_subcommand(1);
    add_config_check(*config, config_check);
    add_config_plan(*config, config_plan);
    add_config_show(*config, config_show);
    if (auto const problem = problem_of_command(app, argc, argv); !problem.empty()) {
        std::cerr << problem << '\n';
        code = kExitUsage;
        return std::nullopt;
    }
    try {
        app.parse(argc, argv);
    } catch (CLI::ParseError const& error) {
        code = app.exit(error) == 0 ? 0 : kExitUsage;
        return std::nullopt;
    }
    if (app.got_subcommand("up")) {
        return up;
    }
    if (config->got_subcommand("check")) {
        return config_check;
    }
    if (config->got_subcommand("plan")) {
        return config_plan;
    }
    if (config->got_subcommand("show")) {
        return config_show;
    }
    check.interval = *parse_duration(interval);
    return check;
}

}  // namespace muster
