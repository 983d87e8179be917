#pragma once

#include <string>
#include <string_view>

namespace muster {

/// HMAC-SHA-256 (RFC 2104) of a text by a key, in lower-case hex. Any thread.
[[nodiscard]] std::string hmac_sha256(std::string_view key, std::string_view text);

}  // namespace muster
