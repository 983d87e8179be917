#pragma once

#include <string>
#include <string_view>

namespace muster {

/// Whether bytes can be the start of a TLS record (RFC 8446 section 5.1).
[[nodiscard]] bool may_be_tls(std::string_view first_bytes) noexcept;

/// What a peer that speaks something else said first: `not TLS: HTTP/1.1 400 Bad Request`.
[[nodiscard]] std::string not_tls_text(std::string_view first_bytes);

/// What an error code of OpenSSL's error queue says, without its jargon: `the server answered with
/// the alert handshake failure`, `unsupported protocol`.
[[nodiscard]] std::string openssl_error_text(unsigned long code);

}  // namespace muster
