// Redis is there and does not want, or is no Redis.

#include <array>
#include <string>
#include <thread>

#include <arpa/inet.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <unistd.h>

#include <integration/redis/redis_test.hpp>

namespace muster::testing {
namespace {

using BusRefusal = RedisTest;

/// Answers whatever is said with the same bytes, to one client after another.
class OneAnswer {
public:
    explicit OneAnswer(std::string answer)
        : answer_(std::move(answer)), listener_(::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0)) {
        sockaddr_in place{};
        place.sin_family = AF_INET;
        place.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
        socklen_t size = sizeof place;
        auto* const generic = reinterpret_cast<sockaddr*>(&place);
        EXPECT_EQ(::bind(listener_, generic, sizeof place), 0);
        EXPECT_EQ(::listen(listener_, 8), 0);
        ::getsockname(listener_, generic, &size);
        port_ = ntohs(place.sin_port);
        thread_ = std::thread([this] { serve(); });
    }
    ~OneAnswer() {
        ::shutdown(listener_, SHUT_RDWR);
        thread_.join();
        ::close(listener_);
    }
    OneAnswer(OneAnswer const&) = delete;
    OneAnswer& operator=(OneAnswer const&) = delete;

    [[nodiscard]] RedisAddress address() const {
        RedisAddress address;
        address.host = "127.0.0.1";
        address.port = port_;
        return address;
    }

private:
    void serve() const {
        for (;;) {
            int const client = ::accept(listener_, nullptr, nullptr);
            if (client < 0) {
                return;
            }
            std::array<char, 4096> said{};
            while (::recv(client, said.data(), said.size(), 0) > 0) {
                ::send(client, answer_.data(), answer_.size(), MSG_NOSIGNAL);
            }
            ::close(client);
        }
    }

