#pragma once

#include <span>
#include <string>
#include <string_view>

namespace muster {

/// What to say of a word that is none of the commands of `program` (`muster`, `muster config`): it
/// names the nearest one, else all.
[[nodiscard]] std::string unknown_command(std::string_view program, std::string_view word,
                                          std::span<std::string_view const> commands);

}  // namespace muster
