#pragma once

#include <cstdint>
#include <optional>
#include <span>

#include <boost/asio/ip/address.hpp>

namespace muster {

/// The one that blackbox_exporter takes by default: the first of IPv6, else the first of all.
/// Nothing: there is none.
[[nodiscard]] std::optional<boost::asio::ip::address> preferred_address(
    std::span<boost::asio::ip::address const> addresses) noexcept;

/// FNV-1a (32 bits) of the address's 4 or 16 bytes: the same number as blackbox_exporter gives.
[[nodiscard]] std::uint32_t address_hash(boost::asio::ip::address const& address) noexcept;

}  // namespace muster
