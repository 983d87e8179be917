#include <muster/postgres/values.hpp>

#include <string>

#include <gtest/gtest.h>

namespace muster {
namespace {

TEST(PostgresValues, AreTextsOrNull) {
    PostgresValues const values(7, "a", std::optional<int>(), true, 0.1, std::string("b\"c"),
                                nullptr, WallTime(Millis(1'795'326'900'123)));
    auto const texts = values.texts();
    ASSERT_EQ(texts.size(), 8U);
    EXPECT_STREQ(texts[0], "7");
    EXPECT_STREQ(texts[1], "a");
    EXPECT_EQ(texts[2], nullptr);
    EXPECT_STREQ(texts[3], "t");
    EXPECT_STREQ(texts[4], "0.1");
    EXPECT_STREQ(texts[5], "b\"c");
    EXPECT_EQ(texts[6], nullptr);
    EXPECT_STREQ(texts[7], "2026-11-22T05:55:00.123Z");
}

TEST(PostgresValues, OfBytesAreHexAndComeBack) {
    Bytes const bytes{std::byte{0}, std::byte{0xff}, std::byte{0x1a}};
    EXPECT_EQ(bytes_text(bytes), "\\x00ff1a");
    EXPECT_EQ(bytes_of("\\x00ff1a"), bytes);
    EXPECT_TRUE(bytes_of("\\x").empty());
    EXPECT_TRUE(bytes_of("").empty());
}

TEST(PostgresValues, OfTimesBeyondTheCalendarAreItsEdge) {
    EXPECT_EQ(time_text(WallTime::max()), "9999-12-31T23:59:59.999Z");
    EXPECT_EQ(time_text(WallTime::min()), "0001-01-01T00:00:00.000Z");
    WallTime const now{Millis(1'795'326'900'123)};
    EXPECT_EQ(within_calendar(now), now);
}

TEST(PostgresArray, QuotesTextAndLeavesNumbersAlone) {
    PostgresArray numbers;
    EXPECT_EQ(numbers.text(), "{}");
    numbers.add(std::int64_t{1});
    numbers.add(std::optional<std::int64_t>());
    numbers.add(std::int64_t{-2});
    EXPECT_EQ(numbers.text(), "{1,NULL,-2}");
    PostgresArray texts;
    texts.add(std::string_view("NULL"));
    texts.add(std::string_view("a\"b\\c, {d}"));
    texts.add(std::string_view(""));
    EXPECT_EQ(texts.text(), R"({"NULL","a\"b\\c, {d}",""})");
}

TEST(PostgresLine, IsFilledAgainFromItsBeginning) {
    PostgresLine line;
    line.add(std::int64_t{1});
    line.add_null();
    ASSERT_EQ(line.texts().size(), 2U);
    EXPECT_EQ(line.texts()[1], nullptr);
    line.clear();
    line.add(std::string_view("x"));
    ASSERT_EQ(line.texts().size(), 1U);
    EXPECT_STREQ(line.texts()[0], "x");
}

}  // namespace
}  // namespace muster
