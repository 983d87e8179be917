#include <cli/options.hpp>

#include <algorithm>
#include <iostream>
#include <sstream>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include <CLI/CLI.hpp>

#include <cli/ask/options.hpp>
#include <cli/unknown_command.hpp>
#include <hub/settings.hpp>
#include <muster/base/time.hpp>

namespace muster {
namespace {

/// Those of a command line behind the program's name.
using Words = std::vector<std::string>;

void add_up(CLI::App& app, UpCommand& up) {
    auto* const command = app.add_subcommand("up", "Run everything in this one process");
    command->add_option("--config", up.config, "Configuration file (default ./muster.yaml)")
        ->type_name("FILE");
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
    command->add_option("--config", check.config, "Configuration file (default ./muster.yaml)")
        ->type_name("FILE");
    auto* const once = command->add_flag("--once", check.once, "Check once and end (the default)");
    auto* const continuous =
        command
            ->add_flag("--continuous", check.continuous, "Check again and again until interrupted")
            ->excludes(once);
    command->add_option("--interval", interval, "With --continuous: from check to check (30s)")
        ->needs(continuous)
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
    add_hub_options(*command, plan.hub);
    command->add_flag("--json", plan.json, "Print the answer as it came");
}

void add_config_check(CLI::App& config, ConfigCheckCommand& check) {
    auto* const command = config.add_subcommand(
        "check", "Read the configuration and tell every mistake in it. Exit code: 0 valid, 3 not");
    command->add_option("--config", check.config, "Configuration file (default ./muster.yaml)")
        ->type_name("FILE");
    command->add_flag("--json", check.json, "Print JSON");
}

void add_config_show(CLI::App& config, ConfigShowCommand& show) {
    auto* const command = config.add_subcommand(
        "show", "Print the configuration in effect, defaults filled in and secrets masked");
    command->add_option("--config", show.config, "Configuration file (default ./muster.yaml)")
        ->type_name("FILE");
    command->add_flag("--json", show.json, "Print JSON instead of YAML");
}

void add_import(CLI::App& app, ImportCommand& imports) {
    auto* const command = app.add_subcommand(
        "import",
        "Make a configuration of another program's, and tell what cannot be carried over.\n"
        "Exit code: 0 all carried over, 1 not all, 3 the source cannot be read");
    std::vector<std::string> sources;
    for (auto const& [source, name] : enum_names(ImportSource{})) {
        sources.emplace_back(name);
    }
    command
        ->add_option_function<std::string>(
            "SOURCE",
            [&imports](std::string const& name) {
                imports.source = *parse_enum<ImportSource>(name);
            },
            "Whose it is")
        ->required()
        ->check(CLI::IsMember(sources));
    command
        ->add_option("FILE", imports.file,
                     "A Gatus YAML; a backup (JSON) or the database (kuma.db) of Uptime Kuma; a "
                     "blackbox.yml")
        ->required();
    command->add_option("--prometheus", imports.prometheus,
                        "With blackbox: the prometheus.yml whose static targets are probed");
    command->add_flag("--dry-run", imports.dry_run, "Tell what would be; write nothing");
    command->add_option("--output", imports.output, "Where to write it (default: standard output)");
    command->add_option("--env-file", imports.env_file,
                        "Where to write the secrets of the source, as .env has them");
    command->add_flag("--force", imports.force, "Overwrite files that are there");
    command->add_flag("--json", imports.json, "Print what was found as JSON");
}

void add_migrate(CLI::App& app, MigrateCommand& migrate) {
    auto* const command = app.add_subcommand(
        "migrate",
        "Bring the schema of the configured PostgreSQL database up to date.\n"
        "Exit code: 0 up to date, 1 the database is away or refuses, 3 configuration");
    command->add_option("--config", migrate.config, "Configuration file (default ./muster.yaml)")
        ->type_name("FILE");
    command->add_flag("--dry-run", migrate.dry_run, "Tell what would be applied; change nothing");
    command->add_flag("--json", migrate.json, "Print JSON");
}

bool is_option(std::string_view word) {
    return word.size() > 1 && word.front() == '-';
}

/// `muster services` alone, or with options only, lists.
Words with_list(Words words) {
    bool const lists = !words.empty() && (words[0] == "services" || words[0] == "maintenance");
    bool const asks = words.size() > 1 && (words[1] == "--help" || words[1] == "-h");
    if (lists && !asks && (words.size() == 1 || is_option(words[1]))) {
        words.insert(words.begin() + 1, "list");
    }
    return words;
}

/// What is wrong with the words that name a command; empty: nothing.
std::string problem_of_command(CLI::App const& app, Words const& words) {
    auto const* chosen = &app;
    auto program = app.get_name();
    for (std::string_view const word : words) {
        auto const commands = chosen->get_subcommands([](CLI::App const*) { return true; });
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

/// Tells of a command that is missing, and of an option that is unknown, what there is; all else
/// as CLI11 says it. The exit code.
int tell_mistake(CLI::App const& app, CLI::ParseError const& error) {
    auto const* chosen = &app;
    auto program = app.get_name();
    while (!chosen->get_subcommands().empty()) {
        chosen = chosen->get_subcommands().front();
        program += " " + chosen->get_name();
    }
    for (auto const& word : app.remaining(true)) {
        if (is_option(word)) {
            std::vector<std::string> names;
            for (auto const* const option : chosen->get_options()) {
                for (auto const& name : option->get_lnames()) {
                    names.push_back("--" + name);
                }
            }
            std::cerr << unknown_option(program, word.substr(0, word.find('=')),
                                        std::vector<std::string_view>(names.begin(), names.end()))
                      << '\n';
            return kExitUsage;
        }
    }
    auto const commands = chosen->get_subcommands([](CLI::App const*) { return true; });
    if (error.get_exit_code() == static_cast<int>(CLI::ExitCodes::RequiredError) &&
        !commands.empty()) {
        std::vector<std::string> names;
        for (auto const* const command : commands) {
            names.push_back(command->get_name());
        }
        std::cerr << missing_command(program,
                                     std::vector<std::string_view>(names.begin(), names.end()))
                  << '\n';
        return kExitUsage;
    }
    return app.exit(error) == 0 ? 0 : kExitUsage;
}

void add_doctor(CLI::App& app, DoctorCommand& doctor) {
    auto* const command =
        app.add_subcommand("doctor",
                           "Test every part of an installation and say what to do.\n"
                           "Exit code: 0 all well, 1 something to look at, 2 something fails");
    command->add_option("--config", doctor.config, "Configuration file (default ./muster.yaml)")
        ->type_name("FILE");
    add_hub_options(*command, doctor.hub);
    command->add_flag("--json", doctor.json, "Print JSON");
}

void add_completion(CLI::App& app, Shell& shell) {
    app.add_subcommand("completion",
                       "Print a script that completes this command line in a shell, such as\n"
                       "source <(muster completion bash)")
        ->add_option_function<std::string>(
            "SHELL", [&shell](std::string const& name) { shell = *parse_enum<Shell>(name); },
            "Which shell")
        ->required()
        ->check(CLI::IsMember({"bash", "zsh", "fish"}));
}

/// The command line of `muster` and what was given on it.
struct CommandLine {
    CommandLine();

    [[nodiscard]] Command chosen() const;

    CLI::App app{"Muster knows, launches and heals every service a team runs.", "muster"};
    UpCommand up;
    CheckCommand check;
    std::string check_interval{"30s"};
    ConfigPlanCommand config_plan;
    ConfigCheckCommand config_check;
    ConfigShowCommand config_show;
    ImportCommand imports;
    MigrateCommand migrate;
    DoctorCommand doctor;
    CompletionCommand completion;
    CLI::App* config{nullptr};
    std::optional<AskOptions> ask;
};

CommandLine::CommandLine() {
    app.set_version_flag("--version", std::string("muster ") + MUSTER_VERSION);
    app.require_subcommand(1);
    add_up(app, up);
    add_check(app, check, check_interval);
    ask.emplace(app);
    config = app.add_subcommand("config", "Look at the configuration");
    config->require_subcommand(1);
    add_config_check(*config, config_check);
    add_config_plan(*config, config_plan);
    add_config_show(*config, config_show);
    add_import(app, imports);
    add_migrate(app, migrate);
    add_doctor(app, doctor);
    add_completion(app, completion.shell);
    app.add_subcommand("man", "Print the manual page, such as: muster man | man -l -");
}

Command CommandLine::chosen() const {
    if (auto const asking = ask->chosen()) {
        return *asking;
    }
    if (app.got_subcommand("up")) {
        return up;
    }
    if (app.got_subcommand("import")) {
        return imports;
    }
    if (app.got_subcommand("migrate")) {
        return migrate;
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
    if (app.got_subcommand("doctor")) {
        return doctor;
    }
    if (app.got_subcommand("completion")) {
        return completion;
    }
    if (app.got_subcommand("man")) {
        return ManualCommand{};
    }
    auto checking = check;
    checking.interval = *parse_duration(check_interval);
    return checking;
}

/// CLI11 shows the words that an option takes as `TEXT:{up,down}`.
std::vector<std::string> choices_in(std::string const& type) {
    std::vector<std::string> choices;
    auto const open = type.find('{');
    auto const close = type.find('}', open);
    if (open != std::string::npos && close != std::string::npos) {
        std::istringstream words(type.substr(open + 1, close - open - 1));
        for (std::string word; std::getline(words, word, ',');) {
            choices.push_back(word);
        }
    }
    return choices;
}

CommandOption option_of(CLI::Option const& option) {
    CommandOption made;
    if (option.get_positional()) {
        made.names.push_back(option.get_name(true));
    } else {
        for (auto const& name : option.get_snames()) {
            made.names.push_back("-" + name);
        }
        for (auto const& name : option.get_lnames()) {
            made.names.push_back("--" + name);
        }
    }
    made.help = option.get_description();
    auto const type = option.get_type_name();
    made.choices = choices_in(type);
    if (option.get_items_expected_max() > 0) {
        made.value = type.substr(0, type.find(':'));
    }
    made.required = option.get_required();
    made.repeats = option.get_items_expected_max() > 1;
    return made;
}

CommandTree tree_of(CLI::App const& app) {
    CommandTree tree;
    tree.name = app.get_name();
    tree.help = app.get_description();
    for (auto const* const option : app.get_options()) {
        auto& list = option->get_positional() ? tree.arguments : tree.options;
        list.push_back(option_of(*option));
    }
    for (auto const* const command : app.get_subcommands([](CLI::App const*) { return true; })) {
        tree.commands.push_back(tree_of(*command));
    }
    return tree;
}

}  // namespace

std::optional<Command> read_command(int argc, char** argv, int& code) {
    CommandLine line;
    auto words = with_list(Words(argv + std::min(argc, 1), argv + argc));
    if (auto const problem = problem_of_command(line.app, words); !problem.empty()) {
        std::cerr << problem << '\n';
        code = kExitUsage;
        return std::nullopt;
    }
    try {
        std::reverse(words.begin(), words.end());  // as CLI11 takes them
        line.app.parse(std::move(words));
    } catch (CLI::ParseError const& error) {
        code = tell_mistake(line.app, error);
        return std::nullopt;
    }
    return line.chosen();
}

CommandTree command_tree() {
    return tree_of(CommandLine().app);
}

}  // namespace muster
