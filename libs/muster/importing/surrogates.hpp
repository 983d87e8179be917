#pragma once

#include <string>
#include <string_view>

namespace muster::importing {

/// JSON text with the pairs of escapes that stand for one character beyond U+FFFF (RFC 8259
/// section 7) written as that character: YAML has no such pairs. A half by itself becomes U+FFFD.
[[nodiscard]] std::string without_surrogates(std::string_view json);

}  // namespace muster::importing
