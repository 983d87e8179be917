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
