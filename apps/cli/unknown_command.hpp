#pragma once

#include <span>
#include <string>
#include <string_view>

namespace muster {

// What to say of a command line that cannot be read. `program` is what its words name so far:
// `muster`, `muster config`.

/// Of a word that is none of the commands of `program`: it names the nearest one, else all.
[[nodiscard]] std::string unknown_command(std::string_view program, std::string_view word,
                                          std::span<std::string_view const> commands);

/// Of a word that is none of the options of `program` (each with its dashes): the same.
[[nodiscard]] std::string unknown_option(std::string_view program, std::string_view word,
                                         std::span<std::string_view const> options);

/// Where a command must follow: which there are.
[[nodiscard]] std::string missing_command(std::string_view program,
                                          std::span<std::string_view const> commands);

}  // namespace muster
