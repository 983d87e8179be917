#include <muster/domain/url.hpp>

#include <algorithm>
#include <optional>
#include <utility>

#include <muster/base/ascii.hpp>
#include <muster/base/utf8.hpp>
#include <muster/domain/address.hpp>
#include <muster/domain/secret_names.hpp>

namespace muster {
namespace {

constexpr std::size_t kLongestUrl = 8000;  // RFC 9110 section 4.1 asks for at least this
constexpr std::size_t kLongestHost = 253;  // RFC 1035 section 2.3.4, without the final dot
constexpr std::size_t kLongestLabel = 63;

constexpr std::string_view kUrlExample =
    "write an absolute one, such as http://127.0.0.1:3010/health";
constexpr std::string_view kEndpointExample = "write host:port, such as 127.0.0.1:25 or [::1]:25";

bool all_digits(std::string_view text) noexcept {
    return !text.empty() && std::all_of(text.begin(), text.end(), is_digit);
}

bool is_label(std::string_view label) noexcept {
    return !label.empty() && label.size() <= kLongestLabel &&
           std::all_of(label.begin(), label.end(), [](char character) {
               return is_alphanumeric(character) || character == '-' || character == '_';
           });
}

/// Such a last label makes resolvers read the whole name as a number.
bool looks_numeric(std::string_view label) noexcept {
    return all_digits(label) || label.substr(0, 2) == "0x" || label.substr(0, 2) == "0X";
}

/// Empty, or what is wrong with a host outside of brackets.
std::string_view fault_of_host(std::string_view host) noexcept {
    if (host.empty()) {
        return "has no host";
    }
    if (std::any_of(host.begin(), host.end(), [](char c) { return (c & 0x80) != 0; })) {
        return "has a host that is not ASCII: write it as the xn--... form";
    }
    if (host.back() == '.') {
        host.remove_suffix(1);
    }
    if (host.size() > kLongestHost) {
        return "has a host longer than 253 characters";
    }
    auto rest = host;
    while (true) {
        auto const dot = rest.find('.');
        auto const label = rest.substr(0, dot);
        if (!is_label(label)) {
            return "has a host that is no name and no address";
        }
        if (dot == std::string_view::npos) {
            bool const good = !looks_numeric(label) || parse_ipv4(host).has_value();
            return good ? "" : "has a host that is no IPv4 address (four numbers up to 255)";
        }
        rest.remove_prefix(dot + 1);
    }
}

struct Endpoint {
    std::string_view host;  ///< As given, without brackets.
    std::string_view port;  ///< Empty: none given.
    bool has_colon{false};
    std::string_view fault;  ///< Not empty: what is wrong.
};

/// Splits `host`, `host:port`, `[v6]` or `[v6]:port`.
Endpoint split_endpoint(std::string_view text) noexcept {
    Endpoint endpoint;
    std::string_view after;
    if (!text.empty() && text.front() == '[') {
        auto const close = text.find(']');
        if (close == std::string_view::npos) {
            endpoint.fault = "lacks the ']' of its IPv6 address";
            return endpoint;
        }
        endpoint.host = text.substr(1, close - 1);
        after = text.substr(close + 1);
        if (!parse_ipv6(endpoint.host)) {
            endpoint.fault = "has no IPv6 address in its brackets";
        }
    } else {
        auto const colon = text.find(':');
        endpoint.host = text.substr(0, colon);
        after = colon == std::string_view::npos ? std::string_view() : text.substr(colon);
        endpoint.fault = fault_of_host(endpoint.host);
        if (after.find(':', after.empty() ? 0 : 1) != std::string_view::npos) {
            endpoint.fault = "has several colons (an IPv6 address goes into brackets)";
        }
    }
    if (!after.empty() && after.front() != ':' && endpoint.fault.empty()) {
        endpoint.fault = "has something between host and port";
    }
    endpoint.has_colon = !after.empty();
    endpoint.port = after.substr(after.empty() ? 0 : 1);
    return endpoint;
}

std::optional<std::uint16_t> parse_port(std::string_view text) noexcept {
    constexpr std::size_t kMostDigits = 5;
    if (!all_digits(text) || text.size() > kMostDigits) {
        return std::nullopt;
    }
    std::uint32_t value = 0;
    for (char const digit : text) {
        value = value * 10 + static_cast<std::uint32_t>(digit - '0');
    }
    if (value == 0 || value > 65535) {
        return std::nullopt;
    }
    return static_cast<std::uint16_t>(value);
}

std::uint16_t default_port(std::string_view scheme) noexcept {
    return scheme == "https" ? 443 : 80;
}

/// What may be shown of a text that may hold a password before an `@` or in its query.
std::string shown(std::string_view text) {
    constexpr std::size_t kShownBytes = 100;
    auto const at = text.rfind('@');
    if (at == std::string_view::npos) {
        return "'" + clean_text(without_secrets(text), kShownBytes) + "'";
    }
    auto const start = text.find("://");
    auto const scheme = start < at ? text.substr(0, start + 3) : std::string_view();
    return "'" +
           clean_text(std::string(scheme) + "***" + without_secrets(text.substr(at)), kShownBytes) +
           "'";
}

tl::unexpected<Error> refuse(std::string_view text, std::string_view fault,
                             std::string_view example) {
    return failure(Errc::invalid,
                   shown(text) + " " + std::string(fault) + ": " + std::string(example));
}

/// Path and query as they go into a request line: bytes beyond ASCII percent-encoded.
std::string request_target(std::string_view text) {
    constexpr std::string_view kHex = "0123456789ABCDEF";
    std::string target;
    target.reserve(text.size() + 1);
    if (text.empty() || text.front() != '/') {
        target += '/';
    }
    for (char const character : text) {
        auto const byte = static_cast<unsigned char>(character);
        if (byte < 0x80) {
            target += character;
        } else {
            target += '%';
            target += kHex[byte >> 4U];
            target += kHex[byte & 0x0FU];
        }
    }
    return target;
}

bool has_space_or_control(std::string_view text) noexcept {
    return std::any_of(text.begin(), text.end(), [](char character) {
        auto const byte = static_cast<unsigned char>(character);
        return byte <= 0x20 || byte == 0x7F;
    });
}

std::string host_and_port(std::string const& host, std::uint16_t port) {
    return host.find(':') == std::string::npos ? host + ":" + std::to_string(port)
                                               : "[" + host + "]:" + std::to_string(port);
}

}  // namespace

Result<Url> parse_url(std::string_view text) {
    if (text.size() > kLongestUrl) {
        return refuse(text, "is longer than 8000 characters", "no server must take that");
    }
    if (has_space_or_control(text)) {
        return refuse(text, "has a space or a control character", "write a space as %20");
    }
    auto const scheme_end = text.find("://");
    auto scheme =
        in_lower_case(text.substr(0, scheme_end == std::string_view::npos ? 0 : scheme_end));
    if (scheme != "http" && scheme != "https") {
        return refuse(text, "is no http or https URL", kUrlExample);
    }
    auto rest = text.substr(scheme_end + 3);
    rest = rest.substr(0, rest.find('#'));
    auto const target_start = std::min(rest.find_first_of("/?"), rest.size());
    auto authority = rest.substr(0, target_start);

    Url url;
    if (auto const at = authority.rfind('@'); at != std::string_view::npos) {
        url.user_info = std::string(authority.substr(0, at));
        authority.remove_prefix(at + 1);
    }
    auto const endpoint = split_endpoint(authority);
    if (!endpoint.fault.empty()) {
        return refuse(text, endpoint.fault, kUrlExample);
    }
    url.port = default_port(scheme);
    if (!endpoint.port.empty()) {
        auto const port = parse_port(endpoint.port);
        if (!port) {
            return refuse(text, "has a port that is no number from 1 to 65535", kUrlExample);
        }
        url.port = *port;
    }
    url.scheme = std::move(scheme);
    url.host = in_lower_case(endpoint.host);
    url.target = request_target(rest.substr(target_start));
    return url;
}

std::string to_text(Url const& url) {
    return url.scheme + "://" + host_header(url) + without_secrets(url.target);
}

std::string host_header(Url const& url) {
    if (url.port != default_port(url.scheme)) {
        return host_and_port(url.host, url.port);
    }
    return url.host.find(':') == std::string::npos ? url.host : "[" + url.host + "]";
}

Url with_path(Url const& base, std::string_view path) {
    Url url = base;
    url.target.resize(std::min(url.target.find('?'), url.target.size()));
    while (!url.target.empty() && url.target.back() == '/') {
        url.target.pop_back();
    }
    url.target += path;
    return url;
}

Result<HostPort> parse_host_port(std::string_view text) {
    auto const endpoint = split_endpoint(text);
    if (!endpoint.fault.empty()) {
        return refuse(text, endpoint.fault, kEndpointExample);
    }
    if (!endpoint.has_colon) {
        return refuse(text, "has no port", kEndpointExample);
    }
    auto const port = parse_port(endpoint.port);
    if (!port) {
        return refuse(text, "has a port that is no number from 1 to 65535", kEndpointExample);
    }
    return HostPort{in_lower_case(endpoint.host), *port};
}

std::string to_text(HostPort const& endpoint) {
    return host_and_port(endpoint.host, endpoint.port);
}

bool is_loopback(std::string_view host) noexcept {
    if (equal_ignoring_case(host, "localhost")) {
        return true;
    }
    if (auto const v4 = parse_ipv4(host)) {
        return v4->front() == 127;
    }
    auto const v6 = parse_ipv6(host);
    return v6 && std::all_of(v6->begin(), v6->end() - 1, [](auto byte) { return byte == 0; }) &&
           v6->back() == 1;
}

}  // namespace muster
