#include <muster/tls/tls_peers.hpp>

#include <array>
#include <cstdint>
#include <filesystem>
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

Result<std::unique_ptr<TlsPeer>> TlsPeers::make(std::string_view host, TlsOptions const& options) {
    auto context = context_for(options.ca_file);
    if (!context) {
        return tl::unexpected(std::move(context.error()));
    }
    return std::make_unique<TlsPeer>(*std::move(context), clock_, host, options);
}

Result<std::shared_ptr<SSL_CTX>> TlsPeers::context_for(std::string const& ca_file) {
    std::erase_if(contexts_, [](auto const& entry) { return entry.second.expired(); });
    auto& known = contexts_[ca_file];
    if (auto context = known.lock()) {
        return context;
    }
    auto context = make_context(ca_file);
    if (!context) {
        contexts_.erase(ca_file);
        return context;
    }
    known = *context;
    return context;
}

}  // namespace muster
