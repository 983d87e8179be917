// PostgreSQL and Redis of a hub go away and come back, in any order, and the hub is killed
// meanwhile: it watches on, says what is the case, and afterwards everything is there once.

#include <gtest/gtest.h>

#include "surroundings.hpp"

namespace muster::e2e {
namespace {

class Outages : public ::testing::Test {
protected:
    void begin() {
        around.start_hub();
        ASSERT_TRUE(around.ready(true)) << around.hub().process().output();
        ASSERT_TRUE(around.told("bus", "up"));
    }

    /// Both work again and the hub is ended: what it learned is in both once.
    void expect_all_is_there_once() {
        ASSERT_TRUE(around.ready(true)) << around.hub().process().output();
        ASSERT_TRUE(around.told("database", "up"));
        ASSERT_TRUE(around.told("bus", "up"));
        EXPECT_EQ(around.end_hub(), 0);
        auto const in_journal = around.history_in_journal();
        ASSERT_GT(in_journal.at("alive/app").size(), 20U);
        EXPECT_EQ(around.history_in_postgres(), in_journal);
        auto const stream = around.stream();
        EXPECT_EQ(stream.trouble, "");
        EXPECT_EQ(stream.first, 1U);
        std::size_t checks = 0;
        for (auto const& [service, results] : in_journal) {
            checks += results.size();
        }
        EXPECT_LE(stream.results, checks);
        EXPECT_GE(stream.results + 30, checks) << "but what came in the last moment";
    }

    Surroundings around;
};

TEST_F(Outages, TheStoreFirstThenTheBusAndTheHubIsKilledMeanwhile) {
    begin();
    around.postgres.stop();
    EXPECT_TRUE(around.told("database", "down"));
    EXPECT_TRUE(around.ready(false));
    EXPECT_TRUE(around.told("bus", "up"));
    EXPECT_TRUE(around.watches_on());
    around.redis.kill();
    EXPECT_TRUE(around.told("bus", "down"));
    EXPECT_TRUE(around.watches_on());
    around.kill_hub();
    around.start_hub();
    EXPECT_TRUE(around.told("database", "down"));
    EXPECT_TRUE(around.told("bus", "down"));
    EXPECT_TRUE(around.ready(false));
    EXPECT_TRUE(around.watches_on());
    around.postgres.start();
    EXPECT_TRUE(around.told("database", "up")) << around.hub().process().output();
    around.redis.start();
    expect_all_is_there_once();
    EXPECT_GE(around.rows_that_say("database_status = 'down' AND error_message IS NOT NULL"), 2)
        << "once in each life of the hub";
    EXPECT_EQ(around.rows_that_say("orchestration_hub_status = 'off'"), 1);
}

TEST_F(Outages, TheBusFirstThenTheStoreByForceWhichRecovers) {
    begin();
    around.redis.kill();
    EXPECT_TRUE(around.told("bus", "down"));
    EXPECT_TRUE(around.told("database", "up"));
    EXPECT_TRUE(around.ready(true)) << "never for the bus";
    around.postgres.kill();
    EXPECT_TRUE(around.told("database", "down"));
    EXPECT_TRUE(around.watches_on());
    around.kill_hub();
    around.redis.start();
    around.start_hub();
    EXPECT_TRUE(around.told("bus", "up")) << around.hub().process().output();
    EXPECT_TRUE(around.told("database", "down"));
    around.postgres.start();
    expect_all_is_there_once();
    EXPECT_GE(around.rows_that_say("orchestration_hub_status = 'degraded'"), 2);
}

/// One session dies, the server ends the others and takes nobody until it has recovered.
TEST_F(Outages, AServerThatRecoversByItselfGetsTheRest) {
    begin();
    for (int time = 0; time < 3; ++time) {
        ASSERT_TRUE(around.postgres.kill_session("muster hub-main"));
        EXPECT_TRUE(around.watches_on());
        EXPECT_TRUE(around.ready(true)) << around.hub().process().output();
    }
    expect_all_is_there_once();
}

}  // namespace
}  // namespace muster::e2e
