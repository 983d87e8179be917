#pragma once

#include <optional>
#include <string>

#include <openssl/x509.h>

#include <muster/base/time.hpp>

namespace muster {

/// When a certificate ends to be valid (RFC 5280 section 4.1.2.5). Nothing: its date is unreadable.
[[nodiscard]] std::optional<WallTime> expiry_of(X509 const& certificate);

/// Whom a certificate is for: its alternative names, else its common name; the first three of many:
/// `a.example, b.example`. Empty: it names nobody.
[[nodiscard]] std::string hosts_of(X509 const& certificate);

/// Why a chain was refused, from the store context in which X509_verify_cert() refused it; `host`
/// is whom the certificate should have been for. In plain words: `certificate expired on
/// 2026-01-02`, `certificate is for a.example, not for b.example`.
[[nodiscard]] std::string refusal_of(X509_STORE_CTX& chain, std::string const& host);

}  // namespace muster
