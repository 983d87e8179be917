#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include <muster/base/result.hpp>
#include <muster/domain/probe_spec.hpp>

namespace muster {

/// One request as its probe means it.
struct RequestSpec {
    Url url;
    HttpMethod method{HttpMethod::get};
    std::vector<HttpHeader> headers;
    std::string body;
    TlsOptions tls;

    bool operator==(RequestSpec const&) const = default;
};

/// 301, 302, 303, 307, 308: those whose Location is to be asked instead (RFC 9110 section 15.4).
[[nodiscard]] bool is_redirect(std::uint16_t status) noexcept;

/// What a Location means seen from `base` (RFC 3986 section 5.2). Spaces and bytes beyond ASCII are
/// taken as if percent-encoded, the fragment is dropped, user info too (RFC 9110 section 4.2.4).
/// Errors: invalid, what is wrong with it in plain words, without showing it.
[[nodiscard]] Result<Url> resolve_location(Url const& base, std::string_view location);

/// The request to send after `from` was answered with this redirect. 303 makes a GET of everything
/// but HEAD, 301 and 302 of POST (RFC 9110 sections 15.4.2 to 15.4.4); 307 and 308 change nothing.
/// A GET that was a POST has no body. To another origin (scheme, host or port) credentials stay
/// behind: the URL's user info, and every header but the plain ones (is_plain_header()). The name
/// that TLS was told to expect is the first host's only. Errors: those of resolve_location();
/// invalid where a body would have to go to another origin: it may hold credentials, and without it
/// the request would be another one.
[[nodiscard]] Result<RequestSpec> redirected(RequestSpec const& from, std::uint16_t status,
                                             std::string_view location);

/// Headers that carry no secrets by their trade: Accept, Accept-Charset, Accept-Encoding,
/// Accept-Language, Cache-Control, Content-Encoding, Content-Language, Content-Type, Pragma,
/// User-Agent.
[[nodiscard]] bool is_plain_header(std::string_view name) noexcept;

/// Where a URL leads, for people: without user info, query and fragment.
[[nodiscard]] std::string place_of(Url const& url);

}  // namespace muster
