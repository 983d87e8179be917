#include <muster/redis/stream_entry.hpp>

#include <string>

#include <gtest/gtest.h>

namespace muster {
namespace {

RedisReply reply_in(std::string_view bytes) {
    ReplyReader reader;
    reader.feed(bytes);
    auto const reply = reader.next();
    if (!reply || !*reply) {
        ADD_FAILURE() << "no reply";
        return {};
    }
    return **reply;
}

TEST(StreamId, IsOrderedByItsTwoNumbers) {
    EXPECT_LT(*parse_stream_id("9-5"), *parse_stream_id("10-0"));
    EXPECT_LT(*parse_stream_id("10-9"), *parse_stream_id("10-10"));
    EXPECT_EQ(to_text(*parse_stream_id("1526919030474-55")), "1526919030474-55");
    for (auto const* text : {"", "1", "-", "1-", "-1", "1-2-3", "x-1", "18446744073709551616-0"}) {
        EXPECT_FALSE(parse_stream_id(text)) << text;
    }
}

TEST(StreamEntries, AreReadWithTheirFields) {
    auto const entries =
        read_entries(reply_in("*1\r\n*2\r\n$1\r\ns\r\n*2\r\n*2\r\n$3\r\n1-0\r\n*4\r\n$1\r\na\r\n$"
                              "1\r\n1\r\n$1\r\nb\r\n$1\r\n2"
                              "\r\n*2\r\n$3\r\n2-0\r\n*0\r\n"));
    ASSERT_TRUE(entries) << entries.error().message;
    ASSERT_EQ(entries->size(), 2U);
    EXPECT_EQ((*entries)[0].id, (StreamId{1, 0}));
    EXPECT_EQ(*(*entries)[0].field("b"), "2");
    EXPECT_EQ((*entries)[0].field("c"), nullptr);
    EXPECT_TRUE((*entries)[1].fields.empty());
    EXPECT_TRUE(read_entries(reply_in("*-1\r\n"))->empty());
}

TEST(StreamEntries, RefuseWhatIsNone) {
    for (auto const* bytes :
         {"+OK\r\n", ":1\r\n", "*0\r\n", "*1\r\n$1\r\ns\r\n", "*1\r\n*2\r\n$1\r\ns\r\n$1\r\nx\r\n",
          "*1\r\n*2\r\n$1\r\ns\r\n*1\r\n*2\r\n$1\r\nx\r\n*0\r\n",
          "*1\r\n*2\r\n$1\r\ns\r\n*1\r\n*2\r\n$3\r\n1-0\r\n*-1\r\n",
          "*1\r\n*2\r\n$1\r\ns\r\n*1\r\n*2\r\n$3\r\n1-0\r\n*1\r\n$1\r\na\r\n"}) {
        auto const entries = read_entries(reply_in(bytes));
        ASSERT_FALSE(entries) << bytes;
        EXPECT_EQ(entries.error().code, Errc::corrupt) << bytes;
    }
    EXPECT_EQ(read_entries(reply_in("-NOGROUP x\r\n")).error().code, Errc::not_found);
}

TEST(StreamEntries, AreClaimedWithoutThoseThatAreGone) {
    auto const claimed =
        read_claimed(reply_in("*1\r\n*2\r\n$3\r\n1-0\r\n*2\r\n$1\r\na\r\n$1\r\n1\r\n"));
    ASSERT_TRUE(claimed) << claimed.error().message;
    ASSERT_EQ(claimed->size(), 1U);
    EXPECT_EQ(*claimed->front().field("a"), "1");
    EXPECT_TRUE(read_claimed(reply_in("*0\r\n"))->empty());
    EXPECT_EQ(read_claimed(reply_in("+OK\r\n")).error().code, Errc::corrupt);
    EXPECT_EQ(read_claimed(reply_in("-NOGROUP x\r\n")).error().code, Errc::not_found);
}

TEST(StreamFacts, AreReadByTheirNames) {
    auto const facts = read_stream_facts(reply_in(
        "*12\r\n$17\r\nlast-generated-id\r\n$3\r\n8-0\r\n$11\r\nfirst-entry\r\n*2\r\n$3\r\n6-0\r\n"
        "*0\r\n$6\r\nlength\r\n:2\r\n$13\r\nentries-added\r\n:5\r\n$5\r\nother\r\n*0\r\n$10"
        "\r\nlast-entry\r\n*2\r\n$3\r\n7-1\r\n*2\r\n$1\r\na\r\n$1\r\n1\r\n"));
    ASSERT_TRUE(facts) << facts.error().message;
    EXPECT_EQ(facts->length, 2U);
    EXPECT_EQ(facts->added, 5U);
    EXPECT_EQ(facts->oldest, (StreamId{6, 0}));
    EXPECT_EQ(facts->newest, (StreamId{7, 1}));
    EXPECT_EQ(facts->last_given, (StreamId{8, 0}));
    EXPECT_EQ(read_stream_facts(reply_in("-ERR no such key\r\n")).error().code, Errc::not_found);
    auto const old = read_stream_facts(reply_in("*2\r\n$6\r\nlength\r\n:2\r\n"));
    ASSERT_FALSE(old);
    EXPECT_EQ(old.error().code, Errc::unsupported);
}

TEST(StreamGroup, StandsWhereItsDescriptionSays) {
    auto const described = reply_in(
        "*2\r\n*4\r\n$4\r\nname\r\n$1\r\na\r\n$17\r\nlast-delivered-id\r\n$3\r\n0-0\r\n"
        "*6\r\n$4\r\nname\r\n$1\r\nb\r\n$3\r\nlag\r\n:1\r\n$17\r\nlast-delivered-id\r\n$3\r\n6-"
        "1\r\n");
    EXPECT_EQ(read_group_place(described, "a").value(), StreamId{});
    EXPECT_EQ(read_group_place(described, "b").value(), (StreamId{6, 1}));
    EXPECT_EQ(read_group_place(described, "c").error().code, Errc::not_found);
    EXPECT_EQ(read_group_place(reply_in("*0\r\n"), "a").error().code, Errc::not_found);
    EXPECT_EQ(read_group_place(reply_in("-ERR no such key\r\n"), "a").error().code,
              Errc::not_found);
    EXPECT_EQ(read_group_place(reply_in("+OK\r\n"), "a").error().code, Errc::corrupt);
    EXPECT_EQ(read_group_place(reply_in("*1\r\n*2\r\n$4\r\nname\r\n$1\r\na\r\n"), "a").error().code,
              Errc::corrupt);
}

}  // namespace
}  // namespace muster
