#pragma once

#include <optional>
#include <string_view>

#include <muster/base/time.hpp>

namespace muster {

/// A moment as HTTP headers tell it (RFC 9110 section 5.6.7), in any of the three forms:
/// `Sun, 06 Nov 1994 08:49:37 GMT`, `Sunday, 06-Nov-94 08:49:37 GMT`, `Sun Nov  6 08:49:37 1994`. A
/// year of two digits is one of 1969 to 2068. Nothing: it is none of them, or no such day.
[[nodiscard]] std::optional<WallTime> parse_http_date(std::string_view text) noexcept;

}  // namespace muster
