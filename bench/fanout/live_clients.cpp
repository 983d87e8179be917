#include "live_clients.hpp"

#include <algorithm>
#include <array>
#include <cerrno>
#include <stdexcept>
#include <utility>

#include <netinet/in.h>
#include <sys/epoll.h>
#include <sys/socket.h>
#include <unistd.h>

#include <support/cpu_time.hpp>

namespace muster::bench {
namespace {

constexpr double kPatience = 10;

constexpr unsigned kText = 1;
constexpr unsigned kClose = 8;
constexpr unsigned kPing = 9;
constexpr unsigned kPong = 10;

unsigned byte_at(std::string_view bytes, std::size_t index) {
    return static_cast<unsigned char>(bytes[index]);
}

}  // namespace

int ask_for_web_socket(std::uint16_t port, std::string const& path, int receive_buffer) {
    auto const descriptor = ::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    if (receive_buffer > 0) {
        ::setsockopt(descriptor, SOL_SOCKET, SO_RCVBUF, &receive_buffer, sizeof receive_buffer);
    }
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_port = htons(port);
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    auto const request = "GET " + path +
                         " HTTP/1.1\r\nHost: 127.0.0.1\r\nConnection: Upgrade\r\n"
                         "Upgrade: websocket\r\nSec-WebSocket-Version: 13\r\n"
                         "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n\r\n";
    if (::connect(descriptor, reinterpret_cast<sockaddr*>(&address), sizeof address) != 0 ||
        ::send(descriptor, request.data(), request.size(), MSG_NOSIGNAL) < 0) {
        ::close(descriptor);
        throw std::runtime_error("live client: cannot connect");
    }
    return descriptor;
}

LiveClients::LiveClients(std::uint16_t port, std::string const& path, std::size_t count)
    : clients_(count), buffer_(256 * 1024), poll_(::epoll_create1(EPOLL_CLOEXEC)) {
    for (std::size_t index = 0; index < count; ++index) {
        open(clients_[index], index, port, path);
    }
}

LiveClients::~LiveClients() {
    for (auto const& client : clients_) {
        ::close(client.descriptor);
    }
    ::close(poll_);
}

void LiveClients::open(Client& client, std::size_t index, std::uint16_t port,
                       std::string const& path) const {
    client.descriptor = ask_for_web_socket(port, path, 0);
    while (client.rest.find("\r\n\r\n") == std::string::npos) {
        std::array<char, 4096> room{};
        auto const size = ::recv(client.descriptor, room.data(), room.size(), 0);
        if (size <= 0) {
            throw std::runtime_error("live client: no answer");
        }
        client.rest.append(room.data(), static_cast<std::size_t>(size));
    }
    if (!client.rest.starts_with("HTTP/1.1 101")) {
        throw std::runtime_error("live client: " + client.rest);
    }
    client.rest.erase(0, client.rest.find("\r\n\r\n") + 4);
    epoll_event event{};
    event.events = EPOLLIN;
    event.data.u64 = index;
    ::epoll_ctl(poll_, EPOLL_CTL_ADD, client.descriptor, &event);
}

void LiveClients::read_for(double seconds) {
    auto const end = steady_seconds() + seconds;
    for (auto now = steady_seconds(); now < end; now = steady_seconds()) {
        poll(end - now);
    }
}

std::vector<double> LiveClients::wait_for(std::vector<std::string> marks) {
    marks_ = std::move(marks);
    seen_ = 0;
    for (auto& client : clients_) {
        client.seen_at = 0;
    }
    auto const limit = steady_seconds() + kPatience;
    while (seen_ < clients_.size()) {
        poll(0.1);
        if (steady_seconds() > limit) {
            throw std::runtime_error(
                "live clients: not all of them saw the change; the newest is " +
                newest_.substr(0, 500));
        }
    }
    marks_.clear();
    std::vector<double> times;
    times.reserve(clients_.size());
    for (auto const& client : clients_) {
        times.push_back(client.seen_at);
    }
    return times;
}

void LiveClients::poll(double seconds) {
    std::array<epoll_event, 512> events{};
    auto const count = ::epoll_wait(poll_, events.data(), static_cast<int>(events.size()),
                                    static_cast<int>(seconds * 1e3) + 1);
    for (int event = 0; event < count; ++event) {
        read(clients_[events[static_cast<std::size_t>(event)].data.u64]);
    }
}

void LiveClients::read(Client& client) {
    auto const size = ::recv(client.descriptor, buffer_.data(), buffer_.size(), MSG_DONTWAIT);
    if (size < 0 && errno == EAGAIN) {
        return;
    }
    if (size <= 0) {
        throw std::runtime_error("live client: the connection ended");
    }
    std::string_view const bytes(buffer_.data(), static_cast<std::size_t>(size));
    if (client.rest.empty()) {
        client.rest = take(client, bytes);
        return;
    }
    auto const all = std::exchange(client.rest, {}).append(bytes);
    client.rest = take(client, all);
}

std::string_view LiveClients::take(Client& client, std::string_view bytes) {
    while (bytes.size() >= 2) {
        // RFC 6455 section 5.2: seven bits of length, or two or eight bytes of it.
        std::size_t length = byte_at(bytes, 1) & 0x7FU;
        std::size_t head = 2;
        if (length >= 126) {
            auto const wide = length == 126 ? std::size_t{2} : std::size_t{8};
            head += wide;
            if (bytes.size() < head) {
                break;
            }
            length = 0;
            for (std::size_t index = 2; index < head; ++index) {
                length = length << 8U | byte_at(bytes, index);
            }
        }
        if (bytes.size() < head + length) {
            break;
        }
        auto const payload = bytes.substr(head, length);
        auto const kind = byte_at(bytes, 0) & 0x0FU;
        if (kind == kText) {
            take_text(client, payload);
        } else if (kind == kPing) {
            // Masked by zeros: the payload stays what it is.
            std::string pong{
                static_cast<char>(0x80U | kPong), static_cast<char>(0x80U | length), 0, 0, 0, 0};
            pong += payload;
            ::send(client.descriptor, pong.data(), pong.size(), MSG_NOSIGNAL);
        } else if (kind == kClose) {
            throw std::runtime_error("live client: the hub closed");
        }
        bytes.remove_prefix(head + length);
    }
    return bytes;
}

void LiveClients::take_text(Client& client, std::string_view text) {
    ++frames_;
    if (&client == clients_.data()) {
        newest_ = text;
    }
    if (marks_.empty() || client.seen_at > 0) {
        return;
    }
    auto const is_there = [text](std::string const& mark) {
        return text.find(mark) != std::string_view::npos;
    };
    if (std::all_of(marks_.begin(), marks_.end(), is_there)) {
        client.seen_at = steady_seconds();
        ++seen_;
    }
}

}  // namespace muster::bench
