// What the bus writes into Redis, and who may.

#include <string>

#include <integration/redis/redis_test.hpp>

namespace muster::testing {
namespace {

using BusTransaction = RedisTest;

TEST_F(BusTransaction, MovesTheCursorWithTheEntries) {
    RedisEventBus bus(bus_options(), clock_, log_);
    EXPECT_EQ(bus.cursor("hub-main").value(), std::nullopt);
    ASSERT_TRUE(bus.publish(batch(1, 3)));
    ASSERT_TRUE(bus.publish(batch(4, 4)));
    EXPECT_EQ(bus.cursor("hub-main").value(), (Cursor{"journal", 4}));
    EXPECT_EQ(entries_in("muster:health"), (Texts{"1", "2", "3", "4"}));
    EXPECT_EQ(ask({"GET", "muster:cursor:hub-main"}).text, "journal:4");

    RedisEventBus again(bus_options(), clock_, log_);
    EXPECT_EQ(again.cursor("hub-main").value(), (Cursor{"journal", 4}));
    EXPECT_EQ(again.cursor("hub-other").value(), std::nullopt);
}

TEST_F(BusTransaction, PublishesNothingFromAnotherPlaceThanTheCursors) {
    RedisEventBus bus(bus_options(), clock_, log_);
    ASSERT_TRUE(bus.publish(batch(1, 3)));
    (void)ask({"SET", "muster:cursor:hub-main", "journal:2"});  // as of an older copy of its data
    auto const refused = bus.publish(batch(4, 5));
    ASSERT_FALSE(refused);
    EXPECT_EQ(refused.error().code, Errc::conflict);
    EXPECT_EQ(bus.cursor("hub-main").value(), (Cursor{"journal", 2}));
    EXPECT_EQ(entries_in("muster:health"), (Texts{"1", "2", "3"}));
    ASSERT_TRUE(bus.publish(batch(3, 5)));
    EXPECT_EQ(entries_in("muster:health"), (Texts{"1", "2", "3", "3", "4", "5"}));
}

TEST_F(BusTransaction, GoesOnWhereRedisForgotEverything) {
    RedisEventBus bus(bus_options(), clock_, log_);
    ASSERT_TRUE(bus.publish(batch(1, 3)));
    (void)ask({"FLUSHALL"});
    // The watched keys went: noticed, asked for, and told from where we stand.
    EXPECT_EQ(bus.publish(batch(4, 5)).error().code, Errc::conflict);
    EXPECT_EQ(bus.cursor("hub-main").value(), std::nullopt);
    ASSERT_TRUE(bus.publish(batch(4, 5)));
    EXPECT_EQ(entries_in("muster:health"), (Texts{"4", "5"}));
}

TEST_F(BusTransaction, LetsOneHubPublishUnderAnId) {
    auto options = bus_options();
    options.lease = Millis(400);
    RedisEventBus first(options, clock_, log_);
    ASSERT_TRUE(first.publish(batch(1, 1)));

    auto other = options;
    other.owner = "another journal";
    RedisEventBus second(other, clock_, log_);
    auto const refused = second.cursor("hub-main");
    ASSERT_FALSE(refused);
    EXPECT_EQ(refused.error().code, Errc::unavailable);
    EXPECT_NE(refused.error().message.find("another hub is live as 'hub-main'"), std::string::npos)
        << refused.error().message;
    EXPECT_NE(refused.error().message.find("HUB_ID"), std::string::npos);
    EXPECT_FALSE(second.publish(batch(2, 2)));
    EXPECT_FALSE(second.announce("hub-main", {{"hub.global.health", "x"}}));
    EXPECT_TRUE(second.cursor("hub-other")) << "another id is free";

    RedisEventBus restarted(options, clock_, log_);  // killed, and with the same journal
    EXPECT_EQ(restarted.cursor("hub-main").value(), (Cursor{"journal", 1}));

    EXPECT_TRUE(comes_true([&] { return second.cursor("hub-main").has_value(); }));
    auto taken = batch(2, 2);
    ASSERT_TRUE(second.publish(taken));
    EXPECT_FALSE(first.publish(batch(2, 2))) << "the first had said nothing for too long";
    EXPECT_FALSE(first.cursor("hub-main"));
    EXPECT_EQ(entries_in("muster:health"), (Texts{"1", "2"}));
}

TEST_F(BusTransaction, KeepsTheLeaseByAnnouncingNothing) {
    auto options = bus_options();
    options.lease = Millis(600);
    RedisEventBus bus(options, clock_, log_);
    ASSERT_TRUE(bus.announce("hub-main", {}));
    auto const until = clock_.now().steady + Millis(1'500);
    int renewed = 0;
    std::string last;
    while (clock_.now().steady < until) {
        ASSERT_TRUE(bus.announce("hub-main", {}));
        auto const left = ask({"PTTL", "muster:lease:hub-main"}).integer;
        ASSERT_GT(left, 0);
        renewed += left > 550 ? 1 : 0;
    }
    EXPECT_GT(renewed, 2);
}

TEST_F(BusTransaction, KeepsAboutAsMuchOfAStreamAsItIsTold) {
    auto options = bus_options();
    options.stream_entries = 1'000;
    RedisEventBus bus(options, clock_, log_);
    for (std::uint64_t from = 1; from <= 5'000; from += 500) {
        ASSERT_TRUE(bus.publish(batch(from, from + 499)));
    }
    auto const length = ask({"XLEN", "muster:health"}).integer;
    EXPECT_GE(length, 1'000);
    EXPECT_LE(length, 1'200);
    EXPECT_EQ(entries_in("muster:health").back(), "5000");
}

TEST_F(BusTransaction, KeepsFewerEntriesWhereTheyAreLarge) {
    auto options = bus_options();
    options.stream_bytes = 20'000'000;
    RedisEventBus bus(options, clock_, log_);
    for (std::uint64_t number = 1; number <= 40; ++number) {
        BusBatch large{"hub-main", {"journal", number - 1}, {"journal", number}, {}, {}};
        for (int entry = 0; entry < 100; ++entry) {
            large.entries.push_back({"muster:health", "batch", std::string(16'000, 'x')});
        }
        ASSERT_TRUE(bus.publish(large));
    }
    auto const length = ask({"XLEN", "muster:health"}).integer;
    EXPECT_GE(length, 1'000);
    EXPECT_LE(length, 1'500);
}

TEST_F(BusTransaction, GoesOverAUnixSocketAndToAnotherDatabase) {
    auto options = bus_options();
    options.address = parse_redis_url("unix://" + server_.socket_path() + "?db=3").value();
    RedisEventBus bus(options, clock_, log_);
    ASSERT_TRUE(bus.publish(batch(1, 1)));
    EXPECT_TRUE(entries_in("muster:health").empty());
    RedisEventBus::Options over_tcp = bus_options();
    over_tcp.address.database = 3;
    RedisEventBus other(over_tcp, clock_, log_);
    EXPECT_EQ(other.cursor("hub-main").value(), (Cursor{"journal", 1}));
}

}  // namespace
}  // namespace muster::testing
