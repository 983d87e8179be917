#include <muster/redis/redis_socket.hpp>

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <memory>
#include <string>
#include <system_error>
#include <utility>

#include <netdb.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <poll.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

namespace muster {
namespace {

class OwnedSocket {
public:
    explicit OwnedSocket(int family)
        : descriptor_(::socket(family, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0)) {}
    ~OwnedSocket() {
        if (descriptor_ >= 0) {
            ::close(descriptor_);
        }
    }
    OwnedSocket(OwnedSocket const&) = delete;
    OwnedSocket& operator=(OwnedSocket const&) = delete;

    [[nodiscard]] int get() const noexcept { return descriptor_; }
    [[nodiscard]] int release() noexcept { return std::exchange(descriptor_, -1); }

private:
    int descriptor_;
};

std::string words_of(int error) {
    return std::generic_category().message(error);
}

/// 0, or the errno.
int connect_to(int socket, sockaddr const* address, socklen_t size, SteadyTime deadline,
               Clock const& clock) {
    if (::connect(socket, address, size) == 0) {
        return 0;
    }
    // A Unix socket whose backlog is full says EAGAIN and is not waited for.
    if (errno != EINPROGRESS) {
        return errno;
    }
    for (;;) {
        pollfd waiting{socket, POLLOUT, 0};
        int const ready = ::poll(&waiting, 1, millis_left(deadline, clock));
        if (ready == 0) {
            return ETIMEDOUT;
        }
        if (ready > 0) {
            break;
        }
        if (errno != EINTR) {
            return errno;
        }
    }
    int error = 0;
    socklen_t length = sizeof error;
    ::getsockopt(socket, SOL_SOCKET, SO_ERROR, &error, &length);
    return error;
}

/// A peer that vanished without a word is noticed also where nothing is to be sent.
void keep_watch(int socket) {
    constexpr int kOn = 1;
    constexpr int kIdleSeconds = 15;
    constexpr int kEverySeconds = 5;
    constexpr int kTries = 3;
    ::setsockopt(socket, SOL_SOCKET, SO_KEEPALIVE, &kOn, sizeof kOn);
    ::setsockopt(socket, IPPROTO_TCP, TCP_KEEPIDLE, &kIdleSeconds, sizeof kIdleSeconds);
    ::setsockopt(socket, IPPROTO_TCP, TCP_KEEPINTVL, &kEverySeconds, sizeof kEverySeconds);
    ::setsockopt(socket, IPPROTO_TCP, TCP_KEEPCNT, &kTries, sizeof kTries);
    ::setsockopt(socket, IPPROTO_TCP, TCP_NODELAY, &kOn, sizeof kOn);
}

tl::unexpected<Error> away(RedisAddress const& address, std::string const& why) {
    return failure(Errc::unavailable, "no connection to " + to_text(address) + ": " + why);
}

Result<int> connect_path(RedisAddress const& address, SteadyTime deadline, Clock const& clock) {
    sockaddr_un place{};
    place.sun_family = AF_UNIX;
    if (address.path.size() >= sizeof place.sun_path) {
        return away(address, "its path is too long for a socket");
    }
    std::memcpy(place.sun_path, address.path.data(), address.path.size());
    OwnedSocket socket(AF_UNIX);
    int const error = socket.get() < 0
                          ? errno
                          : connect_to(socket.get(), reinterpret_cast<sockaddr const*>(&place),
                                       sizeof place, deadline, clock);
    if (error != 0) {
        return away(address, words_of(error));
    }
    return socket.release();
}

}  // namespace

int millis_left(SteadyTime deadline, Clock const& clock) {
    constexpr Millis kMost{3'600'000};
    auto const left = std::chrono::ceil<Millis>(deadline - clock.now().steady);
    return static_cast<int>(std::clamp(left, Millis(0), kMost).count());
}

Result<int> connect_redis_socket(RedisAddress const& address, SteadyTime deadline,
                                 Clock const& clock) {
    if (!address.path.empty()) {
        return connect_path(address, deadline, clock);
    }
    addrinfo wanted{};
    wanted.ai_socktype = SOCK_STREAM;
    wanted.ai_flags = AI_NUMERICSERV;
    addrinfo* found = nullptr;
    int const unresolved =
        ::getaddrinfo(address.host.c_str(), std::to_string(address.port).c_str(), &wanted, &found);
    if (unresolved != 0) {
        return away(address, ::gai_strerror(unresolved));
    }
    std::unique_ptr<addrinfo, void (*)(addrinfo*)> const all(found, ::freeaddrinfo);
    int error = ETIMEDOUT;
    for (auto const* one = found; one != nullptr; one = one->ai_next) {
        OwnedSocket socket(one->ai_family);
        if (socket.get() < 0) {
            error = errno;
            continue;
        }
        error = connect_to(socket.get(), one->ai_addr, one->ai_addrlen, deadline, clock);
        if (error == 0) {
            keep_watch(socket.get());
            return socket.release();
        }
    }
    return away(address, words_of(error));
}

}  // namespace muster
