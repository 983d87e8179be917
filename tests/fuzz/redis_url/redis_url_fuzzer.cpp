// Any bytes as the URL of a Redis: refused without its password, or taken apart so that its text
// reads back the same.

#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <string_view>

#include <muster/base/utf8.hpp>
#include <muster/domain/redis_address.hpp>

namespace {

void require(bool condition) {
    if (!condition) {
        std::abort();
    }
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(std::uint8_t const* data, std::size_t size) {
    std::string_view const text(reinterpret_cast<char const*>(data), size);
    auto address = muster::parse_redis_url(text);
    if (!address) {
        require(muster::is_valid_utf8(address.error().message));
        return 0;
    }
    require(address->host.empty() != address->path.empty());
    require(address->port != 0);
    require(address->path.find('\0') == std::string::npos);
    auto const shown = masked_text(*address);
    bool const secret = !address->user.empty() || !address->password.empty();
    require(!secret || !muster::parse_redis_url(shown));
    address->user.clear();
    address->password.clear();
    require(muster::parse_redis_url(to_text(*address)) == *address);
    return 0;
}
