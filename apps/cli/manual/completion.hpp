#pragma once

#include <cstdint>
#include <string>

#include <cli/manual/command_tree.hpp>
#include <muster/base/enum_names.hpp>

namespace muster {

enum class Shell : std::uint8_t { bash, zsh, fish };

constexpr EnumNames<Shell, 3> enum_names(Shell) {
    return {{{Shell::bash, "bash"}, {Shell::zsh, "zsh"}, {Shell::fish, "fish"}}};
}

/// A script that has the shell complete the commands, options and choices of the tree, and file
/// names where files are taken.
[[nodiscard]] std::string completion_script(CommandTree const& tree, Shell shell);

}  // namespace muster
