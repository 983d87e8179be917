#include <muster/domain/redis_address.hpp>

#include <string>
#include <vector>

#include <gtest/gtest.h>

namespace muster {
namespace {

RedisAddress parsed(std::string_view text) {
    auto const address = parse_redis_url(text);
    if (!address) {
        ADD_FAILURE() << address.error().message;
        return {};
    }
    return *address;
}

std::string refusal(std::string_view text) {
    auto const address = parse_redis_url(text);
    return address ? "" : address.error().message;
}

TEST(RedisUrl, HasHostPortAndDatabase) {
    EXPECT_EQ(parsed("redis://127.0.0.1"), (RedisAddress{"127.0.0.1", 6379, "", "", "", 0}));
    EXPECT_EQ(parsed("redis://Cache.Example:7000"),
              (RedisAddress{"cache.example", 7000, "", "", "", 0}));
    EXPECT_EQ(parsed("redis://redis/"), (RedisAddress{"redis", 6379, "", "", "", 0}));
    EXPECT_EQ(parsed("REDIS://redis:6380/3"), (RedisAddress{"redis", 6380, "", "", "", 3}));
    EXPECT_EQ(parsed("redis://[::1]/1"), (RedisAddress{"::1", 6379, "", "", "", 1}));
    EXPECT_EQ(parsed("redis://[::1]:6380"), (RedisAddress{"::1", 6380, "", "", "", 0}));
}

TEST(RedisUrl, HasUserAndPassword) {
    EXPECT_EQ(parsed("redis://:secret@r"), (RedisAddress{"r", 6379, "", "", "secret", 0}));
    EXPECT_EQ(parsed("redis://hub:s%40%3a%2F@r/2"),
              (RedisAddress{"r", 6379, "", "hub", "s@:/", 2}));
    EXPECT_EQ(parsed("redis://:a:b@r"), (RedisAddress{"r", 6379, "", "", "a:b", 0}));
    EXPECT_EQ(parsed("redis://:p@ss@r"), (RedisAddress{"r", 6379, "", "", "p@ss", 0}));
}

TEST(RedisUrl, LeadsToAUnixSocket) {
    EXPECT_EQ(parsed("unix:///run/redis/redis.sock"),
              (RedisAddress{"", 6379, "/run/redis/redis.sock", "", "", 0}));
    EXPECT_EQ(parsed("unix://:pw@/tmp/r%20s?db=4"),
              (RedisAddress{"", 6379, "/tmp/r s", "", "pw", 4}));
}

TEST(RedisUrl, SaysWhatIsWrong) {
    EXPECT_NE(refusal("rediss://r").find("TLS is not built"), std::string::npos);
    EXPECT_EQ(parse_redis_url("rediss://r").error().code, Errc::unsupported);
    EXPECT_NE(refusal("http://r").find("is no URL of a Redis"), std::string::npos);
    EXPECT_NE(refusal("redis://").find("no readable host"), std::string::npos);
    EXPECT_NE(refusal("redis://r:0").find("no readable host"), std::string::npos);
    EXPECT_NE(refusal("redis://r:6379/x").find("no number of a database"), std::string::npos);
    EXPECT_NE(refusal("redis://r/1?db=2").find("parameters"), std::string::npos);
    EXPECT_NE(refusal("redis://word@r").find("may be a user or a password"), std::string::npos);
    EXPECT_NE(refusal("redis://user:@r").find("a user without a password"), std::string::npos);
    EXPECT_NE(refusal("redis://:a%zz@r").find("'%'"), std::string::npos);
    EXPECT_NE(refusal("redis://***@r").find("secret itself"), std::string::npos);
    EXPECT_NE(refusal("redis://:***@r").find("secret itself"), std::string::npos);
    EXPECT_NE(refusal("redis://r r").find("spaces"), std::string::npos);
    EXPECT_NE(refusal("unix://relative").find("absolute path"), std::string::npos);
    EXPECT_NE(refusal("unix:///s?database=1").find("db=NUMBER"), std::string::npos);
    EXPECT_NE(refusal("unix:///" + std::string(120, 'x')).find("107"), std::string::npos);
}

TEST(RedisUrl, ShowsNoPasswordInWhatIsWrong) {
    for (auto const* text :
         {"redis://user:hunter2@r:x", "rediss://:hunter2@r", "redis://:hunter2%zz@r",
          "unix://:hunter2@relative", "redis://:hunter2", "rediss://:hunter2", "unix://:hunter2",
          "redis://user:hunter2", "redis://h:6379?password=hunter2", "redis://h/hunter2",
          "redis://a@b:hunter2", "hunter2", "http://:hunter2@r", "redis:/:hunter2@r",
          "redis://:hunter2\n@r"}) {
        auto const message = refusal(text);
        EXPECT_NE(message, "");
        EXPECT_EQ(message.find("hunter2"), std::string::npos) << message;
    }
}

TEST(RedisUrl, IsShownWithoutSecretsAndReadsBack) {
    auto const address = parsed("redis://hub:hunter2@r:6380/3");
    EXPECT_EQ(to_text(address), "redis://r:6380/3");
    EXPECT_EQ(masked_text(address), "redis://***@r:6380/3");
    for (auto const* text : {"redis://r:6379", "redis://[::1]:6379/9", "unix:///tmp/r%20s?db=4"}) {
        EXPECT_EQ(to_text(parsed(text)), text);
        EXPECT_EQ(masked_text(parsed(text)), text);
    }
}

}  // namespace
}  // namespace muster
