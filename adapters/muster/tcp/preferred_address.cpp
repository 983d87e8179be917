#include <muster/tcp/preferred_address.hpp>

#include <algorithm>

namespace muster {
namespace {

namespace ip = boost::asio::ip;

template <class Bytes>
std::uint32_t fnv1a(Bytes const& bytes) noexcept {
    std::uint32_t hash = 2'166'136'261U;
    for (auto const byte : bytes) {
        hash = (hash ^ byte) * 16'777'619U;
    }
    return hash;
}

}  // namespace

std::optional<ip::address> preferred_address(std::span<ip::address const> addresses) noexcept {
    if (addresses.empty()) {
        return std::nullopt;
    }
    auto const preferred = std::find_if(addresses.begin(), addresses.end(),
                                        [](auto const& address) { return address.is_v6(); });
    return preferred != addresses.end() ? *preferred : addresses.front();
}

std::uint32_t address_hash(ip::address const& address) noexcept {
    return address.is_v6() ? fnv1a(address.to_v6().to_bytes()) : fnv1a(address.to_v4().to_bytes());
}

}  // namespace muster
