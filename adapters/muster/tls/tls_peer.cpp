#include <muster/tls/tls_peer.hpp>

#include <utility>

#include <boost/asio/ip/address.hpp>

namespace muster {

TlsPeer::TlsPeer(std::shared_ptr<TrustedAuthorities> authorities, Clock const& clock,
                 std::string_view host, TlsOptions const& options)
    : authorities_(std::move(authorities)),
      clock_(clock),
      verify_(options.verify),
      name_(options.server_name.empty() ? host : std::string_view(options.server_name)) {
    if (!name_.empty() && name_.back() == '.') {
        name_.pop_back();  // RFC 6066 section 3: without the trailing dot
    }
    boost::system::error_code error;
    boost::asio::ip::make_address(name_, error);
    is_address_ = !error;
}

SslPtr TlsPeer::make_ssl() {
    auto const& context = authorities_->context(clock_.now().steady);
    if (context != context_) {
        context_ = context;
        forget();
    }
    SslPtr ssl(SSL_new(context_.get()));
    if (!ssl) {
        return nullptr;
    }
    SSL_set_verify(ssl.get(), verify_ ? SSL_VERIFY_PEER : SSL_VERIFY_NONE, nullptr);
    auto* const wanted = SSL_get0_param(ssl.get());
    X509_VERIFY_PARAM_set_hostflags(wanted, X509_CHECK_FLAG_NO_PARTIAL_WILDCARDS);
    // An address is no server name (RFC 6066 section 3).
    auto const is_set = is_address_ ? X509_VERIFY_PARAM_set1_ip_asc(wanted, name_.c_str()) == 1
                                    : X509_VERIFY_PARAM_set1_host(wanted, name_.c_str(), 0) == 1 &&
                                          SSL_set_tlsext_host_name(ssl.get(), name_.c_str()) == 1;
    if (!is_set) {
        return nullptr;
    }
    SSL_set_connect_state(ssl.get());
    return ssl;
}

TlsPeer::Session const* TlsPeer::session(Instant now) const noexcept {
    auto const usable = session_.session != nullptr &&
                        now.steady - session_.verified_at < kMaxSessionAge &&
                        (!session_.certificate_expires || now.wall < *session_.certificate_expires);
    return usable ? &session_ : nullptr;
}

}  // namespace muster
