#pragma once

#include <cstddef>
#include <string>
#include <string_view>

namespace muster {

/// clean_text() of each line: lines stay lines. At most `max_bytes`.
[[nodiscard]] std::string clean_lines(std::string_view text, std::size_t max_bytes);

}  // namespace muster
