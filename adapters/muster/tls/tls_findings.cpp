#include <muster/tls/tls_findings.hpp>

#include <algorithm>
#include <array>
#include <optional>
#include <string_view>

#include <fmt/format.h>
#include <openssl/evp.h>
#include <openssl/x509v3.h>

#include <muster/base/utf8.hpp>
#include <muster/tls/certificate.hpp>
#include <muster/tls/distinguished_name.hpp>
#include <muster/tls/openssl.hpp>

namespace muster {
namespace {

constexpr std::size_t kMaxNames = 16 * 1024;  ///< Bytes of a label.

std::string_view version_of(SSL const& ssl) noexcept {
    switch (SSL_version(&ssl)) {
        case TLS1_VERSION:
            return "TLS 1.0";
        case TLS1_1_VERSION:
            return "TLS 1.1";
        case TLS1_2_VERSION:
            return "TLS 1.2";
        case TLS1_3_VERSION:
            return "TLS 1.3";
        default:
            return "unknown";
    }
}

std::optional<WallTime> earliest_expiry(STACK_OF(X509) const* certificates) {
    std::optional<WallTime> earliest;
    for (int at = 0; certificates != nullptr && at < sk_X509_num(certificates); ++at) {
        if (auto const expiry = expiry_of(*sk_X509_value(certificates, at))) {
            earliest = std::min(earliest.value_or(*expiry), *expiry);
        }
    }
    return earliest;
}

std::string fingerprint_of(X509 const& certificate) {
    std::array<unsigned char, EVP_MAX_MD_SIZE> digest{};
    unsigned size = 0;
    if (X509_digest(&certificate, EVP_sha256(), digest.data(), &size) != 1) {
        return {};
    }
    std::string text;
    for (unsigned at = 0; at < size; ++at) {
        text += fmt::format("{:02x}", digest[at]);
    }
    return text;
}

std::string host_names_of(X509 const& certificate) {
    GeneralNamesPtr const all(static_cast<GENERAL_NAMES*>(
        X509_get_ext_d2i(&certificate, NID_subject_alt_name, nullptr, nullptr)));
    std::string names;
    for (int at = 0; all && at < sk_GENERAL_NAME_num(all.get()); ++at) {
        auto const& name = *sk_GENERAL_NAME_value(all.get(), at);
        if (name.type == GEN_DNS) {
            auto const* const text = name.d.dNSName;
            names += names.empty() ? "" : ",";
            names += std::string_view(reinterpret_cast<char const*>(ASN1_STRING_get0_data(text)),
                                      static_cast<std::size_t>(ASN1_STRING_length(text)));
        }
    }
    return clean_text(names, kMaxNames);
}

}  // namespace

TlsFindings tls_findings_of(SSL const& ssl) {
    TlsFindings findings;
    findings.version = version_of(ssl);
    findings.earliest_expiry = earliest_expiry(SSL_get_peer_cert_chain(&ssl));
    findings.chain_expiry = earliest_expiry(SSL_get0_verified_chain(&ssl));
    if (auto const* const own = SSL_get0_peer_certificate(&ssl)) {
        findings.fingerprint = fingerprint_of(*own);
        findings.subject = distinguished_name_of(*X509_get_subject_name(own));
        findings.issuer = distinguished_name_of(*X509_get_issuer_name(own));
        findings.alternative_names = host_names_of(*own);
    }
    return findings;
}

}  // namespace muster
