#include <muster/config/unseen_character.hpp>

#include <gtest/gtest.h>

namespace muster::config {
namespace {

TEST(UnseenCharacter, IsFoundAmongOthers) {
    auto const found = find_unseen_character("\xC3\xA4\xE2\x82\xAC b\xE2\x80\xA9 c");
    ASSERT_TRUE(found);
    EXPECT_EQ(found->at, 7U);
    EXPECT_EQ(found->size, 3U);
    EXPECT_EQ(found->code, 0x2029U);
}

TEST(UnseenCharacter, IsOneThatYamlBreaksLinesAtOrRefuses) {
    for (auto const* text : {"\xC2\x80", "\xC2\x85", "\xC2\x9F", "\xE2\x80\xA8", "\xEF\xBB\xBF",
                             "\xEF\xBF\xBE", "\xEF\xBF\xBF"}) {
        EXPECT_TRUE(find_unseen_character(text)) << text;
    }
    for (auto const* text : {"", "a", "\xC2\xA0", "\xE2\x80\xA7", "\xE2\x80\xAA", "\xEF\xBF\xBD",
                             "\xF0\x9F\x98\x80"}) {
        EXPECT_FALSE(find_unseen_character(text)) << text;
    }
    EXPECT_FALSE(find_unseen_character("\xC2\x85", 1));
}

TEST(UnseenCharacter, IsNotMadeOfBrokenOnes) {
    for (auto const* text : {"\xC2", "\xC2yz", "\xE2", "\xE2\x80", "\xE2\x80z", "\xEF\xBB"}) {
        EXPECT_FALSE(find_unseen_character(text)) << text;
    }
    EXPECT_TRUE(find_unseen_character("\xC2\xC2\x85"));
}

}  // namespace
}  // namespace muster::config
