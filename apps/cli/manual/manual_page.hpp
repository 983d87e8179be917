#pragma once

#include <string>
#include <string_view>

#include <cli/manual/command_tree.hpp>

namespace muster {

/// The manual page of section 1 (groff's man macros) of a program: every command with its options,
/// what the environment says, exit codes. The same for the same tree: it carries no date.
[[nodiscard]] std::string manual_page(CommandTree const& tree, std::string_view version);

}  // namespace muster
