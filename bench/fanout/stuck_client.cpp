#include "stuck_client.hpp"

#include <cstdlib>
#include <stdexcept>

#include <netinet/in.h>
#include <sys/socket.h>
#include <unistd.h>

#include <fmt/format.h>

#include <support/child.hpp>
#include "live_clients.hpp"

namespace muster::bench {
namespace {

/// As small as the system lets it be: what is not taken is to lie with the server.
constexpr int kReceiveBuffer = 1;

}  // namespace

StuckClient::StuckClient(std::uint16_t port, std::string const& path)
    : port_(port), descriptor_(ask_for_web_socket(port, path, kReceiveBuffer)) {}

StuckClient::~StuckClient() {
    ::close(descriptor_);
}

std::size_t StuckClient::kernel_bytes() const {
    sockaddr_in address{};
    socklen_t size = sizeof address;
    ::getsockname(descriptor_, reinterpret_cast<sockaddr*>(&address), &size);
    Child ss({"ss", "-tnmH",
              fmt::format("sport = :{} and dport = :{}", port_, ntohs(address.sin_port))});
    // skmem:(r0,rb131072,t0,tb262144,f1792,w256256,o0,bl0,d0): received, ahead, to be sent.
    auto const said = ss.read_to_end();
    auto const figure = [&](char const* name) -> std::size_t {
        auto const at = said.find(name);
        if (at == std::string::npos) {
            throw std::runtime_error("the stuck client's connection is gone: '" + said + "'");
        }
        return std::strtoul(said.c_str() + at + 2, nullptr, 10);
    };
    return figure("(r") + figure(",f") + figure(",w");
}

}  // namespace muster::bench
