// Any bytes as a hosts file: each name has addresses, each address once.

#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <set>
#include <string_view>

#include <muster/dns/hosts_file.hpp>

extern "C" int LLVMFuzzerTestOneInput(std::uint8_t const* data, std::size_t size) {
    auto const hosts = muster::parse_hosts({reinterpret_cast<char const*>(data), size});
    for (auto const& [name, addresses] : hosts) {
        std::set<boost::asio::ip::address> const different(addresses.begin(), addresses.end());
        if (name.empty() || name.find_first_of(" \t\r\n#") != std::string_view::npos ||
            addresses.empty() || different.size() != addresses.size()) {
            std::abort();
        }
    }
    return 0;
}
