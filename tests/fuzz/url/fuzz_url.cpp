// Any bytes as a URL and as host:port: refused, or taken apart so that its text reads back the
// same.

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <string_view>

#include <muster/base/utf8.hpp>
#include <muster/domain/secret_names.hpp>
#include <muster/domain/url.hpp>

namespace {

void require(bool condition) {
    if (!condition) {
        std::abort();
    }
}

bool fits_a_request_line(std::string_view target) {
    return !target.empty() && target.front() == '/' &&
           std::all_of(target.begin(), target.end(),
                       [](char character) { return character > 0x20 && character < 0x7F; });
}

void check_url(std::string_view text) {
    auto url = muster::parse_url(text);
    if (!url) {
        require(muster::is_valid_utf8(url.error().message));
        return;
    }
    require(!url->host.empty() && url->port != 0);
    require(fits_a_request_line(url->target));
    url->user_info.clear();
    if (muster::without_secrets(url->target) != url->target) {
        return;  // its text does not tell all
    }
    auto const again = muster::parse_url(to_text(*url));
    // Bytes that had to be encoded make it longer: that alone may refuse it.
    require(again ? *again == *url : to_text(*url).size() > 8000);
    require(fits_a_request_line(muster::with_path(*url, "/health").target));
}

void check_endpoint(std::string_view text) {
    auto const endpoint = muster::parse_host_port(text);
    if (endpoint) {
        require(muster::parse_host_port(to_text(*endpoint)) == *endpoint);
    } else {
        require(muster::is_valid_utf8(endpoint.error().message));
    }
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(std::uint8_t const* data, std::size_t size) {
    std::string_view const text(reinterpret_cast<char const*>(data), size);
    check_url(text);
    check_endpoint(text);
    (void)muster::is_loopback(text);
    return 0;
}
