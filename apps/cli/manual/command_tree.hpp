#pragma once

#include <string>
#include <vector>

namespace muster {

/// An option or an argument of a command.
struct CommandOption {
    std::vector<std::string> names;  ///< With their dashes; of an argument its one name.
    std::string help;
    std::string value;  ///< What stands for its value: `TEXT`, `FILE`; empty: a flag.
    std::vector<std::string> choices;  ///< The only words it takes; empty: any.
    bool required{false};
    bool repeats{false};
};

/// A command as it stands on the command line, with those below it.
struct CommandTree {
    std::string name;
    std::string help;  ///< The first line is its summary.
    std::vector<CommandOption> options;
    std::vector<CommandOption> arguments;
    std::vector<CommandTree> commands;
};

}  // namespace muster
