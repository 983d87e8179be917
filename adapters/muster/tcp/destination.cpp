#include <muster/tcp/destination.hpp>

#include <fmt/format.h>

#include <muster/tcp/failure.hpp>

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

Destination make_destination(std::string_view host, std::uint16_t port, IpFamily family) {
    Destination destination{std::string(host), port, {}, family};
    destination.addresses = addresses_of(destination.host);
    keep_family(destination.addresses, family);
    return destination;
}

Result<void> check_family(std::string_view host, IpFamily family) {
    auto const addresses = addresses_of(std::string(host));
    auto kept = addresses;
    keep_family(kept, family);
    if (kept.empty() && !addresses.empty()) {
        return failure(Errc::invalid, fmt::format("{} is no {} address", host, name_of(family)));
    }
    return {};
}

void keep_family(std::vector<ip::address>& addresses, IpFamily family) {
    if (family != IpFamily::any) {
        std::erase_if(addresses, [family](ip::address const& address) {
            return address.is_v6() != (family == IpFamily::v6);
        });
    }
}

}  // namespace muster
