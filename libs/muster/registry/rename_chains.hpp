#pragma once

#include <cstddef>
#include <functional>
#include <string>
#include <string_view>
#include <vector>

namespace muster {

/// A name that a configuration lists, and the one that it says the object had.
struct ListedName {
    std::string_view name;
    std::string_view formerly;  ///< Empty: none.
};

/// Which listed names are renames of what is known, in an order in which each new name is free when
/// its turn comes: of `b` (formerly `a`) and `c` (formerly `b`), `c` comes first. An object moves
/// if its old name is known, and either not listed or moves itself; and if its new name is not
/// known or moves away. Gives indexes into `listed`, which has no rings (rename_mistakes).
[[nodiscard]] std::vector<std::size_t> renames_in_order(
    std::vector<ListedName> const& listed, std::function<bool(std::string_view)> const& known);

}  // namespace muster
