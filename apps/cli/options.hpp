#pragma once

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <variant>
#include <vector>

#include <cli/ask/commands.hpp>
#include <cli/config_command.hpp>
#include <cli/config_plan.hpp>
#include <cli/doctor/doctor_command.hpp>
#include <cli/import_command.hpp>
#include <cli/manual/command_tree.hpp>
#include <cli/manual/completion.hpp>
#include <cli/migrate_command.hpp>

namespace muster {

/// `muster up`
struct UpCommand {
    std::optional<std::string> config;
    std::optional<std::uint16_t> port;
    bool demo{false};
    std::uint16_t demo_port_base{3010};  ///< 0: free ports
};

/// `muster check`
struct CheckCommand {
    std::optional<std::string> config;
    bool once{true};  ///< What is done without `continuous`.
    bool continuous{false};
    std::chrono::milliseconds interval{30'000};
    bool json{false};
    std::vector<std::string> urls;
};

/// `muster completion SHELL`
struct CompletionCommand {
    Shell shell{Shell::bash};
};

/// `muster man`
struct ManualCommand {};

using Command = std::variant<UpCommand, CheckCommand, ConfigCheckCommand, ConfigPlanCommand,
                             ConfigShowCommand, ImportCommand, MigrateCommand, AskCommand,
                             DoctorCommand, CompletionCommand, ManualCommand>;

/// Reads the command line of `muster`. Nothing: it was dealt with (help, version) or is wrong,
/// which was told; end with `code`.
[[nodiscard]] std::optional<Command> read_command(int argc, char** argv, int& code);

/// All that the command line of `muster` takes.
[[nodiscard]] CommandTree command_tree();

}  // namespace muster
