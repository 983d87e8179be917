#include <muster/http/redirect.hpp>

#include <algorithm>
#include <array>
#include <utility>

#include <muster/base/ascii.hpp>
#include <muster/http/header_fields.hpp>

namespace muster {
namespace {

constexpr std::array<std::string_view, 10> kPlainHeaders{
    "accept",           "accept-charset",   "accept-encoding", "accept-language", "cache-control",
    "content-encoding", "content-language", "content-type",    "pragma",          "user-agent"};

constexpr std::string_view kContentHeaders = "content-";

/// The scheme that a reference begins with (RFC 3986 section 3.1); empty: it is a relative one.
std::string_view scheme_of(std::string_view reference) noexcept {
    auto const colon = reference.find(':');
    if (colon == std::string_view::npos || colon == 0 || !is_letter(reference.front())) {
        return {};
    }
    auto const scheme = reference.substr(0, colon);
    bool const is_scheme = std::all_of(scheme.begin(), scheme.end(), [](char character) {
        return is_letter(character) || (character >= '0' && character <= '9') || character == '+' ||
               character == '-' || character == '.';
    });
    return is_scheme ? scheme : std::string_view();
}

/// Spaces and bytes beyond ASCII, which no URL has and some servers send, percent-encoded.
std::string encoded(std::string_view location) {
    constexpr std::string_view kHex = "0123456789ABCDEF";
    std::string text;
    text.reserve(location.size());
    for (char const character : location) {
        auto const byte = static_cast<unsigned char>(character);
        if (byte == ' ' || byte >= 0x80) {
            text += '%';
            text += kHex[byte >> 4U];
            text += kHex[byte & 0x0FU];
        } else {
            text += character;
        }
    }
    return text;
}

/// A path that begins with `/`, its `.` and `..` followed (RFC 3986 section 5.2.4).
std::string without_dots(std::string_view path) {
    std::string made;
    while (!path.empty()) {
        auto const next = std::min(path.find('/', 1), path.size());
        auto const segment = path.substr(0, next);
        path.remove_prefix(next);
        bool const is_last = path.empty();
        if (segment == "/.") {
            made += is_last ? "/" : "";
        } else if (segment == "/..") {
            made.resize(made.rfind('/') == std::string::npos ? 0 : made.rfind('/'));
            made += is_last ? "/" : "";
        } else {
            made += segment;
        }
    }
    return made;
}

std::string origin_of(Url const& url) {
    return url.scheme + "://" + host_header(url);
}

/// The target that a relative reference without a host leads to.
std::string target_from(std::string const& base, std::string_view reference) {
    auto const path = base.substr(0, base.find('?'));
    if (reference.empty()) {
        return base;
    }
    if (reference.front() == '?') {
        return path + std::string(reference);
    }
    auto const query = std::min(reference.find('?'), reference.size());
    auto given = std::string(reference.substr(0, query));
    if (given.front() != '/') {
        given.insert(0, path.substr(0, path.rfind('/') + 1));
    }
    return without_dots(given) + std::string(reference.substr(query));
}

bool is_same_origin(Url const& left, Url const& right) noexcept {
    return left.scheme == right.scheme && left.host == right.host && left.port == right.port;
}

HttpMethod method_after(std::uint16_t status, HttpMethod method) noexcept {
    bool const changes = method == HttpMethod::post && (status == 301 || status == 302);
    bool const see_other = status == 303 && method != HttpMethod::head;
    return changes || see_other ? HttpMethod::get : method;
}

}  // namespace

bool is_redirect(std::uint16_t status) noexcept {
    return (status >= 301 && status <= 303) || status == 307 || status == 308;
}

Result<Url> resolve_location(Url const& base, std::string_view location) {
    auto const reference = encoded(location.substr(0, location.find('#')));
    auto const scheme = scheme_of(reference);
    std::string text;
    if (!scheme.empty()) {
        if (!equal_ignoring_case(scheme, "http") && !equal_ignoring_case(scheme, "https")) {
            return failure(Errc::invalid, "its Location is no http or https address");
        }
        text = reference;
    } else if (reference.starts_with("//")) {
        text = base.scheme + ":" + reference;
    } else {
        text = origin_of(base) + target_from(base.target, reference);
    }
    auto url = parse_url(text);
    if (!url) {
        return failure(Errc::invalid, "its Location is no usable address");
    }
    // A path of an absolute address may have dots as well.
    auto const query = std::min(url->target.find('?'), url->target.size());
    url->target = without_dots(url->target.substr(0, query)) + url->target.substr(query);
    url->user_info.clear();
    return url;
}

Result<RequestSpec> redirected(RequestSpec const& from, std::uint16_t status,
                               std::string_view location) {
    auto url = resolve_location(from.url, location);
    if (!url) {
        return tl::unexpected(std::move(url.error()));
    }
    auto to = from;
    to.url = *std::move(url);
    to.method = method_after(status, from.method);
    if (to.method != from.method) {
        to.body.clear();
        std::erase_if(to.headers, [](HttpHeader const& header) {
            auto const start = std::string_view(header.name).substr(0, kContentHeaders.size());
            return equal_ignoring_case(start, kContentHeaders);
        });
    }
    if (is_same_origin(from.url, to.url)) {
        to.url.user_info = from.url.user_info;
    } else if (!to.body.empty()) {
        return failure(Errc::invalid, "its Location is another origin, where no body is sent");
    } else {
        std::erase_if(to.headers,
                      [](HttpHeader const& header) { return !is_plain_header(header.name); });
    }
    if (to.url.host != from.url.host) {
        to.tls.server_name.clear();
    }
    return to;
}

bool is_plain_header(std::string_view name) noexcept {
    return std::any_of(kPlainHeaders.begin(), kPlainHeaders.end(),
                       [name](std::string_view plain) { return equal_ignoring_case(name, plain); });
}

std::string place_of(Url const& url) {
    return origin_of(url) + url.target.substr(0, url.target.find('?'));
}

}  // namespace muster
