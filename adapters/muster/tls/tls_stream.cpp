// OpenSSL drives the protocol; its bytes go through a BIO of ours straight into the TcpStream, so
// that there is one socket, one way of waiting and no copy between. What a failure means is said by
// whoever saw it first: the certificate's check, the socket, the peer's first bytes, and only then
// OpenSSL's error queue.
#include <muster/tls/tls_stream.hpp>

#include <algorithm>
#include <cerrno>
#include <memory>
#include <utility>

#include <fmt/format.h>
#include <openssl/bio.h>
#include <openssl/err.h>

#include <muster/tls/certificate.hpp>
#include <muster/tls/handshake_words.hpp>
#include <muster/tls/tls_findings.hpp>

namespace muster {
namespace {

using BioMethodPtr = std::unique_ptr<BIO_METHOD, OpenSslFree<&BIO_meth_free>>;

/// Where an SSL object keeps its TlsStream.
int stream_index() {
    static int const kIndex = SSL_get_ex_new_index(0, nullptr, nullptr, nullptr, nullptr);
    return kIndex;
}

Failure no_memory() {
    return {Failure::Kind::ours, "this machine has no memory left for TLS (not counted)"};
}

}  // namespace

/// What OpenSSL calls.
struct TlsStream::Callbacks {
    static TlsStream& stream_of(SSL const* ssl) {
        return *static_cast<TlsStream*>(SSL_get_ex_data(ssl, stream_index()));
    }

    static int write(BIO* bio, char const* bytes, int size) {
        auto& self = *static_cast<TlsStream*>(BIO_get_data(bio));
        BIO_clear_retry_flags(bio);
        auto const moved = self.stream_.send({bytes, static_cast<std::size_t>(size)});
        if (moved.error == 0) {
            return static_cast<int>(moved.bytes);
        }
        if (moved.error == EAGAIN) {
            BIO_set_retry_write(bio);
        } else {
            self.io_error_ = moved.error;
        }
        return -1;
    }

    static int read(BIO* bio, char* room, int size) {
        auto& self = *static_cast<TlsStream*>(BIO_get_data(bio));
        BIO_clear_retry_flags(bio);
        auto const moved = self.stream_.receive({room, static_cast<std::size_t>(size)});
        if (moved.error == EAGAIN) {
            BIO_set_retry_read(bio);
            return -1;
        }
        if (moved.error != 0) {
            self.io_error_ = moved.error;
            return -1;
        }
        if (moved.bytes == 0) {
            self.ended_ = true;
            return 0;
        }
        if (!self.shaken_ && self.first_size_ < self.first_bytes_.size()) {
            auto const kept = std::min(moved.bytes, self.first_bytes_.size() - self.first_size_);
            std::copy_n(room, kept,
                        self.first_bytes_.begin() + static_cast<std::ptrdiff_t>(self.first_size_));
            self.first_size_ += kept;
        }
        return static_cast<int>(moved.bytes);
    }

    /// BIO_CTRL_EOF is not answered on purpose: OpenSSL would make a peer that closes without
    /// close_notify a fatal error and its session one that cannot be resumed.
    static long control(BIO* /*bio*/, int command, long /*number*/, void* /*pointer*/) {
        return command == BIO_CTRL_FLUSH ? 1 : 0;
    }

    static BIO_METHOD* method() {
        static BioMethodPtr const kMethod = [] {
            BioMethodPtr made(
                BIO_meth_new(BIO_get_new_index() | BIO_TYPE_SOURCE_SINK, "muster tcp stream"));
            if (made) {
                BIO_meth_set_write(made.get(), &write);
                BIO_meth_set_read(made.get(), &read);
                BIO_meth_set_ctrl(made.get(), &control);
            }
            return made;
        }();
        return kMethod.get();
    }

