#include <support/server.hpp>

#include <array>
#include <cerrno>
#include <csignal>
#include <cstdlib>
#include <stdexcept>
#include <string_view>
#include <system_error>

#include <arpa/inet.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <sys/epoll.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

namespace muster::bench {
namespace {

constexpr std::string_view kJson =
    R"({"status":"healthy","lastCheck":"2026-11-22T05:55:00.123Z","uptime":99.8,)"
    R"("isRunning":true,"responseTime":45})";
constexpr std::string_view kText = "ok\n";

[[noreturn]] void fail(char const* what) {
    throw std::system_error(errno, std::generic_category(), what);
}

int listen_on(std::string const& host, std::uint16_t& port) {
    auto const listener = ::socket(AF_INET, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
    int const on = 1;
    ::setsockopt(listener, SOL_SOCKET, SO_REUSEADDR, &on, sizeof on);
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_port = htons(port);
    ::inet_pton(AF_INET, host.c_str(), &address.sin_addr);
    auto* const generic = reinterpret_cast<sockaddr*>(&address);
    if (::bind(listener, generic, sizeof address) != 0 || ::listen(listener, 4096) != 0) {
        fail("listen");
    }
    socklen_t size = sizeof address;
    ::getsockname(listener, generic, &size);
    port = ntohs(address.sin_port);
    return listener;
}

std::string answer(std::string_view type, std::string_view body) {
    return std::string(
               "HTTP/1.1 200 OK\r\nServer: bench\r\nDate: Sun, 22 Nov 2026 05:55:00 GMT\r\n"
               "Content-Type: ")
        .append(type)
        .append("\r\nContent-Length: ")
        .append(std::to_string(body.size()))
        .append("\r\nCache-Control: no-store\r\n\r\n")
        .append(body);
}

class Server {
public:
    explicit Server(std::vector<int> const& listeners) : poll_(::epoll_create1(EPOLL_CLOEXEC)) {
        for (auto const listener : listeners) {
            watch(listener, kListener);
        }
    }

    [[noreturn]] void run() {
        std::array<epoll_event, 256> events{};
        for (;;) {
            auto const count = ::epoll_wait(poll_, events.data(), events.size(), -1);
            for (int index = 0; index < count; ++index) {
                auto const data = events[static_cast<std::size_t>(index)].data.u64;
                auto const descriptor = static_cast<int>(data & ~kListener);
                (data & kListener) != 0 ? accept_all(descriptor) : serve(descriptor);
            }
        }
    }

private:
    static constexpr std::uint64_t kListener = std::uint64_t{1} << 32U;

    void watch(int descriptor, std::uint64_t flags) const {
        epoll_event event{};
        event.events = EPOLLIN;
        event.data.u64 = static_cast<std::uint64_t>(descriptor) | flags;
        ::epoll_ctl(poll_, EPOLL_CTL_ADD, descriptor, &event);
    }

    void accept_all(int listener) {
        for (;;) {
            auto const peer = ::accept4(listener, nullptr, nullptr, SOCK_NONBLOCK | SOCK_CLOEXEC);
            if (peer < 0) {
                return;
            }
            int const on = 1;
            ::setsockopt(peer, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
            watch(peer, 0);
        }
    }

    void serve(int peer) const {
        std::array<char, 4096> room{};
        auto const size = ::recv(peer, room.data(), room.size(), 0);
        if (size < 0 && errno == EAGAIN) {
            return;
        }
        if (size <= 0) {
            ::close(peer);
            return;
        }
        // Requests are one small write each: they come whole.
        std::string_view const request(room.data(), static_cast<std::size_t>(size));
        auto const& bytes = request.starts_with("GET /health") ? json_ : text_;
        [[maybe_unused]] auto const sent = ::send(peer, bytes.data(), bytes.size(), MSG_NOSIGNAL);
        if (request.find("Connection: close") != std::string_view::npos) {
            ::close(peer);
        }
    }

    int poll_;
    std::string json_{answer("application/json", kJson)};
    std::string text_{answer("text/plain", kText)};
};

}  // namespace

ServerProcess::ServerProcess(std::size_t addresses) {
    std::vector<int> listeners;
    for (std::size_t index = 0; index < addresses; ++index) {
        hosts_.push_back("127.0.0." + std::to_string(2 + index));
        listeners.push_back(listen_on(hosts_.back(), port_));
    }
    process_ = ::fork();
    if (process_ < 0) {
        fail("fork");
    }
    if (process_ == 0) {
        ::prctl(PR_SET_PDEATHSIG, SIGKILL);
        Server(listeners).run();
    }
    for (auto const listener : listeners) {
        ::close(listener);
    }
}

ServerProcess::~ServerProcess() {
    ::kill(process_, SIGKILL);
    ::waitpid(process_, nullptr, 0);
}

}  // namespace muster::bench
