#pragma once

#include <cstddef>
#include <optional>
#include <span>
#include <string_view>

namespace muster {

/// How many letters must be put in, taken out, replaced or swapped with their neighbour to make one
/// word of the other (optimal string alignment); case does not matter.
[[nodiscard]] std::size_t edit_distance(std::string_view left, std::string_view right);

/// The word that was probably meant: the nearest one, if a third of the letters at most must
/// change; else one that starts with the word, or the other way round.
[[nodiscard]] std::optional<std::string_view> nearest(std::string_view word,
                                                      std::span<std::string_view const> known);

}  // namespace muster
