#include <support/server.hpp>

#include <algorithm>
#include <array>
#include <cerrno>
#include <csignal>
#include <new>
#include <stdexcept>
#include <string_view>
#include <system_error>

#include <arpa/inet.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <sys/epoll.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include <support/cpu_time.hpp>

namespace muster::bench {
namespace {

constexpr std::string_view kJson =
    R"({"status":"healthy","lastCheck":"2026-11-22T05:55:00.123Z","uptime":99.8,)"
    R"("isRunning":true,"responseTime":45})";
constexpr std::string_view kText = "ok\n";

[[noreturn]] void give_up(char const* what) {
    throw std::system_error(errno, std::generic_category(), what);
}

int listen_on_loopback(std::uint16_t& port) {
    auto const listener = ::socket(AF_INET, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
    // All of 127.0.0.0/8 by one socket, and nothing from outside.
    std::string_view const device = "lo";
    if (::setsockopt(listener, SOL_SOCKET, SO_BINDTODEVICE, device.data(), device.size()) != 0) {
        give_up("listen on the loopback device");
    }
    sockaddr_in address{};
    address.sin_family = AF_INET;
    auto* const generic = reinterpret_cast<sockaddr*>(&address);
    if (::bind(listener, generic, sizeof address) != 0 || ::listen(listener, 4096) != 0) {
        give_up("listen");
    }
    socklen_t size = sizeof address;
    ::getsockname(listener, generic, &size);
    port = ntohs(address.sin_port);
    return listener;
}

std::string answer(std::string_view status, std::string_view type, std::string_view body) {
    return std::string("HTTP/1.1 ")
        .append(status)
        .append(
            "\r\nServer: bench\r\nDate: Sun, 22 Nov 2026 05:55:00 GMT\r\n"
            "Content-Type: ")
        .append(type)
        .append("\r\nContent-Length: ")
        .append(std::to_string(body.size()))
        .append("\r\nCache-Control: no-store\r\n\r\n")
        .append(body);
}

}  // namespace

class ServerProcess::Loop {
public:
    Loop(int listener, Shared& shared)
        : listener_(listener), shared_(shared), poll_(::epoll_create1(EPOLL_CLOEXEC)) {
        watch(listener_);
    }

    [[noreturn]] void run() {
        std::array<epoll_event, 256> events{};
        for (;;) {
            auto const count = ::epoll_wait(poll_, events.data(), events.size(), -1);
            for (int index = 0; index < count; ++index) {
                auto const descriptor = events[static_cast<std::size_t>(index)].data.fd;
                descriptor == listener_ ? accept_all() : serve(descriptor);
            }
        }
    }

private:
    void watch(int descriptor) const {
        epoll_event event{};
        event.events = EPOLLIN;
        event.data.fd = descriptor;
        ::epoll_ctl(poll_, EPOLL_CTL_ADD, descriptor, &event);
    }

    void accept_all() const {
        for (;;) {
            auto const peer = ::accept4(listener_, nullptr, nullptr, SOCK_NONBLOCK | SOCK_CLOEXEC);
            if (peer < 0) {
                return;
            }
            int const on = 1;
            ::setsockopt(peer, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
            watch(peer);
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
        count();
        auto const& bytes = answer_to(request);
        [[maybe_unused]] auto const sent = ::send(peer, bytes.data(), bytes.size(), MSG_NOSIGNAL);
        if (request.find("Connection: close") != std::string_view::npos) {
            ::close(peer);
        }
    }

    void count() const {
        auto const second = static_cast<std::size_t>(steady_seconds() - shared_.counted_from);
        if (second < shared_.by_second.size()) {
            ++shared_.by_second[second];
        }
    }

    std::string const& answer_to(std::string_view request) const {
        if (request.starts_with("GET /health")) {
            return json_;
        }
        if (!request.starts_with("GET /switched")) {
            return text_;
        }
        auto const& bytes = shared_.failing ? failure_ : text_;
        if (shared_.answered_so_at == 0) {
            shared_.answered_so_at = steady_seconds();
        }
        return bytes;
    }

    int const listener_;
    Shared& shared_;
    int const poll_;
    std::string const json_{answer("200 OK", "application/json", kJson)};
    std::string const text_{answer("200 OK", "text/plain", kText)};
    std::string const failure_{answer("500 Internal Server Error", "text/plain", kText)};
};

ServerProcess::ServerProcess(std::size_t addresses)
    : shared_(new (::mmap(nullptr, sizeof(Shared), PROT_READ | PROT_WRITE,
                          MAP_SHARED | MAP_ANONYMOUS, -1, 0)) Shared) {
    for (std::size_t index = 0; index < addresses; ++index) {
        hosts_.push_back("127.1." + std::to_string(index / 250) + "." +
                         std::to_string(1 + index % 250));
    }
    auto const listener = listen_on_loopback(port_);
    process_ = ::fork();
    if (process_ < 0) {
        give_up("fork");
    }
    if (process_ == 0) {
        ::prctl(PR_SET_PDEATHSIG, SIGKILL);
        Loop(listener, *shared_).run();
    }
    ::close(listener);
}

ServerProcess::~ServerProcess() {
    ::kill(process_, SIGKILL);
    ::waitpid(process_, nullptr, 0);
    ::munmap(shared_, sizeof(Shared));
}

void ServerProcess::fail(bool failing) {
    shared_->failing = failing;
    shared_->answered_so_at = 0;
}

double ServerProcess::answered_so_at() const {
    return shared_->answered_so_at;
}

void ServerProcess::count_from_now() {
    for (auto& requests : shared_->by_second) {
        requests = 0;
    }
    shared_->counted_from = steady_seconds();
}

std::vector<double> ServerProcess::requests_by_second(std::size_t seconds) const {
    auto const& counts = shared_->by_second;
    return {counts.begin(),
            counts.begin() + static_cast<std::ptrdiff_t>(std::min(seconds, counts.size()))};
}

}  // namespace muster::bench
