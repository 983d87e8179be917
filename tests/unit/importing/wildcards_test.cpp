#include <muster/importing/wildcards.hpp>

#include <gtest/gtest.h>

#include <muster/domain/text_pattern.hpp>

namespace muster::importing {
namespace {

bool finds(std::string const& pattern, std::string_view body) {
    auto const test = read_wildcards(pattern);
    EXPECT_TRUE(test) << pattern;
    if (!test->contains.empty()) {
        return body.find(test->contains) != std::string_view::npos;
    }
    return test->matches.empty() ||
           TextPattern::compile(test->matches).value().find_in(body).has_value();
}

TEST(Wildcards, AroundATextAreThatText) {
    auto const test = read_wildcards("*a (b) c*");
    ASSERT_TRUE(test);
    EXPECT_EQ(test->contains, "a (b) c");
    EXPECT_EQ(test->matches, "");
}

TEST(Wildcards, AreFoundLikeThePatternsThatTheyCameFrom) {
    EXPECT_TRUE(finds("*", "anything\nat all"));
    EXPECT_TRUE(finds("he?lo*", "hello\nworld"));
    EXPECT_FALSE(finds("he?lo", "hello world"));
    EXPECT_TRUE(finds("[a-c]x", "bx"));
    EXPECT_FALSE(finds("[^a-c]x", "bx"));
    EXPECT_TRUE(finds("a.b+c", "a.b+c"));
    EXPECT_FALSE(finds("a.b+c", "axbbc"));
    EXPECT_TRUE(finds("\\*x*", "*xyz"));
    EXPECT_FALSE(finds("", "x"));
}

TEST(Wildcards, WithoutAnEndAreNone) {
    EXPECT_FALSE(read_wildcards("[abc"));
    EXPECT_FALSE(read_wildcards("abc\\"));
    EXPECT_FALSE(read_wildcards("[a\\"));
}

TEST(Wildcards, AnExactTextIsFoundOnlyByItself) {
    auto const pattern = TextPattern::compile(exactly("a|b ${x} (c)")).value();
    EXPECT_TRUE(pattern.find_in("a|b ${x} (c)"));
    EXPECT_FALSE(pattern.find_in("a|b ${x} (c) "));
    EXPECT_FALSE(pattern.find_in("a"));
}

}  // namespace
}  // namespace muster::importing
