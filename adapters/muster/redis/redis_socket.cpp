#include <muster/redis/redis_socket.hpp>

#include <algorithm>
#include <cerrno>
#include <cstdint>
#include <cstring>
#include <string>
#include <system_error>
#include <utility>

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
               Clock const& clock, WakeUp const* wake) {
    if (::connect(socket, address, size) == 0) {
        return 0;
    }
    // A Unix socket whose backlog is full says EAGAIN and is not waited for.
    if (errno != EINPROGRESS) {
        return errno;
    }
    while (poll_one(socket, POLLOUT, millis_left(deadline, clock), wake) == 0) {
        if (wake != nullptr && wake->told()) {
            return ECANCELED;
        }
        if (millis_left(deadline, clock) == 0) {
            return ETIMEDOUT;
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

Result<int> connect_path(RedisAddress const& address, SteadyTime deadline, Clock const& clock,
                         WakeUp const* wake) {
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
                                       sizeof place, deadline, clock, wake);
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

Result<int> connect_to_one_of(std::vector<SocketAddress> const& addresses, SteadyTime deadline,
                              Clock const& clock, WakeUp const* wake) {
    int error = ETIMEDOUT;
    for (std::size_t at = 0; at < addresses.size(); ++at) {
        auto const& one = addresses[at];
        OwnedSocket socket(one.bytes.ss_family);
        if (socket.get() < 0) {
            error = errno;
            continue;
        }
        // One that swallows every packet leaves the others their share.
        auto const now = clock.now().steady;
        auto const share = (deadline - now) / static_cast<std::int64_t>(addresses.size() - at);
        error = connect_to(socket.get(), reinterpret_cast<sockaddr const*>(&one.bytes), one.size,
                           now + share, clock, wake);
        if (error == 0) {
            keep_watch(socket.get());
            return socket.release();
        }
    }
    return failure(Errc::unavailable, words_of(error));
}

Result<int> connect_redis_socket(RedisAddress const& address, SteadyTime deadline,
                                 Clock const& clock, WakeUp const* wake) {
    if (!address.path.empty()) {
        return connect_path(address, deadline, clock, wake);
    }
    auto const addresses = addresses_of(address.host, address.port, deadline, clock, wake);
    if (!addresses) {
        return away(address, addresses.error().message);
    }
    auto socket = connect_to_one_of(*addresses, deadline, clock, wake);
    return socket ? socket : away(address, socket.error().message);
}

}  // namespace muster
