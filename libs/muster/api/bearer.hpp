#pragma once

#include <optional>
#include <string_view>

#include <muster/api/message.hpp>
#include <muster/base/time.hpp>

namespace muster {

/// Whether two texts are equal, in a time that tells only how long they are.
[[nodiscard]] bool equal_in_constant_time(std::string_view left, std::string_view right) noexcept;

/// What is wrong with a request's `Authorization` where `token` is asked for (RFC 6750 section
/// 2.1), in words for who sent it; nothing: it brings the token. Compared in constant time.
[[nodiscard]] std::optional<std::string_view> why_not_authorized(Request const& request,
                                                                 std::string_view token);

/// 401 in the envelope, with the header that says what is asked for.
[[nodiscard]] Response refuse_unauthorized(std::string_view why, WallTime now);

/// Adds the header of a 401 (RFC 9110 section 11.6.1).
void add_challenge(Response& response);

}  // namespace muster
