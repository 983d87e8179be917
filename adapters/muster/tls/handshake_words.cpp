#include <muster/tls/handshake_words.hpp>

#include <algorithm>
#include <array>

#include <fmt/format.h>
#include <openssl/err.h>
#include <openssl/ssl.h>

#include <muster/base/utf8.hpp>

namespace muster {

bool may_be_tls(std::string_view first_bytes) noexcept {
    constexpr char kFirstType = 20;  // change_cipher_spec
    constexpr char kLastType = 23;   // application_data
    constexpr char kMajorVersion = 3;
    if (first_bytes.empty()) {
        return true;
    }
    return first_bytes[0] >= kFirstType && first_bytes[0] <= kLastType &&
           (first_bytes.size() == 1 || first_bytes[1] == kMajorVersion);
}

std::string not_tls_text(std::string_view first_bytes) {
    constexpr std::size_t kMaxShown = 60;
    auto const line = first_bytes.substr(0, first_bytes.find_first_of("\r\n"));
    auto const is_text = !line.empty() && is_valid_utf8(line) &&
                         std::all_of(line.begin(), line.end(), [](char character) {
                             auto const byte = static_cast<unsigned char>(character);
                             return byte >= 0x20 && byte != 0x7F;
                         });
    return is_text ? fmt::format("not TLS: {}", clean_text(line, kMaxShown))
                   : "not TLS: bytes that are no text";
}

std::string openssl_error_text(unsigned long code) {
    OPENSSL_init_ssl(OPENSSL_INIT_LOAD_SSL_STRINGS, nullptr);
    auto const* const text = ERR_reason_error_string(code);
    if (text == nullptr) {
        return "for no reason that OpenSSL tells";
    }
    std::string_view words(text);
    if (ERR_GET_LIB(code) == ERR_LIB_SSL && ERR_GET_REASON(code) >= SSL_AD_REASON_OFFSET) {
        // `sslv3 alert handshake failure`, `tlsv1 alert protocol version`
        constexpr std::string_view kAlert = "alert ";
        auto const at = words.find(kAlert);
        words.remove_prefix(at == std::string_view::npos ? 0 : at + kAlert.size());
        return fmt::format("the server answered with the alert {}", words);
    }
    return std::string(words);
}

}  // namespace muster
