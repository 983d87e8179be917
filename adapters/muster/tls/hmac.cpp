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

std::string stretched_key(std::string_view password, std::string_view purpose) {
    constexpr int kRounds = 200'000;
    constexpr std::size_t kBytes = 32;
    std::array<unsigned char, kBytes> bytes{};
    auto const* const salt = reinterpret_cast<unsigned char const*>(purpose.data());
    if (::PKCS5_PBKDF2_HMAC(password.data(), static_cast<int>(password.size()), salt,
                            static_cast<int>(purpose.size()), kRounds, ::EVP_sha256(),
                            static_cast<int>(bytes.size()), bytes.data()) != 1) {
        throw std::bad_alloc();  // the only way in which it fails
    }
    return {bytes.begin(), bytes.end()};
}

}  // namespace muster
