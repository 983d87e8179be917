#include <muster/tls/trusted_authorities.hpp>

#include <array>
#include <cstdint>
#include <system_error>
#include <utility>

#include <fmt/format.h>
#include <openssl/err.h>

#include <muster/tls/handshake_words.hpp>
#include <muster/tls/tls_stream.hpp>

namespace muster {
namespace {

/// The protocols that are offered (RFC 7301): HTTP/1.1, the one that is spoken here.
constexpr std::array<unsigned char, 9> kProtocols{8, 'h', 't', 't', 'p', '/', '1', '.', '1'};

/// Devices and pipes would be read for ever.
Result<void> check_readable(std::string const& ca_file) {
    constexpr std::uintmax_t kMaxBytes = 16 * 1024 * 1024;
    std::error_code error;
    if (!std::filesystem::is_regular_file(ca_file, error)) {
        return failure(Errc::invalid,
                       fmt::format("'{}' is no file: tls.ca wants certificates of authorities in "
                                   "PEM form",
                                   ca_file));
    }
    if (std::filesystem::file_size(ca_file, error) > kMaxBytes || error) {
        return failure(Errc::invalid, fmt::format("'{}' is larger than 16 MiB", ca_file));
    }
    return {};
}

Result<std::shared_ptr<SSL_CTX>> make_context(std::string const& ca_file) {
    if (auto const readable = ca_file.empty() ? Result<void>() : check_readable(ca_file);
        !readable) {
        return tl::unexpected(readable.error());
    }
    ERR_clear_error();
    SslContextPtr context(SSL_CTX_new(TLS_client_method()));
    if (!context) {
        return failure(Errc::unavailable, fmt::format("OpenSSL gives no context: {}",
                                                      openssl_error_text(ERR_peek_last_error())));
    }
    auto* const raw = context.get();
    if (SSL_CTX_set_min_proto_version(raw, TLS1_2_VERSION) != 1 ||
        SSL_CTX_set_alpn_protos(raw, kProtocols.data(), kProtocols.size()) != 0) {
        return failure(Errc::unavailable, "OpenSSL takes no TLS 1.2 or no ALPN");
    }
    auto const read = ca_file.empty() ? SSL_CTX_set_default_verify_paths(raw)
                                      : SSL_CTX_load_verify_file(raw, ca_file.c_str());
    if (read != 1) {
        return failure(Errc::invalid,
                       fmt::format("'{}' holds no readable certificates of authorities (PEM): {}",
                                   ca_file, openssl_error_text(ERR_peek_last_error())));
    }
    TlsStream::prepare(*raw);
    return std::shared_ptr<SSL_CTX>(std::move(context));
}

}  // namespace

TrustedAuthorities::TrustedAuthorities(std::string ca_file, SteadyTime now)
    : ca_file_(std::move(ca_file)), stamp_(look()), looked_at_(now) {}

Result<std::shared_ptr<TrustedAuthorities>> TrustedAuthorities::read(std::string ca_file,
                                                                     SteadyTime now) {
    std::shared_ptr<TrustedAuthorities> authorities(
        new TrustedAuthorities(std::move(ca_file), now));
    auto context = make_context(authorities->ca_file_);
    if (!context) {
        return tl::unexpected(std::move(context.error()));
    }
    authorities->context_ = *std::move(context);
    return authorities;
}

std::shared_ptr<SSL_CTX> const& TrustedAuthorities::context(SteadyTime now) {
    if (ca_file_.empty() || now - looked_at_ < kLookEvery) {
        return context_;
    }
    looked_at_ = now;
    auto const stamp = look();
    if (stamp != stamp_) {
        stamp_ = stamp;
        if (auto context = make_context(ca_file_)) {
            context_ = *std::move(context);
        }
    }
    return context_;
}

TrustedAuthorities::Stamp TrustedAuthorities::look() const {
    Stamp stamp;
    std::error_code error;
    if (!ca_file_.empty()) {
        stamp.written = std::filesystem::last_write_time(ca_file_, error);
        stamp.bytes = std::filesystem::file_size(ca_file_, error);
    }
    return stamp;
}

}  // namespace muster
