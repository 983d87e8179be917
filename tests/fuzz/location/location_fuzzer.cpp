// The first line is the URL that was asked, the rest the Location of its answer: refused, or an
// address that can be asked and that no credentials have gone to which are not its own.

#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <string>
#include <string_view>

#include <muster/base/utf8.hpp>
#include <muster/http/redirect.hpp>

namespace {

void require(bool condition) {
    if (!condition) {
        std::abort();
    }
}

std::string whole(muster::Url const& url) {
    return url.scheme + "://" + host_header(url) + url.target;
}

void check_url(muster::Url const& url) {
    require(url.scheme == "http" || url.scheme == "https");
    require(!url.host.empty() && url.port != 0 && url.target.starts_with('/'));
    require(std::all_of(url.target.begin(), url.target.end(),
                        [](char character) { return character > 0x20 && character < 0x7F; }));
    require(url.target.find('#') == std::string::npos);
    auto const path = url.target.substr(0, url.target.find('?')) + "/";
    require(path.find("/../") == std::string::npos && path.find("/./") == std::string::npos);
    if (whole(url).size() <= 8000) {
        auto const again = muster::parse_url(whole(url));
        require(again && again->host == url.host && again->target == url.target);
    }
}

void check_redirect(muster::RequestSpec const& from, std::uint16_t status,
                    std::string_view location) {
    auto const to = redirected(from, status, location);
    if (!to) {
        return;
    }
    check_url(to->url);
    bool const stays = from.url.scheme == to->url.scheme && from.url.host == to->url.host &&
                       from.url.port == to->url.port;
    require(to->url.user_info == (stays ? from.url.user_info : ""));
    require(stays || std::none_of(to->headers.begin(), to->headers.end(), [](auto const& header) {
                return header.name == "Authorization";
            }));
    require(to->method == from.method || to->body.empty());
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(std::uint8_t const* data, std::size_t size) {
    std::string_view const text(reinterpret_cast<char const*>(data), size);
    auto const line = std::min(text.find('\n'), text.size());
    auto const location = text.substr(std::min(line + 1, text.size()));
    auto const base = muster::parse_url(text.substr(0, line));
    if (!base) {
        return 0;
    }
    auto const url = resolve_location(*base, location);
    if (!url) {
        require(muster::is_valid_utf8(url.error().message));
        return 0;
    }
    check_url(*url);
    require(url->user_info.empty());
    muster::RequestSpec const from{*base,
                                   muster::HttpMethod::post,
                                   {{"Authorization", "Bearer x"}, {"Accept", "y"}},
                                   "body",
                                   {}};
    for (std::uint16_t const status : std::array<std::uint16_t, 3>{301, 303, 308}) {
        check_redirect(from, status, location);
    }
    return 0;
}
