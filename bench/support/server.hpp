#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

#include <sys/types.h>

namespace muster::bench {

/// A tiny HTTP server in a process of its own: one epoll loop over many loopback addresses, keeping
/// connections unless asked to close them. `/health` answers with JSON, everything else with text.
class ServerProcess {
public:
    /// Listens on 127.0.0.2 and the addresses after it, all on one free port.
    explicit ServerProcess(std::size_t addresses);
    ~ServerProcess();
    ServerProcess(ServerProcess const&) = delete;
    ServerProcess& operator=(ServerProcess const&) = delete;

    [[nodiscard]] std::vector<std::string> const& hosts() const noexcept { return hosts_; }
    [[nodiscard]] std::uint16_t port() const noexcept { return port_; }

private:
    std::vector<std::string> hosts_;
    std::uint16_t port_{0};
    pid_t process_{-1};
};

}  // namespace muster::bench
