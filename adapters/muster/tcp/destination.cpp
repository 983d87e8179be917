#include <muster/tcp/destination.hpp>

#include <utility>

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

Result<Destination> make_destination(std::string_view host, std::uint16_t port, IpFamily ip) {
    Destination destination{std::string(host), port, ip, {}};
    auto addresses = addresses_of(destination.host);
    auto const is_name = addresses.empty();
    std::erase_if(addresses, [ip](auto const& address) { return !is_of(address, ip); });
    if (addresses.empty() && !is_name) {
        return failure(Errc::invalid,
                       destination.host + " is no IPv" + std::string(to_string(ip)) + " address");
    }
    destination.addresses = std::move(addresses);
    return destination;
}

bool is_of(ip::address const& address, IpFamily ip) noexcept {
    return ip == IpFamily::any || (ip == IpFamily::v4 ? address.is_v4() : address.is_v6());
}

}  // namespace muster
