#pragma once

#include <cstddef>
#include <string>
#include <string_view>

namespace muster {

[[nodiscard]] bool is_valid_utf8(std::string_view text) noexcept;

/// Text from outside made fit to store and show: invalid UTF-8 (Unicode 15 section 3.9, table 3-7)
/// and NUL become U+FFFD, other control characters a space; cut to `max_bytes` at a character's
/// border. The result is valid UTF-8 without NUL.
[[nodiscard]] std::string clean_text(std::string_view text, std::size_t max_bytes = 1024);

}  // namespace muster
