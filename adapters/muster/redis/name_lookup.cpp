#include <muster/redis/name_lookup.hpp>

#include <cstring>
#include <memory>
#include <mutex>
#include <optional>
#include <system_error>
#include <thread>
#include <utility>

#include <netdb.h>
#include <poll.h>
#include <pthread.h>
#include <sys/eventfd.h>
#include <unistd.h>

#include <muster/redis/redis_socket.hpp>

namespace muster {
namespace {

using Found = Result<std::vector<SocketAddress>>;

Found ask_system(std::string const& host, std::uint16_t port, int flags) {
    addrinfo wanted{};
    wanted.ai_socktype = SOCK_STREAM;
    wanted.ai_flags = AI_NUMERICSERV | flags;
    addrinfo* found = nullptr;
    int const fault = ::getaddrinfo(host.c_str(), std::to_string(port).c_str(), &wanted, &found);
    if (fault != 0) {
        return failure(Errc::unavailable, ::gai_strerror(fault));
    }
    std::unique_ptr<addrinfo, void (*)(addrinfo*)> const all(found, ::freeaddrinfo);
    std::vector<SocketAddress> addresses;
    for (auto const* one = found; one != nullptr; one = one->ai_next) {
        auto& address = addresses.emplace_back();
        std::memcpy(&address.bytes, one->ai_addr, one->ai_addrlen);
        address.size = one->ai_addrlen;
    }
    return addresses;
}

/// Held by who asks and by the thread that finds out.
class Lookup {
public:
    Lookup() : done_(::eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK)) {}
    ~Lookup() {
        if (done_ >= 0) {
            ::close(done_);
        }
    }
    Lookup(Lookup const&) = delete;
    Lookup& operator=(Lookup const&) = delete;

    void put(Found found) {
        constexpr std::uint64_t kOne = 1;
        std::lock_guard const lock(mutex_);
        found_ = std::move(found);
        (void)!::write(done_, &kOne, sizeof kOne);
    }

    [[nodiscard]] std::optional<Found> take(int millis, WakeUp const* wake) {
        (void)poll_one(done_, POLLIN, millis, wake);
        std::lock_guard const lock(mutex_);
        return std::exchange(found_, std::nullopt);
    }

    [[nodiscard]] bool works() const noexcept { return done_ >= 0; }

private:
    int const done_;
    std::mutex mutex_;
    std::optional<Found> found_;  // guarded by mutex_
};

}  // namespace

Found addresses_of(std::string const& host, std::uint16_t port, SteadyTime deadline,
                   Clock const& clock, WakeUp const* wake) {
    if (auto known = ask_system(host, port, AI_NUMERICHOST)) {
        return known;
    }
    auto const lookup = std::make_shared<Lookup>();
    if (!lookup->works()) {
        return failure(Errc::unavailable, "no descriptor is left to ask for its name");
    }
    try {
        std::thread([lookup, host, port] {
            pthread_setname_np(pthread_self(), "name-lookup");
            lookup->put(ask_system(host, port, 0));
        }).detach();
    } catch (std::system_error const& error) {
        return failure(Errc::unavailable,
                       std::string("no thread to ask for its name: ") + error.what());
    }
    for (;;) {
        if (wake != nullptr && wake->told()) {
            return failure(Errc::unavailable, "it was ended");
        }
        int const left = millis_left(deadline, clock);
        if (auto found = lookup->take(left, wake)) {
            return *std::move(found);
        }
        if (left == 0) {
            return failure(Errc::unavailable, "the name service does not answer in time");
        }
    }
}

}  // namespace muster
