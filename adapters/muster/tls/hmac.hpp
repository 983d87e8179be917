#pragma once

#include <string>
#include <string_view>

namespace muster {

/// HMAC-SHA-256 (RFC 2104) of a text by a key, in lower-case hex. Any thread.
[[nodiscard]] std::string hmac_sha256(std::string_view key, std::string_view text);

/// A key of 32 bytes made of a password so slowly (PBKDF2 with HMAC-SHA-256, RFC 8018 section 5.2,
/// 200,000 rounds: some 50 ms) that who has something signed by it cannot try passwords quickly.
/// `purpose` keeps keys for different uses apart. Any thread.
[[nodiscard]] std::string stretched_key(std::string_view password, std::string_view purpose);

}  // namespace muster
