// Redis goes away, comes back, or says nothing.

#include <condition_variable>
#include <mutex>
#include <string>

#include <integration/redis/redis_test.hpp>

namespace muster::testing {
namespace {

class BusOutage : public RedisTest {
protected:
    BusOutage() : RedisTest(RedisServer::Options{true, {}}) {}

    /// As the follower does: asks where it stands after what it does not know the end of.
    std::uint64_t publish_through(RedisEventBus& bus, std::uint64_t from, std::uint64_t to) {
        std::uint64_t next = from;
        bool const done = comes_true([&] {
            auto const published = bus.publish(batch(next, to));
            if (published) {
                next = to + 1;
            } else if (published.error().code == Errc::in_doubt ||
                       published.error().code == Errc::conflict) {
                auto const cursor = bus.cursor("hub-main");
                if (cursor && *cursor) {
                    next = (*cursor)->seq + 1;
                }
            }
            return next > to;
        });
        EXPECT_TRUE(done);
        return next;
    }
};

TEST_F(BusOutage, ARedisThatIsAwayAtTheStartIsToldAndFoundLater) {
    server_.kill();
    RedisEventBus bus(bus_options(), clock_, log_);
    auto const cursor = bus.cursor("hub-main");
    ASSERT_FALSE(cursor);
    EXPECT_EQ(cursor.error().code, Errc::unavailable);
    EXPECT_NE(cursor.error().message.find(server_.url()), std::string::npos)
        << cursor.error().message;
    EXPECT_EQ(bus.publish(batch(1, 1)).error().code, Errc::unavailable);
    EXPECT_EQ(bus.announce("hub-main", {}).error().code, Errc::unavailable);
    server_.start();
    EXPECT_TRUE(bus.publish(batch(1, 1)));
}

TEST_F(BusOutage, ARestartedRedisWithItsDataHasEverythingOnce) {
    RedisEventBus bus(bus_options(), clock_, log_);
    std::uint64_t next = 1;
    for (int round = 0; round < 5; ++round) {
        next = publish_through(bus, next, next + 6);
        server_.kill();
        EXPECT_FALSE(bus.publish(batch(next, next)));
        server_.start();
    }
    next = publish_through(bus, next, next);
    Texts wanted;
    for (std::uint64_t number = 1; number < next; ++number) {
        wanted.push_back(std::to_string(number));
    }
    EXPECT_EQ(entries_in("muster:health"), wanted);
}

TEST_F(BusOutage, ARestartedRedisWithoutItsDataGetsWhatComes) {
    RedisEventBus bus(bus_options(), clock_, log_);
    ASSERT_TRUE(bus.publish(batch(1, 5)));
    server_.kill();
    server_.forget();
    server_.start();
    ASSERT_TRUE(bus.publish(batch(6, 7)));
    EXPECT_EQ(entries_in("muster:health"), (Texts{"6", "7"}));
    EXPECT_EQ(bus.cursor("hub-main").value(), (Cursor{"journal", 7}));
}

TEST_F(BusOutage, AConnectionThatRedisClosedIsReplacedWithoutAWord) {
    RedisEventBus bus(bus_options(), clock_, log_);
    for (std::uint64_t number = 1; number <= 20; ++number) {
        auto const published = bus.publish(batch(number, number));
        ASSERT_TRUE(published) << published.error().message;
        EXPECT_GE(ask({"CLIENT", "KILL", "TYPE", "normal", "SKIPME", "yes"}).integer, 1);
    }
    EXPECT_EQ(entries_in("muster:health").size(), 20U);
}

TEST_F(BusOutage, ARedisThatStandsStillLeavesItInDoubtInTime) {
    auto options = bus_options();
    options.answer_within = Millis(300);
    RedisEventBus bus(options, clock_, log_);
    ASSERT_TRUE(bus.publish(batch(1, 1)));
    server_.pause();
    auto const before = clock_.now().steady;
    auto const doubtful = bus.publish(batch(2, 2));
    auto const took = clock_.now().steady - before;
    ASSERT_FALSE(doubtful);
    EXPECT_EQ(doubtful.error().code, Errc::in_doubt) << doubtful.error().message;
    EXPECT_LT(took, std::chrono::seconds(2));
    // The kernel still takes connections for it; the greeting is not answered.
    auto const asked = bus.cursor("hub-main");
    ASSERT_FALSE(asked);
    EXPECT_EQ(asked.error().code, Errc::unavailable);
    server_.resume();
    EXPECT_TRUE(comes_true([&] {
        auto const cursor = bus.cursor("hub-main");
        return cursor && *cursor == Cursor{"journal", 2};
    })) << "it took what it had been sent";
    EXPECT_EQ(entries_in("muster:health"), (Texts{"1", "2"}));
    EXPECT_TRUE(bus.publish(batch(3, 3)));
}

TEST_F(BusOutage, ASubscriptionListensAgain) {
    std::mutex mutex;
    std::condition_variable changed;
    std::string last;
    RedisEventBus bus(bus_options(), clock_, log_);
    auto const subscription = bus.subscribe("hub.*", [&](BusMessage const& message) {
        std::lock_guard const lock(mutex);
        last = message.payload;
        changed.notify_all();
    });
    auto const heard = [&](std::string const& text) {
        std::unique_lock lock(mutex);
        return changed.wait_for(lock, std::chrono::milliseconds(200), [&] { return last == text; });
    };
    ASSERT_TRUE(bus.announce("hub-main", {{"hub.a", "before"}}));
    ASSERT_TRUE(comes_true([&] { return heard("before"); }));
    server_.kill();
    server_.start();
    EXPECT_TRUE(comes_true([&] {
        return bus.announce("hub-main", {{"hub.a", "after"}}).has_value() && heard("after");
    }));
    EXPECT_EQ(log_.count("hears nothing of hub.*"), 1U);
    EXPECT_TRUE(comes_true([&] { return log_.count("listens to hub.* again") == 1; }));
}

}  // namespace
}  // namespace muster::testing
