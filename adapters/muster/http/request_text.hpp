#pragma once

#include <string>
#include <string_view>

#include <muster/domain/url.hpp>

namespace muster {

struct RequestOptions {
    bool keep{false};  ///< Ask for the connection to stay open.
    std::string_view accept{"*/*"};
    std::string_view user_agent{"muster"};
};

/// The bytes of a GET, built once and sent again and again (RFC 9112 section 3). User info of the
/// URL becomes Basic credentials (RFC 7617).
[[nodiscard]] std::string request_text(Url const& url, RequestOptions const& options);

/// RFC 4648 section 4, with padding.
[[nodiscard]] std::string base64(std::string_view bytes);

/// `%41` becomes `A` (RFC 3986 section 2.1); what is no such triplet stays as it is.
[[nodiscard]] std::string percent_decoded(std::string_view text);

}  // namespace muster
