#include <muster/tls/hmac.hpp>

#include <array>
#include <new>

#include <openssl/evp.h>
#include <openssl/hmac.h>

namespace muster {

std::string hmac_sha256(std::string_view key, std::string_view text) {
    std::array<unsigned char, EVP_MAX_MD_SIZE> bytes{};
    unsigned size = 0;
    auto const* const data = reinterpret_cast<unsigned char const*>(text.data());
    if (::HMAC(::EVP_sha256(), key.data(), static_cast<int>(key.size()), data, text.size(),
               bytes.data(), &size) == nullptr) {
        throw std::bad_alloc();  // the only way in which it fails
    }
    constexpr std::string_view kDigits = "0123456789abcdef";
    std::string hex;
    for (unsigned index = 0; index < size; ++index) {
        hex += kDigits[bytes[index] >> 4U];
        hex += kDigits[bytes[index] & 0xfU];
    }
    return hex;
}

}  // namespace muster
