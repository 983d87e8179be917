#include <muster/tls/system_authorities.hpp>

#include <algorithm>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <string_view>
#include <system_error>

#include <openssl/x509.h>

namespace muster {
namespace {

std::string place_of(char const* variable, char const* otherwise) {
    char const* const set = std::getenv(variable);
    return set != nullptr && *set != '\0' ? set : otherwise;
}

bool holds_a_certificate(std::string const& file) {
    std::ifstream text(file);
    for (std::string line; std::getline(text, line);) {
        if (line.find("-----BEGIN ") != std::string::npos &&
            line.find("CERTIFICATE-----") != std::string::npos) {
            return true;
        }
    }
    return false;
}

/// OpenSSL finds a certificate in a folder by the hash of its subject: `a94d09e5.0`.
bool is_hashed_name(std::string_view name) {
    constexpr std::size_t kHash = 8;
    return name.size() > kHash + 1 && name[kHash] == '.' &&
           name.substr(0, kHash).find_first_not_of("0123456789abcdef") == std::string_view::npos;
}

bool holds_hashed_certificates(std::string const& folder) {
    std::error_code error;
    std::filesystem::directory_iterator entries(folder, error);
    return !error && std::any_of(begin(entries), end(entries), [](auto const& entry) {
        return is_hashed_name(entry.path().filename().string());
    });
}

}  // namespace

Result<std::string> system_authorities() {
    auto const file = place_of(X509_get_default_cert_file_env(), X509_get_default_cert_file());
    if (holds_a_certificate(file)) {
        return file;
    }
    auto const folder = place_of(X509_get_default_cert_dir_env(), X509_get_default_cert_dir());
    if (holds_hashed_certificates(folder)) {
        return folder;
    }
    return failure(Errc::unavailable,
                   "neither " + file + " nor " + folder + " holds any trusted authorities");
}

}  // namespace muster
