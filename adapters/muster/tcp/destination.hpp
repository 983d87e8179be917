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
    IpFamily ip{IpFamily::any};
    std::vector<boost::asio::ip::address> addresses;  ///< Empty: the host is a name to resolve.
};

/// An address is its own; `localhost` and names below it are 127.0.0.1 and then ::1, whatever a
/// resolver says (RFC 6761 section 6.3).
/// Errors: Errc::invalid, when it is an address of another family than `ip` wants.
[[nodiscard]] Result<Destination> make_destination(std::string_view host, std::uint16_t port,
                                                   IpFamily ip = IpFamily::any);

[[nodiscard]] bool is_of(boost::asio::ip::address const& address, IpFamily ip) noexcept;

}  // namespace muster
