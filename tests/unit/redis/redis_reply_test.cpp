#include <muster/redis/redis_reply.hpp>

#include <string>
#include <vector>

#include <gtest/gtest.h>

namespace muster {
namespace {

using Kind = RedisReply::Kind;

std::vector<RedisReply> replies_in(std::string_view bytes) {
    ReplyReader reader;
    std::vector<RedisReply> replies;
    for (char const byte : bytes) {  // however the network cuts them
        reader.feed({&byte, 1});
        for (;;) {
            auto reply = reader.next();
            if (!reply) {
                ADD_FAILURE() << reply.error().message;
                return replies;
            }
            if (!*reply) {
                break;
            }
            replies.push_back(std::move(**reply));
        }
    }
    return replies;
}

RedisReply error(std::string text) {
    RedisReply reply;
    reply.kind = Kind::error;
    reply.text = std::move(text);
    return reply;
}

TEST(ReplyReader, CutsBytesIntoReplies) {
    auto const replies =
        replies_in("+OK\r\n:-7\r\n$3\r\na\r\n\r\n$-1\r\n-ERR x\r\n*2\r\n$1\r\nb\r\n*-1\r\n");
    ASSERT_EQ(replies.size(), 6U);
    EXPECT_TRUE(replies[0].is_text("OK"));
    EXPECT_TRUE(replies[0].is(Kind::status));
    EXPECT_EQ(replies[1].integer, -7);
    EXPECT_EQ(replies[2].text, "a\r\n");
    EXPECT_TRUE(replies[3].is(Kind::nothing));
    EXPECT_TRUE(replies[4].is(Kind::error));
    ASSERT_EQ(replies[5].items.size(), 2U);
    EXPECT_EQ(replies[5].items[0].text, "b");
    EXPECT_TRUE(replies[5].items[1].is(Kind::nothing));
}

TEST(ReplyReader, RefusesWhatIsNoReplyForGood) {
    ReplyReader reader;
    reader.feed("HTTP/1.1 400 Bad Request\r\n");
    auto const reply = reader.next();
    ASSERT_FALSE(reply);
    EXPECT_EQ(reply.error().code, Errc::corrupt);
    reader.feed("+OK\r\n");
    EXPECT_FALSE(reader.next());
}

TEST(ErrorReply, SaysWhatToDo) {
    struct Case {
        std::string text;
        Errc code;
        std::string advice;
    };
    for (auto const& [text, code, advice] : std::vector<Case>{
             {"READONLY You can't write against a read only replica.", Errc::unavailable,
              "must lead to the primary"},
             {"LOADING Redis is loading the dataset in memory", Errc::unavailable, "after a start"},
             {"OOM command not allowed when used memory > 'maxmemory'.", Errc::full, "maxmemory"},
             {"MISCONF Redis is configured to save RDB snapshots", Errc::full, "its own log"},
             {"NOAUTH Authentication required.", Errc::unavailable, "REDIS_PASSWORD"},
             {"WRONGPASS invalid username-password pair", Errc::unavailable, "correct"},
             {"WRONGTYPE Operation against a key", Errc::unavailable, "rename or delete"},
             {"NOGROUP No such key", Errc::not_found, "NOGROUP"},
             {"ERR anything else", Errc::unavailable, "ERR anything else"}}) {
        auto const told = error_of(error(text), "to publish");
        ASSERT_TRUE(told) << text;
        EXPECT_EQ(told->code, code) << text;
        EXPECT_NE(told->message.find("Redis refuses to publish: "), std::string::npos);
        EXPECT_NE(told->message.find(advice), std::string::npos) << told->message;
    }
    EXPECT_FALSE(error_of(RedisReply{}, "x"));
}

/// A record may be refused by its own fault in SQL, never here: none must be buried for Redis.
TEST(ErrorReply, IsNeverTheRecordsFault) {
    for (auto const* text : {"ERR syntax error", "WRONGTYPE x", "", " ", "invalid", "OOM"}) {
        EXPECT_NE(error_of(error(text), "x")->code, Errc::invalid) << text;
    }
}

TEST(ErrorReply, TellsWhenAnotherServerMayDoIt) {
    EXPECT_TRUE(is_of_the_wrong_server(error("READONLY x")));
    EXPECT_TRUE(is_of_the_wrong_server(error("LOADING x")));
    EXPECT_FALSE(is_of_the_wrong_server(error("OOM x")));
    EXPECT_FALSE(is_of_the_wrong_server(RedisReply{}));
}

}  // namespace
}  // namespace muster
