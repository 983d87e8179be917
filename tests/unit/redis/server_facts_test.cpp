#include <muster/redis/server_facts.hpp>

#include <gtest/gtest.h>

namespace muster {
namespace {

TEST(ServerFacts, WarnOfPoliciesThatThrowStreamsAway) {
    EXPECT_TRUE(warnings_about("redis_version:7.0.15\r\nmaxmemory_policy:noeviction\r\n").empty());
    EXPECT_TRUE(warnings_about("redis_version:7.0.15\r\nmaxmemory_policy:volatile-lru\r\n").empty())
        << "streams have no time to live";
    for (auto const* policy : {"allkeys-lru", "allkeys-lfu", "allkeys-random"}) {
        auto const warnings =
            warnings_about("# Server\r\nredis_version:7.2.4\r\n\r\n# Memory\r\nmaxmemory_policy:" +
                           std::string(policy) + "\r\n");
        ASSERT_EQ(warnings.size(), 1U);
        EXPECT_NE(warnings[0].find(policy), std::string::npos);
        EXPECT_NE(warnings[0].find("noeviction"), std::string::npos);
    }
}

TEST(ServerFacts, WarnOfServersThatDoNotCount) {
    auto const warnings = warnings_about("redis_version:6.2.14\r\n");
    ASSERT_EQ(warnings.size(), 1U);
    EXPECT_NE(warnings[0].find("take Redis 7"), std::string::npos);
    EXPECT_TRUE(warnings_about("redis_version:10.0\n").empty());
    EXPECT_TRUE(warnings_about("").empty());
    EXPECT_TRUE(warnings_about("-NOPERM").empty());
}

}  // namespace
}  // namespace muster
