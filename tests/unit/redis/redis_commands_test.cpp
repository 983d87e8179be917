#include <muster/redis/redis_commands.hpp>

#include <string>
#include <string_view>
#include <vector>

#include <gtest/gtest.h>

namespace muster {
namespace {

TEST(RedisCommands, AreListsOfTextsOneBehindTheOther) {
    RedisCommands commands;
    std::string const odd("\r\n\0", 3);
    commands.add({"SET", "k", odd}).add({"PING"});
    EXPECT_EQ(commands.bytes(),
              "*3\r\n$3\r\nSET\r\n$1\r\nk\r\n$3\r\n" + odd + "\r\n*1\r\n$4\r\nPING\r\n");
    EXPECT_EQ(commands.count(), 2U);
    std::vector<std::string_view> const words{"DEL", ""};
    commands.add(words);
    EXPECT_EQ(commands.count(), 3U);
    EXPECT_EQ(commands.bytes().substr(commands.bytes().rfind('*')),
              "*2\r\n$3\r\nDEL\r\n$0\r\n\r\n");
    RedisCommands more;
    more.add({"MULTI"}).add(commands);
    EXPECT_EQ(more.count(), 4U);
    EXPECT_EQ(more.bytes(), "*1\r\n$5\r\nMULTI\r\n" + commands.bytes());
}

}  // namespace
}  // namespace muster
