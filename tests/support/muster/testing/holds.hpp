#pragma once

#include <string_view>

namespace muster::testing {

/// Whether `part` stands in the text.
[[nodiscard]] inline bool holds(std::string_view text, std::string_view part) {
    return text.find(part) != std::string_view::npos;
}

}  // namespace muster::testing
