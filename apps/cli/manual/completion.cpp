// Bash and zsh: a function that finds out which command the words so far are in, and then offers
// what that one takes. Fish: one line for each thing that can be offered, with the command that it
// belongs to as its condition.

#include <cli/manual/completion.hpp>

#include <string_view>

#include <fmt/format.h>

namespace muster {
namespace {

/// In single quotes for a POSIX shell.
std::string quoted(std::string_view text) {
    std::string out = "'";
    for (char const character : text) {
        if (character == '\'') {
            out += "'\\''";
        } else {
            out += character;
        }
    }
    return out + "'";
}

/// Fish knows two escapes inside of single quotes.
std::string fish_quoted(std::string_view text) {
    std::string out = "'";
    for (char const character : text) {
        if (character == '\'' || character == '\\') {
            out += '\\';
        }
        out += character;
    }
    return out + "'";
}

std::string first_line(std::string const& text) {
    return text.substr(0, text.find('\n'));
}

std::string words_of(std::vector<std::string> const& words) {
    std::string line;
    for (auto const& word : words) {
        line += (line.empty() ? "" : " ") + word;
    }
    return line;
}

std::vector<std::string> option_names(CommandTree const& command) {
    std::vector<std::string> names;
    for (auto const& option : command.options) {
        names.insert(names.end(), option.names.begin(), option.names.end());
    }
    return names;
}

std::vector<std::string> command_names(CommandTree const& command) {
    std::vector<std::string> names;
    for (auto const& below : command.commands) {
        names.push_back(below.name);
    }
    return names;
}

/// Calls `visit(path, command)` for a command and all below it; the path is its words.
template <class Visit>
void each_command(CommandTree const& command, std::string const& path, Visit const& visit) {
    visit(path, command);
    for (auto const& below : command.commands) {
        each_command(below, path + " " + below.name, visit);
    }
}

/// What follows an option that takes a value, as a bash command that sets COMPREPLY.
std::string bash_values(CommandOption const& option) {
    if (!option.choices.empty()) {
        return fmt::format("COMPREPLY=($(compgen -W {} -- \"$current\"))",
                           quoted(words_of(option.choices)));
    }
    return option.value == "FILE" ? "COMPREPLY=($(compgen -f -- \"$current\"))" : "COMPREPLY=()";
}

std::string bash_cases(CommandTree const& tree) {
    std::string out;
    each_command(tree, tree.name, [&](std::string const& path, CommandTree const& command) {
        for (auto const& option : command.options) {
            if (option.value.empty()) {
                continue;
            }
            for (auto const& name : option.names) {
                out += fmt::format("        {}) {}; return ;;\n", quoted(path + " " + name),
                                   bash_values(option));
            }
        }
    });
    return out;
}

std::string bash_words(CommandTree const& tree) {
    std::string out;
    each_command(tree, tree.name, [&](std::string const& path, CommandTree const& command) {
        auto words = command_names(command);
        auto const options = option_names(command);
        words.insert(words.end(), options.begin(), options.end());
        for (auto const& argument : command.arguments) {
            words.insert(words.end(), argument.choices.begin(), argument.choices.end());
        }
        out += fmt::format("        {}) words={} ;;\n", quoted(path), quoted(words_of(words)));
    });
    return out;
}

std::string bash_steps(CommandTree const& tree) {
    std::string out;
    each_command(tree, tree.name, [&](std::string const& path, CommandTree const& command) {
        for (auto const& below : command.commands) {
            out += fmt::format("            {}) path={} ;;\n", quoted(path + " " + below.name),
                               quoted(path + " " + below.name));
        }
    });
    return out;
}

/// zsh takes the same function through its own emulation of bash's completion.
std::string bash_script(CommandTree const& tree) {
    auto const name = tree.name;
    return fmt::format(
        "_{0}() {{\n"
        "    local current=\"${{COMP_WORDS[COMP_CWORD]}}\"\n"
        "    local previous=\"${{COMP_WORDS[COMP_CWORD-1]}}\"\n"
        "    local path={1} words='' at\n"
        "    for ((at = 1; at < COMP_CWORD; at++)); do\n"
        "        case \"$path ${{COMP_WORDS[at]}}\" in\n"
        "{2}"
        "        esac\n"
        "    done\n"
        "    case \"$path $previous\" in\n"
        "{3}"
        "    esac\n"
        "    case \"$path\" in\n"
        "{4}"
        "    esac\n"
        "    COMPREPLY=($(compgen -W \"$words\" -- \"$current\"))\n"
        "}}\n"
        "complete -F _{0} {0}\n",
        name, quoted(name), bash_steps(tree), bash_cases(tree), bash_words(tree));
}

std::string fish_condition(std::string const& path) {
    auto const space = path.find(' ');
    return space == std::string::npos ? std::string("__fish_use_subcommand")
                                      : "__muster_in " + path.substr(space + 1);
}

std::string fish_option(std::string const& command, std::string const& condition,
                        CommandOption const& option) {
    auto line = fmt::format("complete -c {} -n {}", command, fish_quoted(condition));
    for (auto const& name : option.names) {
        bool const is_long = name.rfind("--", 0) == 0;
        line += fmt::format(" {} {}", is_long ? "-l" : "-s", name.substr(is_long ? 2 : 1));
    }
    if (!option.choices.empty()) {
        line += " -x -a " + fish_quoted(words_of(option.choices));
    } else if (option.value == "FILE") {
        line += " -r -F";
    } else if (!option.value.empty()) {
        line += " -x";
    }
    return line + " -d " + fish_quoted(first_line(option.help)) + '\n';
}

std::string fish_script(CommandTree const& tree) {
    // Whether the words that are no options are these, with nothing but an argument behind them.
    std::string out =
        "function __muster_in\n"
        "    set -l words (commandline -opc | string match -v -- '-*')\n"
        "    test \"$words[2..-1]\" = \"$argv\"; or string match -q -- \"$argv *\" "
        "\"$words[2..-1]\"\n"
        "end\n";
    out += fmt::format("complete -c {} -f\n", tree.name);
    each_command(tree, tree.name, [&](std::string const& path, CommandTree const& command) {
        auto const condition = fish_condition(path);
        for (auto const& below : command.commands) {
            out +=
                fmt::format("complete -c {} -n {} -a {} -d {}\n", tree.name, fish_quoted(condition),
                            below.name, fish_quoted(first_line(below.help)));
        }
        for (auto const& option : command.options) {
            out += fish_option(tree.name, condition, option);
        }
        for (auto const& argument : command.arguments) {
            if (!argument.choices.empty()) {
                out += fmt::format("complete -c {} -n {} -a {}\n", tree.name,
                                   fish_quoted(condition), fish_quoted(words_of(argument.choices)));
            }
        }
    });
    return out;
}

}  // namespace

std::string completion_script(CommandTree const& tree, Shell shell) {
    switch (shell) {
        case Shell::bash:
            return "# bash completion: source <(" + tree.name + " completion bash)\n" +
                   bash_script(tree);
        case Shell::zsh:
            return "#compdef " + tree.name + "\n# zsh completion: source <(" + tree.name +
                   " completion zsh)\n"
                   "autoload -Uz compinit bashcompinit\n"
                   "(( $+functions[compdef] )) || compinit\n"
                   "bashcompinit\n" +
                   bash_script(tree);
        case Shell::fish:
            return "# fish completion: " + tree.name + " completion fish | source\n" +
                   fish_script(tree);
    }
    return {};
}

}  // namespace muster
