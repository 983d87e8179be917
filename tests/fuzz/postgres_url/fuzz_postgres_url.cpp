// Any bytes as the URL of a database: refused in clean text, or taken apart so that it reads back
// the same; what is shown never holds the password.

#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <string_view>

#include <muster/base/utf8.hpp>
#include <muster/domain/postgres_address.hpp>

namespace {

void require(bool condition) {
    if (!condition) {
        std::abort();
    }
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(std::uint8_t const* data, std::size_t size) {
    std::string_view const text(reinterpret_cast<char const*>(data), size);
    auto const address = muster::parse_postgres_url(text);
    if (!address) {
        require(muster::is_valid_utf8(address.error().message));
        return 0;
    }
    auto const again = muster::parse_postgres_url(secret_text(*address));
    // Bytes that had to be encoded make it longer: that alone may refuse it.
    require(again ? *again == *address : secret_text(*address).size() > 4'000);
    auto hidden = *address;
    hidden.user = "u";
    hidden.password = "a-secret-of-nobody";
    if (secret_text(*address).find(hidden.password) != std::string::npos) {
        return 0;  // the fuzzer has learned the word, and put it where it may be shown
    }
    require(to_text(hidden).find(hidden.password) == std::string::npos);
    require(masked_text(hidden).find(hidden.password) == std::string::npos);
    return 0;
}
