#pragma once

#include <span>
#include <string>
#include <string_view>

#include <muster/base/result.hpp>
#include <muster/domain/probe_spec.hpp>
#include <muster/domain/url.hpp>

namespace muster {

struct RequestOptions {
    bool keep{false};  ///< Ask for the connection to stay open.
    std::string_view accept{"*/*"};
    std::string_view user_agent{"muster"};
    HttpMethod method{HttpMethod::get};
    std::span<HttpHeader const> headers{};  ///< Checked; each takes the place of ours of that name.
    std::string_view body{};
};

/// The bytes of a request, built once and sent again and again (RFC 9112 section 3). User info of
/// the URL becomes Basic credentials (RFC 7617). A body goes with its Content-Length and, where no
/// header gives one, a Content-Type: application/json where it starts as JSON does, else text.
[[nodiscard]] std::string request_text(Url const& url, RequestOptions const& options);

/// Whether these headers may be sent, as http_header_rules says, with at most one `Host`. Errors:
/// invalid, naming the header and never showing a value.
[[nodiscard]] Result<void> check_headers(std::span<HttpHeader const> headers);

/// The header of this name, case ignored, or nullptr.
[[nodiscard]] HttpHeader const* find_header(std::span<HttpHeader const> headers,
                                            std::string_view name) noexcept;

/// RFC 4648 section 4, with padding.
[[nodiscard]] std::string base64(std::string_view bytes);

/// `%41` becomes `A` (RFC 3986 section 2.1); what is no such triplet stays as it is.
[[nodiscard]] std::string percent_decoded(std::string_view text);

}  // namespace muster
