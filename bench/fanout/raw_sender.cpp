#include "raw_sender.hpp"

#include <array>
#include <csignal>
#include <new>
#include <stdexcept>
#include <string_view>
#include <vector>

#include <netinet/in.h>
#include <netinet/tcp.h>
#include <sys/epoll.h>
#include <sys/eventfd.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include <support/cpu_time.hpp>

namespace muster::bench {
namespace {

constexpr std::string_view kSwitched =
    "HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n\r\n";

/// RFC 6455 section 5.2, one final text frame.
std::string frame_of(std::string const& text) {
    std::string frame{static_cast<char>(0x81)};
    auto const append_length = [&](int bytes) {
        for (int place = bytes - 1; place >= 0; --place) {
            frame += static_cast<char>(text.size() >> (8U * static_cast<unsigned>(place)));
        }
    };
    if (text.size() < 126) {
        append_length(1);
    } else if (text.size() <= 0xFFFF) {
        frame += char{126};
        append_length(2);
    } else {
        frame += char{127};
        append_length(8);
    }
    return frame + text;
}

int listen_on_free_port(std::uint16_t& port) {
    auto const listener = ::socket(AF_INET, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    socklen_t size = sizeof address;
    auto* const generic = reinterpret_cast<sockaddr*>(&address);
    if (::bind(listener, generic, size) != 0 || ::listen(listener, 4096) != 0 ||
        ::getsockname(listener, generic, &size) != 0) {
        throw std::runtime_error("raw sender: cannot listen");
    }
    port = ntohs(address.sin_port);
    return listener;
}

}  // namespace

class RawSender::Loop {
public:
    Loop(int listener, int wake, std::atomic<double>& burst_at, std::string frame)
        : listener_(listener),
          wake_(wake),
          burst_at_(burst_at),
          frame_(std::move(frame)),
          poll_(::epoll_create1(EPOLL_CLOEXEC)) {
        watch(listener_);
        watch(wake_);
    }

    [[noreturn]] void run() {
        std::array<epoll_event, 256> events{};
        for (;;) {
            auto const count = ::epoll_wait(poll_, events.data(), events.size(), -1);
            for (int index = 0; index < count; ++index) {
                auto const descriptor = events[static_cast<std::size_t>(index)].data.fd;
                if (descriptor == listener_) {
                    accept_all();
                } else if (descriptor == wake_) {
                    send_to_all();
                } else {
                    greet(descriptor);
                }
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

    void greet(int peer) {
        std::array<char, 4096> room{};
        if (::recv(peer, room.data(), room.size(), 0) <= 0) {
            std::erase(peers_, peer);
            ::close(peer);
            return;
        }
        ::send(peer, kSwitched.data(), kSwitched.size(), MSG_NOSIGNAL);
        peers_.push_back(peer);
    }

    void send_to_all() {
        std::uint64_t count = 0;
        if (::read(wake_, &count, sizeof count) != sizeof count) {
            return;
        }
        burst_at_ = steady_seconds();
        for (auto const peer : peers_) {
            ::send(peer, frame_.data(), frame_.size(), MSG_NOSIGNAL);
        }
    }

    int const listener_;
    int const wake_;
    std::atomic<double>& burst_at_;
    std::string const frame_;
    int const poll_;
    std::vector<int> peers_;
};

RawSender::RawSender(std::string const& text)
    : wake_(::eventfd(0, EFD_CLOEXEC)),
      burst_at_(new (::mmap(nullptr, sizeof(std::atomic<double>), PROT_READ | PROT_WRITE,
                            MAP_SHARED | MAP_ANONYMOUS, -1, 0)) std::atomic<double>(0)),
      process_(begin(text)) {}

pid_t RawSender::begin(std::string const& text) {
    auto const listener = listen_on_free_port(port_);
    auto const process = ::fork();
    if (process < 0) {
        throw std::runtime_error("raw sender: no process");
    }
    if (process == 0) {
        ::prctl(PR_SET_PDEATHSIG, SIGKILL);
        Loop(listener, wake_, *burst_at_, frame_of(text)).run();
    }
    ::close(listener);
    return process;
}

RawSender::~RawSender() {
    ::kill(process_, SIGKILL);
    ::waitpid(process_, nullptr, 0);
    ::close(wake_);
    ::munmap(burst_at_, sizeof *burst_at_);
}

void RawSender::burst() const {
    std::uint64_t const one = 1;
    if (::write(wake_, &one, sizeof one) != sizeof one) {
        throw std::runtime_error("raw sender: cannot be woken");
    }
}

double RawSender::burst_at() const {
    return *burst_at_;
}

double RawSender::cpu_seconds() const {
    return cpu_seconds_of(process_);
}

}  // namespace muster::bench
