// Connections to what does not answer: bounded for each address, and ended at once.

#include <memory>
#include <vector>

#include <arpa/inet.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <unistd.h>

#include <muster/redis/redis_socket.hpp>
#include <muster/redis/redis_subscription.hpp>

#include <integration/redis/redis_test.hpp>

namespace muster::testing {
namespace {

SocketAddress loopback(std::uint16_t port) {
    sockaddr_in place{};
    place.sin_family = AF_INET;
    place.sin_port = htons(port);
    place.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    SocketAddress address;
    *reinterpret_cast<sockaddr_in*>(&address.bytes) = place;
    address.size = sizeof place;
    return address;
}

/// A port whose connections are neither taken nor refused: its backlog is full.
class BlackHole {
public:
    BlackHole() {
        sockets_.push_back(::socket(AF_INET, SOCK_STREAM, 0));
        auto address = loopback(0);
        auto* const place = reinterpret_cast<sockaddr*>(&address.bytes);
        EXPECT_EQ(::bind(sockets_[0], place, address.size), 0);
        EXPECT_EQ(::listen(sockets_[0], 0), 0);
        EXPECT_EQ(::getsockname(sockets_[0], place, &address.size), 0);
        port_ = ntohs(reinterpret_cast<sockaddr_in const*>(place)->sin_port);
        constexpr int kFillers = 4;
        for (int filler = 0; filler < kFillers; ++filler) {
            sockets_.push_back(::socket(AF_INET, SOCK_STREAM | SOCK_NONBLOCK, 0));
            (void)::connect(sockets_.back(), place, address.size);
        }
    }
    ~BlackHole() {
        for (int const socket : sockets_) {
            ::close(socket);
        }
    }
    BlackHole(BlackHole const&) = delete;
    BlackHole& operator=(BlackHole const&) = delete;

    [[nodiscard]] std::uint16_t port() const noexcept { return port_; }

private:
    std::vector<int> sockets_;
    std::uint16_t port_{0};
};

class RedisSocket : public RedisTest {
protected:
    [[nodiscard]] SteadyTime in(Millis time) const { return clock_.now().steady + time; }
};

TEST_F(RedisSocket, AnAddressThatSwallowsEverythingLeavesTheNextItsTime) {
    BlackHole const hole;
    auto const here =
        addresses_of(server_.place().address, server_.place().port, in(Millis(0)), clock_, nullptr);
    ASSERT_TRUE(here) << here.error().message;
    auto const socket = connect_to_one_of({loopback(hole.port()), here->front()}, in(Millis(1'500)),
                                          clock_, nullptr);
    ASSERT_TRUE(socket) << socket.error().message;
    ::close(*socket);
    auto const began = clock_.now().steady;
    auto const none = connect_to_one_of({loopback(hole.port()), loopback(hole.port())},
                                        in(Millis(300)), clock_, nullptr);
    EXPECT_EQ(none.error().code, Errc::unavailable);
    EXPECT_GE(clock_.now().steady - began, Millis(300));
}

TEST_F(RedisSocket, FindsTheAddressesOfANameAndNoneOfWhatIsNone) {
    EXPECT_FALSE(addresses_of("localhost", 1, in(Millis(10'000)), clock_, nullptr)->empty());
    EXPECT_EQ(addresses_of("::1", 1, in(Millis(0)), clock_, nullptr)->size(), 1U);
    auto const none = addresses_of("no.such.name.invalid", 1, in(Millis(20'000)), clock_, nullptr);
    EXPECT_EQ(none.error().code, Errc::unavailable);
}

TEST_F(RedisSocket, WhoeverIsToldToEndWaitsForNothing) {
    BlackHole const hole;
    WakeUp wake;
    wake.tell();
    auto const began = clock_.now().steady;
    EXPECT_FALSE(connect_to_one_of({loopback(hole.port())}, in(Millis(30'000)), clock_, &wake));
    EXPECT_FALSE(addresses_of("localhost", 1, in(Millis(30'000)), clock_, &wake));
    EXPECT_LT(clock_.now().steady - began, Millis(5'000));
}

TEST_F(RedisSocket, ASubscriptionEndsAtOnceWhateverItWaitsFor) {
    BlackHole const hole;
    RedisConnection::Options options;
    options.address = address();
    options.connect_within = Millis(30'000);
    auto const end = [this](std::unique_ptr<RedisSubscription> subscription) {
        auto const began = clock_.now().steady;
        subscription.reset();
        EXPECT_LT(clock_.now().steady - began, Millis(5'000));
    };
    auto const subscribe = [&] {
        return std::make_unique<RedisSubscription>(
            options, "*", [](BusMessage const&) {}, clock_, log_);
    };
    auto greeting = subscribe();
    (void)ask({"CLIENT", "KILL", "TYPE", "pubsub"});
    ASSERT_TRUE(comes_true([this] { return log_.count("hears nothing of *") == 1; }));
    server_.pause();
    end(std::move(greeting));
    server_.resume();
    auto listening = subscribe();
    end(std::move(listening));
    auto away = subscribe();
    server_.kill();
    end(std::move(away));
}

}  // namespace
}  // namespace muster::testing
