#pragma once

#include <string>

#include <openssl/x509.h>

namespace muster {

/// A name as RFC 4514 writes it, in the order and with the short names of blackbox_exporter, so
/// that labels stay the same: `CN=a.example,OU=Web+OU=Edge,O=Example Ltd,C=NL`; what has no short
/// name stands last, as `1.2.840.113549.1.9.1=#0c…`. Valid UTF-8 without control characters.
[[nodiscard]] std::string distinguished_name_of(X509_NAME const& name);

}  // namespace muster
