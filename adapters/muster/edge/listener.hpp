#pragma once

#include <functional>
#include <memory>
#include <vector>

#include <boost/asio/basic_socket_acceptor.hpp>

#include <muster/base/result.hpp>
#include <muster/edge/peer.hpp>
#include <muster/ports/log.hpp>
#include <muster/runtime/loop.hpp>

namespace muster {

using Acceptor = asio::basic_socket_acceptor<tcp, asio::io_context::executor_type>;

/// Opens sockets that listen at an address, or at all addresses that a name has on this machine.
/// `::` takes IPv4 as well unless `only_ipv6`. Errors: conflict where the port is in use, invalid
/// for what is no address of this machine or may not be used.
[[nodiscard]] Result<std::vector<Acceptor>> open_acceptors(asio::io_context& context,
                                                           HostPort const& endpoint,
                                                           bool only_ipv6);

[[nodiscard]] HostPort host_port_of(tcp::endpoint const& endpoint);

/// Accepts connections of one listening socket. When the process has no descriptor left it waits a
/// little instead of spinning. Loop thread only but for the constructor.
class Listener {
public:
    using Accepted = std::function<void(Socket, tcp::endpoint const&)>;

    Listener(Loop& loop, Clock const& clock, Log& log, Acceptor acceptor, Accepted accepted);
    ~Listener();
    Listener(Listener const&) = delete;
    Listener& operator=(Listener const&) = delete;

    void start();
    void stop();

private:
    struct Impl;
    std::shared_ptr<Impl> const impl_;
};

}  // namespace muster
