#include <muster/domain/text_pattern.hpp>

#include <string>

#include <gtest/gtest.h>

namespace muster {
namespace {

TEST(TextPattern, MatchesTheWholeText) {
    auto const pattern = TextPattern::compile("5..").value();
    EXPECT_TRUE(pattern.matches_whole("503"));
    EXPECT_FALSE(pattern.matches_whole("5033"));
    EXPECT_FALSE(pattern.matches_whole("1503"));
    EXPECT_EQ(pattern, TextPattern::compile("5..").value());
    EXPECT_FALSE(pattern == TextPattern::compile("4..").value());
}

TEST(TextPattern, FindsTheLeftmostPiece) {
    auto const pattern = TextPattern::compile("o+k").value();
    std::string_view const text = "look, ok";
    auto const found = pattern.find_in(text);
    ASSERT_TRUE(found);
    EXPECT_EQ(*found, "ook");
    EXPECT_EQ(found->data(), text.data() + 1);
    EXPECT_FALSE(pattern.find_in("no"));
    EXPECT_EQ(TextPattern::compile("").value().find_in(""), "");
    EXPECT_TRUE(TextPattern::compile("^ready$").value().find_in("ready"));
    EXPECT_FALSE(TextPattern::compile("^ready$").value().find_in("a\nready\nb"));
    EXPECT_TRUE(TextPattern::compile("(?m)^ready$").value().find_in("a\nready\nb"));
}

TEST(TextPattern, SaysWhatIsWrongWithAnExpression) {
    auto const broken = TextPattern::compile("(5..");
    ASSERT_FALSE(broken);
    EXPECT_EQ(broken.error().code, Errc::invalid);
    EXPECT_NE(broken.error().message.find("missing )"), std::string::npos)
        << broken.error().message;
    EXPECT_FALSE(TextPattern::compile(std::string(1001, 'a')));
    EXPECT_FALSE(TextPattern::compile("((a{1000}){1000}){1000}")) << "would take all memory";
}

TEST(TextPattern, TakesLinearTimeWhereOthersTakeForEver) {
    auto const pattern = TextPattern::compile("(a*)*b").value();
    EXPECT_FALSE(pattern.matches_whole(std::string(100'000, 'a')));
}

}  // namespace
}  // namespace muster
