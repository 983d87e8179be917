#include <atomic>
#include <memory>
#include <string>
#include <thread>
#include <vector>

#include <gtest/gtest.h>

#include <muster/memory/in_process_bus.hpp>
#include <muster/ports/event_bus.hpp>

namespace muster {
namespace {

/// A bus of some kind, and a way to wait until all that was published has been delivered.
class BusUnderTest {
public:
    virtual ~BusUnderTest() = default;
    [[nodiscard]] virtual EventBus& bus() = 0;
    virtual void settle() = 0;
};

class InProcess final : public BusUnderTest {
public:
    EventBus& bus() override { return bus_; }
    void settle() override {}  // delivers within publish()

private:
    InProcessBus bus_;
};

using MakeBus = std::unique_ptr<BusUnderTest> (*)();

std::unique_ptr<BusUnderTest> make_in_process() {
    return std::make_unique<InProcess>();
}

class EventBusContract : public ::testing::TestWithParam<MakeBus> {
public:
    void publish(std::string channel, std::string payload) {
        BusBatch batch{"hub-main", {"journal", ++seq}, {}};
        batch.messages.push_back({std::move(channel), std::move(payload)});
        ASSERT_TRUE(bus().publish(batch));
        under_test->settle();
    }

    /// Notes all payloads of a pattern.
    std::unique_ptr<EventBus::Subscription> note(std::string pattern,
                                                 std::vector<std::string>& into) {
        return bus().subscribe(std::move(pattern), [&into](BusMessage const& message) {
            into.push_back(message.payload);
        });
    }

    EventBus& bus() { return under_test->bus(); }

    std::unique_ptr<BusUnderTest> under_test = GetParam()();
    std::uint64_t seq{0};
};

using Texts = std::vector<std::string>;

INSTANTIATE_TEST_SUITE_P(Buses, EventBusContract, ::testing::Values(&make_in_process),
                         [](auto const&) { return std::string("InProcess"); });

TEST_P(EventBusContract, DeliversInOrderToEverybodyWhosePatternMatches) {
    Texts all;
    Texts shop;
    auto const first = note("hub.*.health.*", all);
    auto const second = note("hub.*.health.shop.*", shop);
    BusBatch batch{"hub-main", {"journal", 3}, {}};
    batch.messages = {{"hub.hub-main.health.shop.app", "1"},
                      {"hub.hub-main.health.blog.app", "2"},
                      {"hub.hub-main.health.shop.db", "3"}};
    ASSERT_TRUE(bus().publish(batch));
    under_test->settle();
    EXPECT_EQ(all, (Texts{"1", "2", "3"}));
    EXPECT_EQ(shop, (Texts{"1", "3"}));
}

TEST_P(EventBusContract, TakesPatternsAtTheirWord) {
    Texts exact;
    Texts dotted;
    auto const first = note("hub.a.alert", exact);
    auto const second = note("hub.a.*", dotted);
    publish("hub.a.alert", "1");
    publish("hub.a.alerts", "2");
    publish("hub-a-alert", "3");
    publish("hub.a.", "4");
    EXPECT_EQ(exact, Texts{"1"});
    EXPECT_EQ(dotted, (Texts{"1", "2", "4"}));
}

TEST_P(EventBusContract, PublishesToNobodyWithoutComplaint) {
    publish("hub.a.alert", "1");
}

TEST_P(EventBusContract, NeverReplaysToThoseWhoComeLate) {
    publish("hub.a.alert", "1");
    Texts late;
    auto const subscription = note("*", late);
    publish("hub.a.alert", "2");
    EXPECT_EQ(late, Texts{"2"});
}

TEST_P(EventBusContract, SaysNothingMoreOnceASubscriptionHasEnded) {
    Texts heard;
    auto subscription = note("*", heard);
    publish("hub.a.alert", "1");
    subscription.reset();
    publish("hub.a.alert", "2");
    EXPECT_EQ(heard, Texts{"1"});
}

TEST_P(EventBusContract, LetsAReceiverEndItsOwnSubscription) {
    int heard = 0;
    std::unique_ptr<EventBus::Subscription> subscription;
    subscription = bus().subscribe("*", [&](BusMessage const&) {
        ++heard;
        subscription.reset();
    });
    publish("hub.a.alert", "1");
    publish("hub.a.alert", "2");
    EXPECT_EQ(heard, 1);
}

TEST_P(EventBusContract, LetsAReceiverSubscribe) {
    Texts later;
    std::unique_ptr<EventBus::Subscription> inner;
    auto const outer = bus().subscribe("*", [&](BusMessage const&) {
        if (!inner) {
            inner = note("*", later);
        }
    });
    publish("hub.a.alert", "1");
    publish("hub.a.alert", "2");
    EXPECT_EQ(later, Texts{"2"});
}

TEST_P(EventBusContract, HasNoCallUnderWayAfterASubscriptionHasEnded) {
    std::atomic<bool> stop{false};
    std::thread publisher([&] {
        BusBatch const batch{"hub-main", {"journal", 1}, {{"hub.a.alert", "x"}}};
        while (!stop) {
            EXPECT_TRUE(bus().publish(batch));
        }
    });
    for (int round = 0; round < 300; ++round) {
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
    Texts heard;
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
