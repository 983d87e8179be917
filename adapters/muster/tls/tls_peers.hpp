#pragma once

#include <memory>
#include <string>
#include <string_view>
#include <unordered_map>

#include <muster/base/result.hpp>
#include <muster/domain/tls_options.hpp>
#include <muster/ports/clock.hpp>
#include <muster/tls/tls_peer.hpp>
#include <muster/tls/trusted_authorities.hpp>

namespace muster {

/// Makes TLS peers. Trusted authorities are read once per file (and again when it was replaced), or
/// once for the system's, and shared as long as somebody needs them. Loop thread only.
class TlsPeers {
public:
    /// `clock` must outlive the peers: certificates are judged by its wall time.
    explicit TlsPeers(Clock const& clock) : clock_(clock) {}
    TlsPeers(TlsPeers const&) = delete;
    TlsPeers& operator=(TlsPeers const&) = delete;
    ~TlsPeers() = default;

    /// Errors: Errc::invalid, when the options' file of authorities holds none; Errc::unavailable,
    /// when OpenSSL cannot be set up.
    [[nodiscard]] Result<std::unique_ptr<TlsPeer>> make(std::string_view host,
                                                        TlsOptions const& options);

private:
    [[nodiscard]] Result<std::shared_ptr<TrustedAuthorities>> authorities_of(
        std::string const& ca_file);

    Clock const& clock_;
    /// By file; empty: the system's.
    std::unordered_map<std::string, std::weak_ptr<TrustedAuthorities>> known_;
};

}  // namespace muster
