#include <atomic>
#include <chrono>
#include <condition_variable>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <thread>
#include <utility>
#include <vector>

#include <gtest/gtest.h>

#include <muster/domain/redis_address.hpp>
#include <muster/memory/in_process_bus.hpp>
#include <muster/ports/event_bus.hpp>
#include <muster/redis/redis_event_bus.hpp>
#include <muster/runtime/system_clock.hpp>
#include <muster/testing/redis_server.hpp>
#include <muster/testing/shared_log.hpp>

namespace muster {
namespace {

/// A bus of some kind.
class BusUnderTest {
public:
    virtual ~BusUnderTest() = default;
    [[nodiscard]] virtual EventBus& bus() = 0;
};

class InProcess final : public BusUnderTest {
public:
    EventBus& bus() override { return bus_; }

private:
    InProcessBus bus_;
};

/// With a Redis of its own, and over TCP.
class OverRedis final : public BusUnderTest {
public:
    OverRedis() {
        RedisEventBus::Options options;
        options.address = parse_redis_url(server_.url()).value();
        options.owner = "this test";
        bus_.emplace(std::move(options), clock_, log_);
    }
    EventBus& bus() override { return *bus_; }

private:
    testing::RedisServer server_;
    std::optional<RedisEventBus> bus_;

    // What subscriptions use that outlive the bus.
    inline static SystemClock const clock_;
    inline static testing::SharedLog log_;
};

using MakeBus = std::unique_ptr<BusUnderTest> (*)();

std::unique_ptr<BusUnderTest> make_in_process() {
    return std::make_unique<InProcess>();
}

std::unique_ptr<BusUnderTest> make_over_redis() {
    return std::make_unique<OverRedis>();
}

using Texts = std::vector<std::string>;

/// What was heard, on whichever thread.
class Heard {
public:
    void add(std::string text) {
        std::lock_guard const lock(mutex_);
        texts_.push_back(std::move(text));
        changed_.notify_all();
    }

    /// Waits until `count` were heard; what was heard by then.
    [[nodiscard]] Texts first(std::size_t count) {
        std::unique_lock lock(mutex_);
        changed_.wait_for(lock, std::chrono::seconds(10), [&] { return texts_.size() >= count; });
        return texts_;
    }

private:
    std::mutex mutex_;
    std::condition_variable changed_;
    Texts texts_;
};

class EventBusContract : public ::testing::TestWithParam<MakeBus> {
public:
    void publish(std::string channel, std::string payload) {
        std::vector<BusMessage> messages;
        messages.push_back({std::move(channel), std::move(payload)});
        publish(std::move(messages));
    }

    void publish(std::vector<BusMessage> messages) {
        Cursor const before{"journal", seq};
        BusBatch const batch{"hub-main", before, {"journal", ++seq}, std::move(messages), {}};
        auto const published = bus().publish(batch);
        ASSERT_TRUE(published) << published.error().message;
    }

    /// Notes all payloads of a pattern.
    std::unique_ptr<EventBus::Subscription> note(std::string pattern, Heard& into) {
        return bus().subscribe(std::move(pattern),
                               [&into](BusMessage const& message) { into.add(message.payload); });
    }

    EventBus& bus() { return under_test->bus(); }

