#pragma once

#include <filesystem>
#include <memory>
#include <string>
#include <vector>

#include <openssl/evp.h>
#include <openssl/x509.h>

namespace muster {

/// What a test wants certified.
struct CertificateWish {
    std::string name;   ///< The subject's common name.
    std::string hosts;  ///< As OpenSSL writes them: `DNS:a.example,IP:127.0.0.1`.
    std::string from{"20200101000000Z"};
    std::string to{"20991231000000Z"};
    bool is_authority{false};
    std::string issuer_at{};  ///< Where the issuer's certificate can be fetched.
};

/// A certificate and its key, made on the spot.
class Certificate {
public:
    /// Signed by itself.
    explicit Certificate(CertificateWish const& wish) : Certificate(wish, nullptr) {}
    Certificate(CertificateWish const& wish, Certificate const& issuer)
        : Certificate(wish, &issuer) {}

    [[nodiscard]] std::string pem() const;
    [[nodiscard]] std::string key_pem() const;

private:
    Certificate(CertificateWish const& wish, Certificate const* issuer);

    std::shared_ptr<EVP_PKEY> key_;
    std::shared_ptr<X509> certificate_;
};

void write_file(std::filesystem::path const& path, std::string const& text);

}  // namespace muster
