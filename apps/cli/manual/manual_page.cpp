#include <cli/manual/manual_page.hpp>

#include <array>
#include <cctype>
#include <utility>

namespace muster {
namespace {

/// Text for groff: what it would take for a request or for typography is escaped.
std::string roff(std::string_view text) {
    std::string out;
    for (char const character : text) {
        bool const at_line_start = out.empty() || out.back() == '\n';
        if (at_line_start && (character == '.' || character == '\'')) {
            out += "\\&";
        }
        switch (character) {
            case '\\':
                out += "\\e";
                break;
            case '-':
                out += "\\-";
                break;
            default:
                out += character;
        }
    }
    return out;
}

std::string bold(std::string_view text) {
    return "\\fB" + roff(text) + "\\fR";
}

std::string italic(std::string_view text) {
    return "\\fI" + roff(text) + "\\fR";
}

/// Lines of a help text stay lines.
std::string paragraph(std::string_view text) {
    std::string out;
    while (true) {
        auto const end = text.find('\n');
        out += roff(text.substr(0, end)) + '\n';
        if (end == std::string_view::npos) {
            return out;
        }
        out += ".br\n";
        text.remove_prefix(end + 1);
    }
}

std::string upper(std::string_view text) {
    std::string out(text);
    for (char& character : out) {
        character = static_cast<char>(std::toupper(static_cast<unsigned char>(character)));
    }
    return out;
}

std::string value_of(CommandOption const& option) {
    if (option.choices.empty()) {
        return option.value;
    }
    std::string words;
    for (auto const& choice : option.choices) {
        words += (words.empty() ? "" : "|") + choice;
    }
    return words;
}

std::string argument_in_use(CommandOption const& argument) {
    auto text = italic(argument.names.front());
    if (argument.repeats) {
        text += "\\&...";
    }
    return argument.required ? text : "[" + text + "]";
}

std::string usage(std::string const& path, CommandTree const& command) {
    auto line = bold(path);
    if (!command.commands.empty()) {
        line += " " + italic("COMMAND");
    }
    if (!command.options.empty()) {
        line += " [" + italic("OPTION") + "\\&...]";
    }
    for (auto const& argument : command.arguments) {
        line += " " + argument_in_use(argument);
    }
    return line;
}

std::string entry(CommandOption const& option, bool is_option) {
    std::string out = ".TP\n";
    std::string names;
    for (auto const& name : option.names) {
        names += (names.empty() ? "" : ", ") + (is_option ? bold(name) : italic(name));
    }
    auto const value = is_option ? value_of(option) : std::string();
    out += names + (value.empty() ? "" : " " + italic(value)) + '\n';
    auto help = option.help;
    if (!is_option && !option.choices.empty()) {
        help += (help.empty() ? "" : ": ") + value_of(option);
    }
    return out + paragraph(help.empty() ? "-" : help);
}

void append_options(std::string& out, CommandTree const& command) {
    for (auto const& argument : command.arguments) {
        out += entry(argument, false);
    }
    for (auto const& option : command.options) {
        out += entry(option, true);
    }
}

void append_commands(std::string& out, CommandTree const& command, std::string const& path) {
    for (auto const& below : command.commands) {
        auto const its_path = path + " " + below.name;
        if (below.commands.empty()) {
            out += ".SS " + roff(its_path) + '\n' + usage(its_path, below) + "\n.PP\n" +
                   paragraph(below.help);
            append_options(out, below);
        } else {
            append_commands(out, below, its_path);
        }
    }
}

using Entry = std::pair<std::string_view, std::string_view>;

template <std::size_t N>
void append_list(std::string& out, std::array<Entry, N> const& entries) {
    for (auto const& [name, text] : entries) {
        out += ".TP\n" + bold(name) + '\n' + paragraph(text);
    }
}

constexpr std::array<Entry, 6> kExitCodes{{
    {"0", "All is well: up, done, valid."},
    {"1", "Something is degraded or not known yet; a program could not start."},
    {"2", "Something is down."},
    {"3", "The command line or the configuration is wrong."},
    {"4", "No hub answers, or what answers is none, or it is not ready."},
    {"5", "The hub refuses: not known, not allowed, not possible."},
}};

constexpr std::array<Entry, 4> kEnvironment{{
    {"MUSTER_URL", "URL of the hub that is asked."},
    {"MUSTER_TOKEN", "The hub's token. A file (--token-file) is harder to read for others."},
    {"MUSTER_DATA_DIR", "Where a hub keeps its data."},
    {"NO_COLOR", "Set to anything: no colours, also on a terminal."},
}};

constexpr std::array<Entry, 2> kFiles{{
    {"./muster.yaml", "The configuration, where --config names no other."},
    {"./.env", "Further environment; what is really set wins."},
}};

}  // namespace

std::string manual_page(CommandTree const& tree, std::string_view version) {
    std::string out = ".\\\" Written by \"" + tree.name + " man\": change the options, not this.\n";
    out += ".TH " + upper(tree.name) + " 1 \"\" \"" + tree.name + " " + std::string(version) +
           "\" \"User Commands\"\n";
    out += ".SH NAME\n" + roff(tree.name) + " \\- know, launch and heal services\n";
    out += ".SH SYNOPSIS\n" + usage(tree.name, tree) + '\n';
    out += ".SH DESCRIPTION\n" + paragraph(tree.help);
    out += ".SH OPTIONS\n";
    append_options(out, tree);
    out += ".SH COMMANDS\n";
    append_commands(out, tree, tree.name);
    out += ".SH EXIT STATUS\n";
    append_list(out, kExitCodes);
    out += ".SH ENVIRONMENT\n";
    append_list(out, kEnvironment);
    out += ".SH FILES\n";
    append_list(out, kFiles);
    return out;
}

}  // namespace muster
