#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <string_view>

namespace muster {

using IPv4Bytes = std::array<std::uint8_t, 4>;
using IPv6Bytes = std::array<std::uint8_t, 16>;

/// Four decimal numbers up to 255 without leading zeros: the strict form that inet_pton takes.
[[nodiscard]] std::optional<IPv4Bytes> parse_ipv4(std::string_view text) noexcept;

/// RFC 4291 section 2.2, without brackets and without a zone.
[[nodiscard]] std::optional<IPv6Bytes> parse_ipv6(std::string_view text) noexcept;

}  // namespace muster
