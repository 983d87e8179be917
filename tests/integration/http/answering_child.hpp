#pragma once

#include <array>
#include <csignal>
#include <cstdint>
#include <stdexcept>
#include <string>
#include <string_view>

#include <arpa/inet.h>
#include <netinet/in.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

namespace muster {

/// A child process that answers every request with the same text, one connection after another:
/// what it does costs the test's own process nothing.
class AnsweringChild {
public:
    explicit AnsweringChild(std::string const& answer) {
        auto const listener = ::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
        sockaddr_in address{};
        address.sin_family = AF_INET;
        address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
        auto* const generic = reinterpret_cast<sockaddr*>(&address);
        socklen_t size = sizeof address;
        if (::bind(listener, generic, size) != 0 || ::listen(listener, 64) != 0 ||
            ::getsockname(listener, generic, &size) != 0) {
            throw std::runtime_error("cannot listen");
        }
        port_ = ntohs(address.sin_port);
        process_ = ::fork();
        if (process_ == 0) {
            ::prctl(PR_SET_PDEATHSIG, SIGKILL);
            serve(listener, answer);
        }
        ::close(listener);
    }
    ~AnsweringChild() {
        ::kill(process_, SIGKILL);
        ::waitpid(process_, nullptr, 0);
    }
    AnsweringChild(AnsweringChild const&) = delete;
    AnsweringChild& operator=(AnsweringChild const&) = delete;

    [[nodiscard]] std::uint16_t port() const noexcept { return port_; }

private:
    [[noreturn]] static void serve(int listener, std::string_view answer) {
        for (;;) {
            auto const peer = ::accept(listener, nullptr, nullptr);
            std::array<char, 4096> room{};
            while (::recv(peer, room.data(), room.size(), 0) > 0 &&
                   ::send(peer, answer.data(), answer.size(), MSG_NOSIGNAL) > 0) {}
            ::close(peer);
        }
    }

    std::uint16_t port_{0};
    pid_t process_{-1};
};

}  // namespace muster
