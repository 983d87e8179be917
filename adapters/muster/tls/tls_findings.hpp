#pragma once

#include <openssl/ssl.h>

#include <muster/domain/inspection.hpp>

namespace muster {

/// What a connection whose handshake is done tells of itself and of its peer. Of one that was
/// resumed, no chain that was verified is known.
[[nodiscard]] TlsFindings tls_findings_of(SSL const& ssl);

}  // namespace muster