    /// In place of OpenSSL's own check, around it: with our clock, and with words for a refusal.
    static int verify(X509_STORE_CTX* chain, void* /*unused*/) {
        auto const* const ssl = static_cast<SSL const*>(
            X509_STORE_CTX_get_ex_data(chain, SSL_get_ex_data_X509_STORE_CTX_idx()));
        auto& self = stream_of(ssl);
        if (auto const* const leaf = X509_STORE_CTX_get0_cert(chain)) {
            self.certificate_expires_ = expiry_of(*leaf);
        }
        if (!self.peer_.verifies()) {
            X509_STORE_CTX_set_error(chain, X509_V_OK);
            return 1;
        }
        X509_VERIFY_PARAM_set_time(
            X509_STORE_CTX_get0_param(chain),
            std::chrono::floor<std::chrono::seconds>(self.started_.wall.time_since_epoch())
                .count());
        if (X509_verify_cert(chain) == 1) {
            return 1;
        }
        self.refusal_ = refusal_of(*chain, self.peer_.name());
        return 0;
    }

    /// May come long after the handshake (RFC 8446 section 4.6.1). 1: the session is ours now.
    static int new_session(SSL* ssl, SSL_SESSION* session) {
        auto const& self = stream_of(ssl);
        auto const verified_at =
            SSL_session_reused(ssl) == 1 ? self.verified_at_ : self.started_.steady;
        self.peer_.remember({SslSessionPtr(session), verified_at, self.certificate_expires_});
        return 1;
    }
};

void TlsStream::prepare(SSL_CTX& context) {
    SSL_CTX_set_options(&context, SSL_OP_NO_RENEGOTIATION);
    // Idle connections give their buffers back (34 KB each), and a record is read by one call.
    SSL_CTX_set_mode(&context, SSL_MODE_ENABLE_PARTIAL_WRITE | SSL_MODE_ACCEPT_MOVING_WRITE_BUFFER |
                                   SSL_MODE_RELEASE_BUFFERS);
    SSL_CTX_set_read_ahead(&context, 1);
    SSL_CTX_set_cert_verify_callback(&context, &Callbacks::verify, nullptr);
    SSL_CTX_set_session_cache_mode(&context, SSL_SESS_CACHE_CLIENT | SSL_SESS_CACHE_NO_INTERNAL);
    SSL_CTX_sess_set_new_cb(&context, &Callbacks::new_session);
}

TlsStream::TlsStream(TlsPeer& peer, TcpStream& stream)
    : peer_(peer), stream_(stream), started_(peer.clock().now()), ssl_(peer.make_ssl()) {
    attach();
}

TlsStream::~TlsStream() {
    if (ssl_) {
        // Else OpenSSL takes the session for broken, and it could not be resumed.
        SSL_set_shutdown(ssl_.get(), SSL_SENT_SHUTDOWN | SSL_RECEIVED_SHUTDOWN);
    }
}

/// Without memory for it there is no `ssl_`, which the handshake tells.
void TlsStream::attach() {
    auto* const method = Callbacks::method();
    auto* const bio = ssl_ && method != nullptr ? BIO_new(method) : nullptr;
    if (bio == nullptr) {
        ssl_.reset();
        return;
    }
    BIO_set_data(bio, this);
    BIO_set_init(bio, 1);
    SSL_set_bio(ssl_.get(), bio, bio);
    if (SSL_set_ex_data(ssl_.get(), stream_index(), this) != 1) {
        ssl_.reset();
        return;
    }
    if (auto const* const known = peer_.session(started_)) {
        if (SSL_set_session(ssl_.get(), known->session.get()) == 1) {
            verified_at_ = known->verified_at;
        }
    }
}

TlsStream::Progress TlsStream::handshake() {
    if (!ssl_) {
        failure_ = no_memory();
        return Progress::failed;
    }
    ERR_clear_error();
    auto const result = SSL_do_handshake(ssl_.get());
    if (result == 1) {
        handshake_done();
        return Progress::done;
    }
    auto const error = SSL_get_error(ssl_.get(), result);
    if (error == SSL_ERROR_WANT_READ) {
        stream_.wait_readable();
        return Progress::waiting;
    }
    if (error == SSL_ERROR_WANT_WRITE) {
        stream_.wait_writable();
        return Progress::waiting;
    }
    failure_ = handshake_failure(ERR_peek_error());
    peer_.forget();
    return Progress::failed;
}

void TlsStream::handshake_done() {
    shaken_ = true;
    resumed_ = SSL_session_reused(ssl_.get()) == 1;
    if (auto const* const leaf = SSL_get0_peer_certificate(ssl_.get())) {
        certificate_expires_ = expiry_of(*leaf);
    }
}

TlsFindings TlsStream::findings() const {
    return tls_findings_of(*ssl_);
}

Failure TlsStream::handshake_failure(unsigned long code) const {
    auto const of_target = [](std::string text) {
        return Failure{Failure::Kind::target, std::move(text)};
    };
    if (!refusal_.empty()) {
        return of_target(refusal_);
    }
    std::string_view const first(first_bytes_.data(), first_size_);
    if (!may_be_tls(first)) {
        return of_target(not_tls_text(first));
    }
    if (io_error_ == ENOMEM || io_error_ == ENOBUFS ||
        ERR_GET_REASON(code) == ERR_R_MALLOC_FAILURE) {
        return no_memory();
    }
    if (io_error_ != 0) {
        return of_target("TLS handshake failed: connection reset");
    }
    if (ended_) {
        return of_target("TLS handshake failed: connection closed");
    }
    return of_target(fmt::format("TLS handshake failed: {}", openssl_error_text(code)));
}

TcpStream::Moved TlsStream::send(std::string_view bytes) {
    ERR_clear_error();
    std::size_t sent = 0;
    auto const result = SSL_write_ex(ssl_.get(), bytes.data(), bytes.size(), &sent);
    if (result == 1) {
        return {sent, 0};
    }
    auto const error = error_after(result);
    return {0, error == 0 ? EPIPE : error};
}

TcpStream::Moved TlsStream::receive(std::span<char> room) {
    ERR_clear_error();
    std::size_t received = 0;
    auto const result = SSL_read_ex(ssl_.get(), room.data(), room.size(), &received);
    if (result == 1) {
        return {received, 0};
    }
    return {0, error_after(result)};
}

/// 0: the peer has closed.
int TlsStream::error_after(int result) {
    auto const error = SSL_get_error(ssl_.get(), result);
    if (error == SSL_ERROR_WANT_READ || error == SSL_ERROR_WANT_WRITE) {
        wants_write_ = error == SSL_ERROR_WANT_WRITE;
        return EAGAIN;
    }
    if (error == SSL_ERROR_ZERO_RETURN) {
        told_end_ = true;
        return 0;
    }
    if (io_error_ != 0) {
        return io_error_;
    }
    if (ended_) {
        return 0;
    }
    protocol_error_ = ERR_peek_error();
    return EPROTO;
}

Failure TlsStream::protocol_failure(std::uint64_t bytes) const {
    return {Failure::Kind::target, fmt::format("TLS failed after {} bytes: {}", bytes,
                                               openssl_error_text(protocol_error_))};
}

void TlsStream::wait() {
    if (std::exchange(wants_write_, false)) {
        stream_.wait_writable();
    } else {
        stream_.wait_readable();
    }
}

void TlsStream::wait_readable() {
    if (SSL_has_pending(ssl_.get()) == 1) {
        stream_.next_turn();
    } else {
        stream_.wait_readable();
    }
}

void TlsStream::say_goodbye() noexcept {
    if (ssl_ && shaken_ && io_error_ == 0 && protocol_error_ == 0) {
        ERR_clear_error();
        SSL_shutdown(ssl_.get());
    }
}

}  // namespace muster
