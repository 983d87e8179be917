#pragma once

#include <compare>
#include <cstdint>
#include <string>
#include <string_view>

#include <muster/base/result.hpp>

namespace muster {

/// An absolute http or https URL, split once (RFC 3986 section 3; http scheme RFC 9110
/// section 4.2).
struct Url {
    std::string scheme;  ///< `http` or `https`, lower case.
    std::string host;    ///< Name or address, lower case, without the brackets of an IPv6 address.
    std::uint16_t port{0};  ///< Always set: 80 or 443 where the text gives none.
    std::string target;     ///< Path and query as sent in the request line; starts with `/`.
    std::string user_info;  ///< `user:password` if given. Secret: never logged or shown.

    auto operator<=>(Url const&) const = default;
};

/// Reads an absolute URL. The fragment is dropped; spaces and control characters are refused.
/// Errors: Errc::invalid, saying what was wrong and giving an example.
[[nodiscard]] Result<Url> parse_url(std::string_view text);

/// Without user info and without the values of parameters that names_a_secret(): fit for logs and
/// answers. The port is left out where it is the scheme's own.
[[nodiscard]] std::string to_text(Url const& url);

/// `host:port` for the Host header and for pools; IPv6 in brackets, default port left out.
[[nodiscard]] std::string host_header(Url const& url);

/// The URL with `path` (starting with `/`) put behind the base's own path; a trailing slash of the
/// base is ignored and its query dropped.
[[nodiscard]] Url with_path(Url const& base, std::string_view path);

/// A host and a port, as a TCP probe names them.
struct HostPort {
    std::string host;
    std::uint16_t port{0};

    auto operator<=>(HostPort const&) const = default;
};

/// Reads `host:port` or `[v6]:port`. Errors: Errc::invalid.
[[nodiscard]] Result<HostPort> parse_host_port(std::string_view text);
[[nodiscard]] std::string to_text(HostPort const& endpoint);

/// Whether a host is this machine by its spelling: `localhost`, 127.0.0.0/8, ::1.
[[nodiscard]] bool is_loopback(std::string_view host) noexcept;

}  // namespace muster
