#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include <boost/asio/ip/address.hpp>

namespace muster {

/// Where connections go: a host and a port, and the host's addresses where its spelling tells them.
struct Destination {
    std::string host;
    std::uint16_t port{0};
    std::vector<boost::asio::ip::address> addresses;  ///< Empty: the host is a name to resolve.
};

/// An address is its own; `localhost` and names below it are 127.0.0.1 and then ::1, whatever a
/// resolver says (RFC 6761 section 6.3).
[[nodiscard]] Destination make_destination(std::string_view host, std::uint16_t port);

}  // namespace muster
