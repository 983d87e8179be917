#include <support/raw_client.hpp>

#include <array>
#include <cerrno>
#include <numeric>
#include <stdexcept>
#include <string_view>
#include <utility>

#include <arpa/inet.h>
#include <netinet/tcp.h>
#include <sys/epoll.h>
#include <sys/socket.h>
#include <unistd.h>

#include <support/cpu_time.hpp>

namespace muster::bench {

RawClient::RawClient(std::vector<std::string> const& hosts, std::uint16_t port, std::string path,
                     Work work)
    : work_(work),
      request_("GET " + std::move(path) + " HTTP/1.1\r\nHost: bench\r\nConnection: " +
               (work == Work::kept ? "keep-alive" : "close") + "\r\n\r\n"),
      targets_(hosts.size()),
      buffer_(64 * 1024),
      poll_(::epoll_create1(EPOLL_CLOEXEC)) {
    for (std::size_t index = 0; index < hosts.size(); ++index) {
        auto& address = targets_[index].address;
        address.sin_family = AF_INET;
        address.sin_port = htons(port);
        ::inet_pton(AF_INET, hosts[index].c_str(), &address.sin_addr);
    }
}

RawClient::~RawClient() {
    for (auto const& target : targets_) {
        if (target.descriptor >= 0) {
            ::close(target.descriptor);
        }
    }
    ::close(poll_);
}

void RawClient::run(std::size_t count) {
    to_start_ = count;
    to_end_ = count;
    for (std::size_t index = 0; index < targets_.size() && to_start_ > 0; ++index) {
        begin(index);
    }
    while (to_end_ > 0) {
        take_ready(-1);
    }
    idle_.clear();
}

void RawClient::run_paced(std::size_t count, double a_second) {
    to_start_ = 0;
    to_end_ = count;
    idle_.resize(targets_.size());
    std::iota(idle_.begin(), idle_.end(), std::size_t{0});
    auto const began = steady_seconds();
    std::size_t started = 0;
    while (to_end_ > 0) {
        auto const due = began + static_cast<double>(started) / a_second;
        auto const wait = due - steady_seconds();
        if (started < count && wait <= 0 && !idle_.empty()) {
            auto const index = idle_.front();
            idle_.pop_front();
            ++started;
            to_start_ = 1;
            begin(index);
        } else {
            take_ready(started < count && !idle_.empty() ? wait : -1);
        }
    }
    idle_.clear();
}

/// Waits at most so long, forever if it is negative.
void RawClient::take_ready(double wait_seconds) {
    std::array<epoll_event, 256> events{};
    timespec const wait{0, static_cast<long>(wait_seconds * 1e9)};
    auto const ready_count = ::epoll_pwait2(poll_, events.data(), events.size(),
                                            wait_seconds < 0 ? nullptr : &wait, nullptr);
    for (int event = 0; event < ready_count; ++event) {
        ready(events[static_cast<std::size_t>(event)].data.u64);
    }
}

void RawClient::begin(std::size_t index) {
    --to_start_;
    if (work_ == Work::kept && targets_[index].connected) {
        ask(index);
        return;
    }
    connect(index);
}

void RawClient::connect(std::size_t index) {
    auto& target = targets_[index];
    target.descriptor = ::socket(AF_INET, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
    target.connected = false;
    int const on = 1;
    ::setsockopt(target.descriptor, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
    auto* const address = reinterpret_cast<sockaddr*>(&target.address);
    if (::connect(target.descriptor, address, sizeof target.address) != 0 && errno != EINPROGRESS) {
        throw std::runtime_error("raw client: connect");
    }
    if (work_ == Work::fresh_lean &&
        ::send(target.descriptor, request_.data(), request_.size(), MSG_NOSIGNAL) > 0) {
        target.connected = true;
        watch(index, EPOLLIN, EPOLL_CTL_ADD);
        return;
    }
    watch(index, EPOLLOUT, EPOLL_CTL_ADD);
}

void RawClient::ready(std::size_t index) {
    auto& target = targets_[index];
    if (!target.connected) {
        int error = 0;
        socklen_t size = sizeof error;
        ::getsockopt(target.descriptor, SOL_SOCKET, SO_ERROR, &error, &size);
        if (error != 0) {
            throw std::runtime_error("raw client: not connected");
        }
        target.connected = true;
        if (work_ == Work::connect) {
            ended(index, false);
            return;
        }
        ask(index);
        watch(index, EPOLLIN, EPOLL_CTL_MOD);
        return;
    }
    auto const size = ::recv(target.descriptor, buffer_.data(), buffer_.size(), 0);
    if (size <= 0) {
        throw std::runtime_error("raw client: no answer");
    }
    std::string_view const answer(buffer_.data(), static_cast<std::size_t>(size));
    if (!answer.starts_with("HTTP/1.1 200") || answer.find("\r\n\r\n") == std::string_view::npos) {
        throw std::runtime_error("raw client: another answer");
    }
    ended(index, work_ == Work::kept);
}

void RawClient::ask(std::size_t index) {
    if (::send(targets_[index].descriptor, request_.data(), request_.size(), MSG_NOSIGNAL) < 0) {
        throw std::runtime_error("raw client: send");
    }
}

void RawClient::ended(std::size_t index, bool keep) {
    --to_end_;
    if (!keep) {
        ::close(std::exchange(targets_[index].descriptor, -1));
    }
    if (to_start_ > 0) {
        begin(index);
    } else {
        idle_.push_back(index);
    }
}

void RawClient::watch(std::size_t index, std::uint32_t events, int operation) {
    epoll_event event{};
    event.events = events;
    event.data.u64 = index;
    ::epoll_ctl(poll_, operation, targets_[index].descriptor, &event);
}

}  // namespace muster::bench
