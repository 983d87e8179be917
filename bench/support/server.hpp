#pragma once

#include <array>
#include <atomic>
#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

#include <sys/types.h>

namespace muster::bench {

/// A tiny HTTP server in a process of its own: one epoll loop over many loopback addresses, keeping
/// connections unless asked to close them. `/health` answers with JSON, everything else with text;
/// `/switched` fails with 500 while it is told to.
class ServerProcess {
public:
    /// At `addresses` (to 60,000) addresses of 127.0.0.0/8, from 127.1.0.1 on, all on one free
    /// port. It listens on the loopback device alone.
    explicit ServerProcess(std::size_t addresses);
    ~ServerProcess();
    ServerProcess(ServerProcess const&) = delete;
    ServerProcess& operator=(ServerProcess const&) = delete;

    [[nodiscard]] std::vector<std::string> const& hosts() const noexcept { return hosts_; }
    [[nodiscard]] std::uint16_t port() const noexcept { return port_; }

    /// From now on `/switched` fails, or is well again.
    void fail(bool failing);
    /// When it first answered so, as steady_seconds() has it; 0: not yet.
    [[nodiscard]] double answered_so_at() const;

    /// Requests are counted anew, by the seconds from now.
    void count_from_now();
    /// Of the first `seconds` (to 120), each for itself.
    [[nodiscard]] std::vector<double> requests_by_second(std::size_t seconds) const;

private:
    struct Shared {
        std::atomic<bool> failing{false};
        std::atomic<double> answered_so_at{1};
        std::atomic<double> counted_from{0};
        std::array<std::atomic<std::uint32_t>, 120> by_second{};
    };
    class Loop;

    std::vector<std::string> hosts_;
    std::uint16_t port_{0};
    Shared* shared_;  ///< In memory that both processes have.
    pid_t process_{-1};
};

}  // namespace muster::bench
