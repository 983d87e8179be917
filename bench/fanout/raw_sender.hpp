#pragma once

#include <atomic>
#include <cstdint>
#include <string>

#include <sys/types.h>

namespace muster::bench {

/// What sending one frame to all clients costs with nothing around it: epoll and send(), in a
/// process of its own. It takes any request for that of a WebSocket.
class RawSender {
public:
    /// `text`: what the frame carries.
    explicit RawSender(std::string const& text);
    ~RawSender();
    RawSender(RawSender const&) = delete;
    RawSender& operator=(RawSender const&) = delete;

    [[nodiscard]] std::uint16_t port() const noexcept { return port_; }

    /// Sends the frame to everybody once.
    void burst() const;
    /// When it last began to (steady_seconds()).
    [[nodiscard]] double burst_at() const;

    [[nodiscard]] double cpu_seconds() const;

private:
    class Loop;

    /// Starts the process; gives its id here.
    [[nodiscard]] pid_t begin(std::string const& text);

    std::uint16_t port_{0};
    int wake_;                       ///< An eventfd that both processes have.
    std::atomic<double>* burst_at_;  ///< In memory that both have.
    pid_t process_;
};

}  // namespace muster::bench
