#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include <boost/asio/ip/address.hpp>

#include <muster/base/result.hpp>
#include <muster/domain/probe_spec.hpp>

namespace muster {

/// Where connections go: a host and a port, and the host's addresses where its spelling tells them.
struct Destination {
    std::string host;
    std::uint16_t port{0};
    std::vector<boost::asio::ip::address> addresses;  ///< Empty: the host is a name to resolve.
    IpFamily ip{IpFamily::any};                       ///< Of the addresses to be tried.
};

/// An address is its own; `localhost` and names below it are 127.0.0.1 and then ::1, whatever a
/// resolver says (RFC 6761 section 6.3). Only addresses of the `family` are taken;
/// check_family() tells first whether there can be one.
[[nodiscard]] Destination make_destination(std::string_view host, std::uint16_t port,
                                           IpFamily family = IpFamily::any);

/// Errors: invalid, where the host is spelled as an address of the other family:
/// `127.0.0.1 is no IPv6 address`.
[[nodiscard]] Result<void> check_family(std::string_view host, IpFamily family);

/// Drops the addresses of the other family.
void keep_family(std::vector<boost::asio::ip::address>& addresses, IpFamily family);

}  // namespace muster
