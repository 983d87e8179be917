#include <support/http_load.hpp>

#include <algorithm>
#include <array>
#include <cerrno>
#include <cmath>
#include <cstdlib>
#include <ctime>
#include <stdexcept>
#include <string_view>

#include <netinet/in.h>
#include <netinet/tcp.h>
#include <sys/epoll.h>
#include <sys/socket.h>
#include <unistd.h>

#include <support/cpu_time.hpp>
#include <support/row.hpp>

namespace muster::bench {
namespace {

constexpr std::string_view kEndOfHead = "\r\n\r\n";
constexpr std::string_view kEndOfChunks = "\r\n0\r\n\r\n";
constexpr std::string_view kLength = "\r\ncontent-length:";
constexpr double kPatience = 30;  ///< Seconds without any answer.

/// -1: nobody listens.
int connected_to(std::uint16_t port) {
    auto const descriptor = ::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_port = htons(port);
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    if (::connect(descriptor, reinterpret_cast<sockaddr*>(&address), sizeof address) != 0) {
        ::close(descriptor);
        return -1;
    }
    int const on = 1;
    ::setsockopt(descriptor, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
    return descriptor;
}

std::string in_lower_case(std::string_view text) {
    std::string result(text);
    std::transform(result.begin(), result.end(), result.begin(), [](char byte) {
        return byte >= 'A' && byte <= 'Z' ? static_cast<char>(byte + 32) : byte;
    });
    return result;
}

}  // namespace

std::string get_body(std::uint16_t port, std::string const& path) {
    auto const peer = connected_to(port);
    if (peer < 0) {
        return {};
    }
    auto const request =
        "GET " + path + " HTTP/1.1\r\nHost: 127.0.0.1\r\nConnection: close\r\n\r\n";
    std::string answer;
    if (::send(peer, request.data(), request.size(), MSG_NOSIGNAL) > 0) {
        std::array<char, 65'536> room{};
        for (auto size = ::read(peer, room.data(), room.size()); size > 0;
             size = ::read(peer, room.data(), room.size())) {
            answer.append(room.data(), static_cast<std::size_t>(size));
        }
    }
    ::close(peer);
    auto const body = answer.find(kEndOfHead);
    bool const good = body != std::string::npos && answer.starts_with("HTTP/1.1 200");
    return good ? answer.substr(body + kEndOfHead.size()) : std::string();
}

HttpLoad::HttpLoad(std::uint16_t port, std::vector<std::string> const& paths,
                   std::size_t connections)
    : connections_(connections), buffer_(256 * 1024), poll_(::epoll_create1(EPOLL_CLOEXEC)) {
    for (auto const& path : paths) {
        requests_.push_back("GET " + path + " HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n");
    }
    for (std::size_t index = 0; index < connections; ++index) {
        connections_[index].descriptor = connected_to(port);
        if (connections_[index].descriptor < 0) {
            throw std::runtime_error("load: cannot connect");
        }
        epoll_event event{};
        event.events = EPOLLIN;
        event.data.u64 = index;
        ::epoll_ctl(poll_, EPOLL_CTL_ADD, connections_[index].descriptor, &event);
        idle_.push_back(index);
    }
}

HttpLoad::~HttpLoad() {
    for (auto const& connection : connections_) {
        ::close(connection.descriptor);
    }
    ::close(poll_);
}

void HttpLoad::ask(std::size_t count) {
    answered_ = 0;
    latencies_.clear();
    auto limit = steady_seconds() + kPatience;
    for (std::size_t begun = 0; answered_ < count;) {
        for (; begun < count && !idle_.empty(); ++begun) {
            auto const index = idle_.front();
            idle_.pop_front();
            begin(index, 0);
        }
        auto const before = answered_;
        poll(limit);
        if (answered_ != before) {
            limit = steady_seconds() + kPatience;
        } else if (steady_seconds() > limit) {
            throw std::runtime_error("load: no answer");
        }
    }
}

HttpLoad::Latencies HttpLoad::ask_at_rate(double per_second, double seconds) {
    auto const count = static_cast<std::size_t>(per_second * seconds);
    auto const began = steady_seconds();
    auto const due = [&](std::size_t place) {
        return began + static_cast<double>(place) / per_second;
    };
    auto const limit = began + 2 * seconds;
    answered_ = 0;
    refused_ = 0;
    latencies_.clear();
    latencies_.reserve(count);
    std::size_t begun = 0;
    for (auto now = began; answered_ < count && now < limit; now = steady_seconds()) {
        for (; begun < count && !idle_.empty() && due(begun) <= now; ++begun) {
            auto const index = idle_.front();
            idle_.pop_front();
            begin(index, due(begun));
        }
        bool const waits_for_time = begun < count && !idle_.empty();
        poll(waits_for_time ? due(begun) : limit);
    }
    // What was not answered by then took at least as long.
    std::vector<char> asks(connections_.size(), 1);
    for (auto const index : idle_) {
        asks[index] = 0;
    }
    for (std::size_t index = 0; index < connections_.size(); ++index) {
        if (asks[index] != 0) {
            latencies_.push_back(limit - connections_[index].due);
        }
    }
    for (; begun < count; ++begun) {
        latencies_.push_back(limit - due(begun));
    }
    return {share_of(latencies_, 0.5) * 1e3, share_of(latencies_, 0.99) * 1e3,
            static_cast<double>(count), static_cast<double>(refused_)};
}

void HttpLoad::begin(std::size_t index, double due) {
    auto& connection = connections_[index];
    connection.due = due;
    auto const& request = requests_[asked_++ % requests_.size()];
    if (::send(connection.descriptor, request.data(), request.size(), MSG_NOSIGNAL) < 0) {
        throw std::runtime_error("load: cannot ask");
    }
}

/// Takes what there is; waits for something until then.
void HttpLoad::poll(double until) {
    std::array<epoll_event, 256> events{};
    auto const wait = std::max(until - steady_seconds(), 0.0);
    timespec time{};
    time.tv_sec = static_cast<std::time_t>(wait);
    time.tv_nsec = static_cast<long>((wait - std::floor(wait)) * 1e9);
    auto const count =
        ::epoll_pwait2(poll_, events.data(), static_cast<int>(events.size()), &time, nullptr);
    for (int event = 0; event < count; ++event) {
        read(events[static_cast<std::size_t>(event)].data.u64);
    }
}

void HttpLoad::read(std::size_t index) {
    auto& connection = connections_[index];
    auto const size = ::recv(connection.descriptor, buffer_.data(), buffer_.size(), MSG_DONTWAIT);
    if (size < 0 && errno == EAGAIN) {
        return;
    }
    if (size <= 0) {
        throw std::runtime_error("load: the server closed a connection");
    }
    if (take(connection, buffer_.data(), static_cast<std::size_t>(size))) {
        connection.in_body = false;
        connection.kept.clear();
        ++answered_;
        latencies_.push_back(steady_seconds() - connection.due);
        idle_.push_back(index);
    }
}

bool HttpLoad::take(Connection& connection, char const* bytes, std::size_t size) {
    if (!connection.in_body) {
        connection.kept.append(bytes, size);
        auto const end = connection.kept.find(kEndOfHead);
        if (end == std::string::npos) {
            return false;
        }
        if (connection.kept.starts_with("HTTP/1.1 503")) {
            ++refused_;
        } else if (!connection.kept.starts_with("HTTP/1.1 200")) {
            throw std::runtime_error("load: " + connection.kept.substr(0, end));
        }
        auto const head = in_lower_case(std::string_view(connection.kept).substr(0, end));
        auto const length = head.find(kLength);
        connection.in_body = true;
        connection.chunked = length == std::string::npos;
        if (!connection.chunked) {
            connection.left = std::strtoul(head.c_str() + length + kLength.size(), nullptr, 10);
            auto const here = connection.kept.size() - end - kEndOfHead.size();
            connection.left -= here;
            return connection.left == 0;
        }
        return connection.kept.ends_with(kEndOfChunks);
    }
    if (!connection.chunked) {
        connection.left -= size;
        return connection.left == 0;
    }
    connection.kept.append(bytes, size);
    connection.kept.erase(
        0, connection.kept.size() - std::min(connection.kept.size(), kEndOfChunks.size()));
    return connection.kept == kEndOfChunks;
}

}  // namespace muster::bench
