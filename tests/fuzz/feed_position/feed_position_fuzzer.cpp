// Whatever a consumer of the feed calls the place where it stopped: refused, or read so that its
// text reads back the same.

#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <string_view>

#include <muster/codec/feed_json.hpp>

extern "C" int LLVMFuzzerTestOneInput(std::uint8_t const* data, std::size_t size) {
    std::string_view const text(reinterpret_cast<char const*>(data), size);
    if (auto const position = muster::parse_position(text)) {
        if (muster::parse_position(muster::position_text(*position)) != position) {
            std::abort();
        }
    }
    return 0;
}
