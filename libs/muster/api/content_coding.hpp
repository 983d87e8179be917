#pragma once

#include <cstddef>
#include <string_view>

#include <muster/api/message.hpp>

namespace muster {

/// Whether a client wants gzip rather than the plain body, by its Accept-Encoding (RFC 9110 section
/// 12.5.3): `gzip` (or `x-gzip`) or else `*` with a weight above 0, and not below that of
/// `identity` where it names that. A header that cannot be read, or none: no.
[[nodiscard]] bool wants_gzip(std::string_view accept_encoding) noexcept;

/// Whether what an answer tells may come in gzip too: text of some kind (of a 304: or not said),
/// 200 or 304, not encoded yet and no event stream. Its length does not matter: that of the next
/// answer may be another.
[[nodiscard]] bool may_be_gzip(Response const& response) noexcept;

/// Smaller bodies fit into one packet as they are.
inline constexpr std::size_t kGzipFrom = 1'400;

/// Tells caches that Accept-Encoding decided (Vary, RFC 9110 section 12.5.5). A strong ETag becomes
/// a weak one: the plain body, the one in gzip and the 304 of both go under it (section 8.8.1).
void mark_as_varying(Response& response);

}  // namespace muster
