#include <muster/redis/redis_subscription.hpp>

#include <gtest/gtest.h>

namespace muster {
namespace {

TEST(RedisPattern, LeavesOnlyTheStarItsMeaning) {
    EXPECT_EQ(redis_pattern("hub.*.health.*"), "hub.*.health.*");
    EXPECT_EQ(redis_pattern(R"(a?[b]\c)"), R"(a\?\[b\]\\c)");
}

}  // namespace
}  // namespace muster
