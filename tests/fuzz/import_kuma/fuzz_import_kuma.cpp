// Any bytes as a backup of Uptime Kuma: refused with a place, or made into a file that our own
// reader takes, in bounded time.

#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <string_view>

#include <muster/base/utf8.hpp>
#include <muster/importing/import_kuma.hpp>

namespace {

void require(bool condition) {
    if (!condition) {
        std::abort();
    }
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(std::uint8_t const* data, std::size_t size) {
    std::string_view const text(reinterpret_cast<char const*>(data), size);
    auto const made = muster::importing::import_kuma(text, "k");
    if (!made) {
        require(!made.error().empty());
        for (auto const& mistake : made.error()) {
            require(mistake.message.find("a bug of") == std::string::npos);
            require(muster::is_valid_utf8(to_text(mistake)));
        }
        return 0;
    }
    require(muster::is_valid_utf8(made->yaml));
    for (auto const& note : made->notes) {
        require(muster::is_valid_utf8(to_text(note)));
    }
    return 0;
}
