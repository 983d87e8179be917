#include "certificates.hpp"

#include <fstream>
#include <stdexcept>

#include <openssl/bio.h>
#include <openssl/ec.h>
#include <openssl/pem.h>
#include <openssl/x509v3.h>

namespace muster {
namespace {

void require(bool good, char const* what) {
    if (!good) {
        throw std::runtime_error(what);
    }
}

void add_extension(X509& certificate, X509& issuer, int kind, std::string const& value) {
    X509V3_CTX context;
    X509V3_set_ctx(&context, &issuer, &certificate, nullptr, nullptr, 0);
    auto* const extension = X509V3_EXT_conf_nid(nullptr, &context, kind, value.c_str());
    require(extension != nullptr, value.c_str());
    X509_add_ext(&certificate, extension, -1);
    X509_EXTENSION_free(extension);
}

template <class Write>
std::string written(Write write) {
    std::unique_ptr<BIO, decltype(&BIO_free)> const bio(BIO_new(BIO_s_mem()), &BIO_free);
    require(write(bio.get()) == 1, "PEM");
    char* text = nullptr;
    auto const size = BIO_get_mem_data(bio.get(), &text);
    return {text, static_cast<std::size_t>(size)};
}

}  // namespace

Certificate::Certificate(CertificateWish const& wish, Certificate const* issuer)
    : key_(EVP_EC_gen("P-256"), &EVP_PKEY_free), certificate_(X509_new(), &X509_free) {
    static long serial = 0;
    auto& made = *certificate_;
    auto& by = issuer == nullptr ? made : *issuer->certificate_;
    X509_set_version(&made, X509_VERSION_3);
    ASN1_INTEGER_set(X509_get_serialNumber(&made), ++serial);
    require(ASN1_TIME_set_string(X509_getm_notBefore(&made), wish.from.c_str()) == 1, "from");
    require(ASN1_TIME_set_string(X509_getm_notAfter(&made), wish.to.c_str()) == 1, "to");
    X509_NAME_add_entry_by_txt(X509_get_subject_name(&made), "CN", MBSTRING_UTF8,
                               reinterpret_cast<unsigned char const*>(wish.name.c_str()), -1, -1,
                               0);
    X509_set_issuer_name(&made, X509_get_subject_name(&by));
    X509_set_pubkey(&made, key_.get());
    add_extension(made, by, NID_basic_constraints,
                  wish.is_authority ? "critical,CA:TRUE" : "critical,CA:FALSE");
    add_extension(made, by, NID_subject_key_identifier, "hash");
    if (issuer != nullptr) {
        add_extension(made, by, NID_authority_key_identifier, "keyid:always");
    }
    if (!wish.hosts.empty()) {
        add_extension(made, by, NID_subject_alt_name, wish.hosts);
    }
    if (!wish.issuer_at.empty()) {
        add_extension(made, by, NID_info_access, "caIssuers;URI:" + wish.issuer_at);
    }
    auto* const signing_key = issuer == nullptr ? key_.get() : issuer->key_.get();
    require(X509_sign(&made, signing_key, EVP_sha256()) > 0, "sign");
}

std::string Certificate::pem() const {
    return written([this](BIO* bio) { return PEM_write_bio_X509(bio, certificate_.get()); });
}

std::string Certificate::key_pem() const {
    return written([this](BIO* bio) {
        return PEM_write_bio_PrivateKey(bio, key_.get(), nullptr, nullptr, 0, nullptr, nullptr);
    });
}

void write_file(std::filesystem::path const& path, std::string const& text) {
    std::ofstream file(path, std::ios::binary);
    file << text;
    require(file.good(), "write");
}

}  // namespace muster
