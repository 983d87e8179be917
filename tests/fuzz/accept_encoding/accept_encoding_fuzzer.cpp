// Whatever a client calls its Accept-Encoding: gzip is wanted only where it, or everything, is
// named, and what stands behind a list may take it back.

#include <algorithm>
#include <cctype>
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <string>

#include <muster/api/content_coding.hpp>

namespace {

void require(bool condition) {
    if (!condition) {
        std::abort();
    }
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(std::uint8_t const* data, std::size_t size) {
    std::string const text(reinterpret_cast<char const*>(data), size);
    auto lower = text;
    std::transform(lower.begin(), lower.end(), lower.begin(), [](unsigned char character) {
        return static_cast<char>(std::tolower(character));
    });
    bool const names_gzip = lower.find("gzip") != std::string::npos;
    bool const wanted = muster::wants_gzip(text);
    require(!wanted || names_gzip || lower.find('*') != std::string::npos);
    require(names_gzip || !muster::wants_gzip(text + ", gzip;q=0"));
    require(!wanted || muster::wants_gzip(text + ", br;q=1"));
    require(!wanted || muster::wants_gzip("deflate," + text));
    require(!muster::wants_gzip(text + ", br;q=2"));
    return 0;
}
