#include <integration/edge/raw_client.hpp>

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstdlib>
#include <utility>

#include <arpa/inet.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>

#include <gtest/gtest.h>

namespace muster {
namespace {

constexpr int kPatienceMs = 10'000;

}  // namespace

std::string RawClient::Answer::header(std::string_view name) const {
    auto const line = "\r\n" + std::string(name) + ": ";
    auto const at = head.find(line);
    if (at == std::string::npos) {
        return {};
    }
    auto const start = at + line.size();
    return head.substr(start, head.find("\r\n", start) - start);
}

RawClient::RawClient(std::uint16_t port, int receive_buffer)
    : socket_(::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0)) {
    if (receive_buffer > 0) {
        ::setsockopt(socket_, SOL_SOCKET, SO_RCVBUF, &receive_buffer, sizeof receive_buffer);
    }
    int const at_once = 1;
    ::setsockopt(socket_, IPPROTO_TCP, TCP_NODELAY, &at_once, sizeof at_once);
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_port = htons(port);
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    if (::connect(socket_, reinterpret_cast<sockaddr*>(&address), sizeof address) != 0) {
        ADD_FAILURE() << "cannot connect to port " << port;
    }
}

RawClient::RawClient(RawClient&& other) noexcept
    : socket_(std::exchange(other.socket_, -1)), input_(std::move(other.input_)) {}

RawClient::~RawClient() {
    close();
}

void RawClient::close() {
    if (socket_ >= 0) {
        ::close(std::exchange(socket_, -1));
    }
}

bool RawClient::send(std::string_view bytes) {
    while (!bytes.empty()) {
        auto const sent = ::send(socket_, bytes.data(), bytes.size(), MSG_NOSIGNAL);
        if (sent <= 0) {
            return false;
        }
        bytes.remove_prefix(static_cast<std::size_t>(sent));
    }
    return true;
}

void RawClient::end_of_input() {
    ::shutdown(socket_, SHUT_WR);
}

bool RawClient::receive() {
    pollfd waiting{socket_, POLLIN, 0};
    if (::poll(&waiting, 1, kPatienceMs) <= 0) {
        ADD_FAILURE() << "nothing came within " << kPatienceMs
                      << " ms; so far: " << input_.substr(0, 500);
        return false;
    }
    std::array<char, 65536> bytes{};
    auto const size = ::recv(socket_, bytes.data(), bytes.size(), 0);
    if (size <= 0) {
        return false;
    }
    input_.append(bytes.data(), static_cast<std::size_t>(size));
    return true;
}

std::string RawClient::read_until(std::string_view end) {
    std::size_t from = 0;
    while (true) {
        auto const at = input_.find(end, from);
        if (at != std::string::npos) {
            auto text = input_.substr(0, at + end.size());
            input_.erase(0, at + end.size());
            return text;
        }
        from = input_.size() - std::min(input_.size(), end.size());
        if (!receive()) {
            return std::exchange(input_, {});
        }
    }
}

std::string RawClient::read_exactly(std::size_t size) {
    while (input_.size() < size) {
        if (!receive()) {
            return std::exchange(input_, {});
        }
    }
    auto text = input_.substr(0, size);
    input_.erase(0, size);
    return text;
}

std::string RawClient::read_all() {
    while (receive()) {}
    return std::exchange(input_, {});
}

RawClient::Answer RawClient::read_answer(bool to_head) {
    Answer answer;
    answer.head = read_until("\r\n\r\n");
    if (answer.head.size() < 12) {
        return answer;
    }
    answer.status = static_cast<unsigned>(std::strtoul(answer.head.c_str() + 9, nullptr, 10));
    auto const length = answer.header("Content-Length");
    if (!to_head && !length.empty()) {
        answer.body = read_exactly(std::strtoul(length.c_str(), nullptr, 10));
    }
    return answer;
}

RawClient::Answer RawClient::ask(std::string_view request) {
    send(request);
    return read_answer(request.substr(0, 5) == "HEAD ");
}

bool RawClient::sees_end() {
    while (input_.empty()) {
        if (!receive()) {
            return true;
        }
    }
    return false;
}

}  // namespace muster
