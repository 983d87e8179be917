#pragma once

#include <cstddef>
#include <optional>
#include <string_view>

namespace muster::config {

/// A character beyond ASCII that cannot be seen and that readers of YAML 1.1 take for a line break
/// or refuse (YAML 1.1 sections 4.1.1 and 4.1.4): U+0080 to U+009F, U+2028, U+2029, U+FEFF, U+FFFE,
/// U+FFFF. In a file it is written as an escape.
struct UnseenCharacter {
    std::size_t at{0};    ///< Its first byte.
    std::size_t size{0};  ///< In bytes.
    unsigned code{0};
};

/// The first of them at `from` or behind it. Bytes that are no UTF-8 are passed over.
[[nodiscard]] std::optional<UnseenCharacter> find_unseen_character(std::string_view text,
                                                                   std::size_t from = 0) noexcept;

}  // namespace muster::config
