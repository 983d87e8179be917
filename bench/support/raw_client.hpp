#pragma once

#include <cstddef>
#include <cstdint>
#include <deque>
#include <string>
#include <vector>

#include <netinet/in.h>

namespace muster::bench {

/// What a probe costs with nothing around it: epoll, system calls, and a look at the status line.
/// This is the floor that the probers are measured against.
class RawClient {
public:
    enum class Work : std::uint8_t {
        fresh,       ///< Connect, ask, read, close: connecting waits for EPOLLOUT, as textbooks do.
        fresh_lean,  ///< The same, but writes at once and waits only where that does not work.
        kept,
        connect,
    };

    RawClient(std::vector<std::string> const& hosts, std::uint16_t port, std::string path,
              Work work);
    ~RawClient();
    RawClient(RawClient const&) = delete;
    RawClient& operator=(RawClient const&) = delete;

    /// Makes `count` probes, one at a time to each host, all hosts at once.
    void run(std::size_t count);

    /// Makes `count` probes, `a_second` of them, each at its time and at the host that is idle
    /// longest: a client that is not busy sleeps and wakes for each probe and for each answer.
    void run_paced(std::size_t count, double a_second);

private:
    struct Target {
        sockaddr_in address{};
        int descriptor{-1};
        bool connected{false};
    };

    void take_ready(double wait_seconds);
    void begin(std::size_t index);
    void connect(std::size_t index);
    void ready(std::size_t index);
    void ask(std::size_t index);
    void ended(std::size_t index, bool keep);
    void watch(std::size_t index, std::uint32_t events, int operation);

    Work work_;
    std::string request_;
    std::vector<Target> targets_;
    std::vector<char> buffer_;
    std::deque<std::size_t> idle_;  ///< Of a paced run.
    int poll_;
    std::size_t to_start_{0};
    std::size_t to_end_{0};
};

}  // namespace muster::bench
