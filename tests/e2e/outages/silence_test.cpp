// PostgreSQL and Redis say nothing any more, and refuse nothing: they are stopped in their tracks,
// or packets vanish.

#include <csignal>

#include <gtest/gtest.h>

#include "own_network.hpp"
#include "surroundings.hpp"

namespace muster::e2e {
namespace {

void expect_all_is_there_once(Surroundings& around) {
    ASSERT_TRUE(around.ready(true)) << around.hub().process().output();
    ASSERT_TRUE(around.told("bus", "up"));
    EXPECT_EQ(around.end_hub(), 0);
    EXPECT_EQ(around.history_in_postgres(), around.history_in_journal());
    EXPECT_EQ(around.stream().trouble, "");
}

TEST(Silence, OfServersThatAreStoppedInTheirTracksIsToldAndSoIsItsEnd) {
    Surroundings around;
    around.start_hub();
    ASSERT_TRUE(around.ready(true));
    around.postgres.pause();
    EXPECT_TRUE(around.told("database", "down")) << around.hub().process().output();
    EXPECT_TRUE(around.ready(false));
    EXPECT_TRUE(around.told("bus", "up"));
    EXPECT_TRUE(around.watches_on());
    around.redis.pause();
    EXPECT_TRUE(around.told("bus", "down")) << around.hub().process().output();
    EXPECT_TRUE(around.watches_on());
    around.postgres.resume();
    EXPECT_TRUE(around.told("database", "up"));
    EXPECT_TRUE(around.ready(true));
    around.redis.resume();
    EXPECT_TRUE(around.told("bus", "up"));
    expect_all_is_there_once(around);
    EXPECT_GE(around.rows_that_say("database_status = 'down' AND error_message LIKE '%answer%'"),
              1);
    EXPECT_GE(around.rows_that_say("database_status = 'up' AND orchestration_hub_status ="
                                   " 'degraded' AND error_message LIKE '%answer%'"),
              1)
        << "the bus alone";
}

TEST(Silence, OfPacketsThatVanishIsToldAndTheHubMayBeKilledInIt) {
    OwnNetwork const network;
    if (network.missing()) {
        GTEST_SKIP() << "half-open connections are not tried here: " << *network.missing();
    }
    Surroundings around;
    around.start_hub();
    ASSERT_TRUE(around.ready(true)) << around.hub().process().output();
    network.swallow(around.postgres.place().port);
    network.swallow(around.redis.place().port);
    EXPECT_TRUE(around.told("database", "down")) << around.hub().process().output();
    EXPECT_TRUE(around.told("bus", "down")) << around.hub().process().output();
    EXPECT_TRUE(around.ready(false));
    EXPECT_TRUE(around.watches_on());
    network.let_through();
    EXPECT_TRUE(around.told("database", "up")) << around.hub().process().output();
    EXPECT_TRUE(around.told("bus", "up"));

    network.swallow(around.postgres.place().port);
    network.swallow(around.redis.place().port);
    EXPECT_TRUE(around.told("database", "down"));
    around.kill_hub();
    around.start_hub();
    EXPECT_TRUE(around.told("database", "down"));
    EXPECT_TRUE(around.watches_on());
    network.let_through();
    expect_all_is_there_once(around);
}

/// What waits for an answer that does not come is not waited for.
TEST(Silence, DoesNotHoldUpTheEndOfAHub) {
    Surroundings around;
    around.start_hub();
    ASSERT_TRUE(around.ready(true));
    around.postgres.pause();
    around.redis.pause();
    EXPECT_TRUE(around.told("database", "down"));
    auto const before = std::chrono::steady_clock::now();
    around.hub().process().signal(SIGTERM);
    EXPECT_EQ(around.hub().process().wait_for_end(), 0) << around.hub().process().output();
    EXPECT_LT(std::chrono::steady_clock::now() - before, std::chrono::seconds(12));
    around.postgres.resume();
    around.redis.resume();
    around.start_hub();
    expect_all_is_there_once(around);
}

}  // namespace
}  // namespace muster::e2e
