#include <muster/tcp/destination.hpp>

namespace muster {
namespace {

namespace ip = boost::asio::ip;

bool is_localhost(std::string_view host) {
    return host == "localhost" || host == "localhost." || host.ends_with(".localhost");
}

std::vector<ip::address> addresses_of(std::string const& host) {
    if (is_localhost(host)) {
        return {ip::address_v4::loopback(), ip::address_v6::loopback()};
    }
    boost::system::error_code error;
    auto const address = ip::make_address(host, error);
    if (error) {
        return {};
    }
    return {address};
}

}  // namespace

Destination make_destination(std::string_view host, std::uint16_t port) {
    Destination destination{std::string(host), port, {}};
    destination.addresses = addresses_of(destination.host);
    return destination;
}

}  // namespace muster
