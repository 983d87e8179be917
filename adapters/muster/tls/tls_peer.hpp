#pragma once

#include <memory>
#include <optional>
#include <string>

#include <muster/domain/tls_options.hpp>
#include <muster/ports/clock.hpp>
#include <muster/tls/openssl.hpp>
#include <muster/tls/trusted_authorities.hpp>

namespace muster {

/// Who is expected at the other end of the TLS connections to one authority, and the session with
/// which the next handshake may be shortened. Loop thread only.
class TlsPeer {
public:
    /// A session is offered no longer than this after its chain was verified: a resumed handshake
    /// shows no certificate, and one that was replaced or has expired must not stay unseen.
    static constexpr Millis kMaxSessionAge{5min};

    /// `authorities` are shared by all who trust the same. `host` is a name or an address
    /// without brackets.
    TlsPeer(std::shared_ptr<TrustedAuthorities> authorities, Clock const& clock,
            std::string_view host, TlsOptions const& options);

    /// Whom the certificate must be for: the options' server name, else the host.
    [[nodiscard]] std::string const& name() const noexcept { return name_; }
    [[nodiscard]] bool verifies() const noexcept { return verify_; }
    [[nodiscard]] Clock const& clock() const noexcept { return clock_; }

    /// What a new connection needs, before its handshake; nullptr: there is no memory for it.
    /// Where the authorities are others than before, the session is forgotten: it would pass on
    /// what the old ones vouched for.
    [[nodiscard]] SslPtr make_ssl();

    /// A session and what is known of it.
    struct Session {
        SslSessionPtr session;
        SteadyTime verified_at{};
        std::optional<WallTime> certificate_expires;
    };
    void remember(Session session) { session_ = std::move(session); }
    void forget() noexcept { session_.session.reset(); }

    /// The newest session, where it may still be used.
    [[nodiscard]] Session const* session(Instant now) const noexcept;

private:
    std::shared_ptr<TrustedAuthorities> const authorities_;
    std::shared_ptr<SSL_CTX> context_;  // of the newest connection
    Clock const& clock_;
    bool const verify_;
    bool is_address_{false};
    std::string name_;
    Session session_;
};

}  // namespace muster