    std::unique_ptr<BusUnderTest> under_test = GetParam()();
    std::uint64_t seq{0};
};

INSTANTIATE_TEST_SUITE_P(Buses, EventBusContract,
                         ::testing::Values(&make_in_process, &make_over_redis),
                         [](auto const& test) {
                             return std::string(test.param == &make_in_process ? "InProcess"
                                                                               : "Redis");
                         });

TEST_P(EventBusContract, DeliversInOrderToEverybodyWhosePatternMatches) {
    Heard all;
    Heard shop;
    auto const first = note("hub.*.health.*", all);
    auto const second = note("hub.*.health.shop.*", shop);
    publish({{"hub.hub-main.health.shop.app", "1"},
             {"hub.hub-main.health.blog.app", "2"},
             {"hub.hub-main.health.shop.db", "3"}});
    EXPECT_EQ(all.first(3), (Texts{"1", "2", "3"}));
    EXPECT_EQ(shop.first(2), (Texts{"1", "3"}));
}

TEST_P(EventBusContract, TakesPatternsAtTheirWord) {
    Heard exact;
    Heard dotted;
    Heard literal;
    auto const first = note("hub.a.alert", exact);
    auto const second = note("hub.a.*", dotted);
    auto const third = note("hub.[ab]?.alert", literal);
    publish("hub.a.alert", "1");
    publish("hub.a.alerts", "2");
    publish("hub-a-alert", "3");
    publish("hub.a.", "4");
    publish("hub.ab.alert", "5");
    publish("hub.[ab]?.alert", "6");
    publish("hub.a.alert", "7");  // whoever hears it has missed nothing before
    EXPECT_EQ(exact.first(2), (Texts{"1", "7"}));
    EXPECT_EQ(dotted.first(4), (Texts{"1", "2", "4", "7"}));
    EXPECT_EQ(literal.first(1), Texts{"6"});
}

TEST_P(EventBusContract, PublishesToNobodyWithoutComplaint) {
    publish("hub.a.alert", "1");
    EXPECT_TRUE(bus().announce("hub-main", {}));
}

TEST_P(EventBusContract, CarriesAnyBytes) {
    Heard heard;
    auto const subscription = note("*", heard);
    std::string const odd("\0\r\n$-1\r\n\xff\xfe", 10);
    std::string const large(3'000'000, 'x');
    publish("hub.a.alert", odd);
    publish("hub.a.alert", large);
    publish("hub.a.alert", "");
    EXPECT_EQ(heard.first(3), (Texts{odd, large, ""}));
}

TEST_P(EventBusContract, AnnouncesWithoutMovingTheCursor) {
    Heard heard;
    auto const subscription = note("hub.global.*", heard);
    publish("hub.a.alert", "1");
    auto const before = bus().cursor("hub-main");
    ASSERT_TRUE(before);
    ASSERT_TRUE(bus().announce("hub-main", {{"hub.global.health", "2"}, {"hub.global.x", "3"}}));
    EXPECT_EQ(heard.first(2), (Texts{"2", "3"}));
    EXPECT_EQ(bus().cursor("hub-main").value(), before.value());
    publish("hub.global.health", "4");
    EXPECT_EQ(heard.first(3), (Texts{"2", "3", "4"}));
}

TEST_P(EventBusContract, NeverReplaysToThoseWhoComeLate) {
    publish("hub.a.alert", "1");
    Heard late;
    auto const subscription = note("*", late);
    publish("hub.a.alert", "2");
    EXPECT_EQ(late.first(1), Texts{"2"});
}

TEST_P(EventBusContract, SaysNothingMoreOnceASubscriptionHasEnded) {
    Heard heard;
    Heard other;
    auto subscription = note("*", heard);
    auto const stays = note("*", other);
    publish("hub.a.alert", "1");
    EXPECT_EQ(heard.first(1), Texts{"1"});
    subscription.reset();
    publish("hub.a.alert", "2");
    EXPECT_EQ(other.first(2), (Texts{"1", "2"}));
    EXPECT_EQ(heard.first(1), Texts{"1"});
}

TEST_P(EventBusContract, LetsAReceiverEndItsOwnSubscription) {
    Heard heard;
    Heard other;
    std::mutex mutex;
    std::unique_ptr<EventBus::Subscription> subscription;  // guarded by mutex
    {
        std::lock_guard const lock(mutex);
        subscription = bus().subscribe("*", [&](BusMessage const& message) {
            std::lock_guard const within(mutex);
            subscription.reset();
            heard.add(message.payload);
        });
    }
    auto const stays = note("*", other);
    publish("hub.a.alert", "1");
    EXPECT_EQ(heard.first(1), Texts{"1"});
    publish("hub.a.alert", "2");
    EXPECT_EQ(other.first(2), (Texts{"1", "2"}));
    EXPECT_EQ(heard.first(1), Texts{"1"});
    // Nothing waits for a call that has ended its own subscription, and it uses what is here.
    std::lock_guard const returned(mutex);
}

TEST_P(EventBusContract, LetsAReceiverSubscribe) {
    Heard outer_heard;
    Heard later;
    std::mutex mutex;
    std::unique_ptr<EventBus::Subscription> inner;  // guarded by mutex
    auto const outer = bus().subscribe("*", [&](BusMessage const& message) {
        std::lock_guard const lock(mutex);
        if (!inner) {
            inner = note("*", later);
        }
        outer_heard.add(message.payload);
    });
    publish("hub.a.alert", "1");
    EXPECT_EQ(outer_heard.first(1), Texts{"1"});
    publish("hub.a.alert", "2");
    EXPECT_EQ(later.first(1), Texts{"2"});
    std::lock_guard const lock(mutex);
    inner.reset();
}

TEST_P(EventBusContract, HasNoCallUnderWayAfterASubscriptionHasEnded) {
    std::atomic<bool> stop{false};
    std::thread publisher([&] {
        while (!stop) {
            EXPECT_TRUE(bus().announce("hub-main", {{"hub.a.alert", "x"}}));
        }
    });
    for (int round = 0; round < 100; ++round) {
        auto heard = std::make_unique<std::string>();
        std::atomic<int> calls{0};
        auto subscription =
            bus().subscribe("hub.*", [text = heard.get(), &calls](BusMessage const& message) {
                *text = message.payload;
                ++calls;
            });
        while (calls < round % 3) {
            std::this_thread::yield();
        }
        subscription.reset();
        heard.reset();  // a call under way would write to what is gone: sanitizers see it
    }
    stop = true;
    publisher.join();
}

TEST_P(EventBusContract, SubscriptionsMayOutliveTheBus) {
    Heard heard;
    auto const subscription = note("*", heard);
    under_test.reset();
}

TEST(InProcessBus, RemembersNoCursor) {
    InProcessBus bus;
    auto const cursor = bus.cursor("hub-main");
    ASSERT_TRUE(cursor);
    EXPECT_FALSE(*cursor);
}

TEST(ChannelPattern, StarsStandForAnyRunOfCharacters) {
    EXPECT_TRUE(matches_channel("", ""));
    EXPECT_TRUE(matches_channel("*", ""));
    EXPECT_TRUE(matches_channel("**", "abc"));
    EXPECT_TRUE(matches_channel("a*c", "ac"));
    EXPECT_TRUE(matches_channel("a*c*", "abcbc.c"));
    EXPECT_TRUE(matches_channel("*.service.*", "hub.x.service.registered"));
    EXPECT_TRUE(matches_channel("*a*b*c", "xxaxxbxxabxc"));
    EXPECT_FALSE(matches_channel("", "a"));
    EXPECT_FALSE(matches_channel("a", ""));
    EXPECT_FALSE(matches_channel("a*c", "ab"));
    EXPECT_FALSE(matches_channel("a?c", "abc"));
    EXPECT_FALSE(matches_channel("*.service.*", "hub.x.services"));
}

}  // namespace
}  // namespace muster
