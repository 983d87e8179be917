#pragma once

#include <compare>
#include <string>

namespace muster {

/// How a probe over TLS knows its peer.
struct TlsOptions {
    bool verify{true};        ///< Chain and host must hold.
    std::string server_name;  ///< For SNI and the host check; empty: the host of the URL.
    std::string ca_file;      ///< PEM file of the authorities trusted; empty: the system's.

    auto operator<=>(TlsOptions const&) const = default;
};

}  // namespace muster