    std::string const answer_;
    int const listener_;
    std::uint16_t port_{0};
    std::thread thread_;
};

std::string refusal(Result<void> const& result) {
    return result ? "none" : result.error().message;
}

TEST_F(BusRefusal, SaysWhatIsWrongWithThePassword) {
    (void)ask({"CONFIG", "SET", "requirepass", "right"});
    RedisEventBus without(bus_options(), clock_, log_);
    EXPECT_NE(refusal(without.publish(batch(1, 1))).find("REDIS_PASSWORD"), std::string::npos);
    auto options = bus_options();
    options.address.password = "hunter2";
    RedisEventBus wrong(options, clock_, log_);
    auto const told = wrong.publish(batch(1, 1));
    EXPECT_NE(refusal(told).find("correct user or password"), std::string::npos) << refusal(told);
    EXPECT_EQ(refusal(told).find("hunter2"), std::string::npos);
    EXPECT_EQ(told.error().code, Errc::unavailable);
    options.address.password = "right";
    RedisEventBus right(options, clock_, log_);
    EXPECT_TRUE(right.publish(batch(1, 1)));
    options.address.user = "nobody";
    RedisEventBus nobody(options, clock_, log_);
    EXPECT_NE(refusal(nobody.publish(batch(1, 1))).find("correct user"), std::string::npos);
}

TEST_F(BusRefusal, LosesNothingToAStreamThatIsNone) {
    RedisEventBus bus(bus_options(), clock_, log_);
    ASSERT_TRUE(bus.publish(batch(1, 2)));
    (void)ask({"RENAME", "muster:health", "aside"});
    (void)ask({"SET", "muster:health", "somebody's"});
    for (int attempt = 0; attempt < 3; ++attempt) {
        auto const refused = bus.publish(batch(3, 4));
        ASSERT_FALSE(refused);
        EXPECT_EQ(refused.error().code, Errc::unavailable);
        EXPECT_NE(refused.error().message.find("rename or delete the key"), std::string::npos)
            << refused.error().message;
        EXPECT_EQ(bus.cursor("hub-main").value(), (Cursor{"journal", 2}));
        EXPECT_EQ(ask({"GET", "muster:cursor:hub-main"}).text, "journal:2");
    }
    (void)ask({"DEL", "muster:health"});
    ASSERT_TRUE(bus.publish(batch(3, 4)));
    EXPECT_EQ(entries_in("muster:health"), (Texts{"3", "4"}));
}

TEST_F(BusRefusal, SetsTheVeryFirstCursorBackToo) {
    (void)ask({"SET", "muster:health", "somebody's"});
    RedisEventBus bus(bus_options(), clock_, log_);
    BusBatch first = batch(1, 2);
    first.expected = {};
    EXPECT_FALSE(bus.publish(first));
    EXPECT_EQ(bus.cursor("hub-main").value(), std::nullopt);
}

TEST_F(BusRefusal, NamesTheKeyThatHoldsNoCursor) {
    (void)ask({"SET", "muster:cursor:hub-main", "what"});
    RedisEventBus bus(bus_options(), clock_, log_);
    auto const cursor = bus.cursor("hub-main");
    ASSERT_FALSE(cursor);
    EXPECT_NE(cursor.error().message.find("muster:cursor:hub-main"), std::string::npos);
    (void)ask({"DEL", "muster:cursor:hub-main"});
    (void)ask({"LPUSH", "muster:cursor:hub-main", "x"});
    EXPECT_EQ(bus.publish(batch(1, 1)).error().code, Errc::conflict) << "as of the first look";
    auto const list = bus.cursor("hub-main");
    ASSERT_FALSE(list);
    EXPECT_NE(list.error().message.find("muster:cursor:hub-main: WRONGTYPE"), std::string::npos)
        << list.error().message;
}

TEST_F(BusRefusal, WaitsForAPrimary) {
    RedisEventBus bus(bus_options(), clock_, log_);
    ASSERT_TRUE(bus.publish(batch(1, 1)));
    (void)ask({"REPLICAOF", "127.0.0.1", "9"});
    auto const refused = bus.publish(batch(2, 2));
    ASSERT_FALSE(refused);
    EXPECT_EQ(refused.error().code, Errc::unavailable);
    EXPECT_NE(refused.error().message.find("primary"), std::string::npos)
        << refused.error().message;
    (void)ask({"REPLICAOF", "NO", "ONE"});
    EXPECT_TRUE(bus.publish(batch(2, 2)));
    EXPECT_EQ(entries_in("muster:health"), (Texts{"1", "2"}));
}

TEST_F(BusRefusal, WaitsForRoom) {
    RedisEventBus bus(bus_options(), clock_, log_);
    ASSERT_TRUE(bus.publish(batch(1, 1)));
    (void)ask({"CONFIG", "SET", "maxmemory", "100kb"});
    auto const refused = bus.publish(batch(2, 2));
    ASSERT_FALSE(refused);
    EXPECT_EQ(refused.error().code, Errc::full) << refused.error().message;
    EXPECT_NE(refused.error().message.find("maxmemory"), std::string::npos);
    (void)ask({"CONFIG", "SET", "maxmemory", "0"});
    EXPECT_TRUE(bus.publish(batch(2, 2)));
    EXPECT_EQ(entries_in("muster:health"), (Texts{"1", "2"}));
}

TEST_F(BusRefusal, WarnsOnceOfAPolicyThatThrowsStreamsAway) {
    (void)ask({"CONFIG", "SET", "maxmemory-policy", "allkeys-lru"});
    RedisEventBus bus(bus_options(), clock_, log_);
    for (std::uint64_t number = 1; number <= 3; ++number) {
        ASSERT_TRUE(bus.publish(batch(number, number)));
        (void)ask({"CLIENT", "KILL", "TYPE", "normal", "SKIPME", "yes"});
    }
    EXPECT_EQ(log_.count("maxmemory-policy is allkeys-lru"), 1U);
}

TEST_F(BusRefusal, WaitsForARedisThatReadsItsData) {
    std::string loading;
    for (int reply = 0; reply < 8; ++reply) {
        loading += "-LOADING Redis is loading the dataset in memory\r\n";
    }
    OneAnswer const server(loading);
    auto options = bus_options();
    options.address = server.address();
    RedisEventBus bus(options, clock_, log_);
    auto const refused = bus.publish(batch(1, 1));
    ASSERT_FALSE(refused);
    EXPECT_EQ(refused.error().code, Errc::unavailable);
    EXPECT_NE(refused.error().message.find("reads its data"), std::string::npos)
        << refused.error().message;
}

TEST_F(BusRefusal, KnowsWhatIsNoRedis) {
    OneAnswer const server("HTTP/1.1 400 Bad Request\r\nConnection: close\r\n\r\n");
    auto options = bus_options();
    options.address = server.address();
    RedisEventBus bus(options, clock_, log_);
    auto const refused = bus.publish(batch(1, 1));
    ASSERT_FALSE(refused);
    EXPECT_EQ(refused.error().code, Errc::unavailable);
    EXPECT_NE(refused.error().message.find("no RESP"), std::string::npos)
        << refused.error().message;
}

}  // namespace
}  // namespace muster::testing
