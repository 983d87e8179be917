#include <muster/codec/clean_lines.hpp>

#include <gtest/gtest.h>

namespace muster {
namespace {

TEST(CleanLines, KeepsLinesAndNothingElse) {
    EXPECT_EQ(clean_lines("a\nb\r\n\tc\x1b[2J\n", 100), "a\nb \n c [2J\n");
    EXPECT_EQ(clean_lines("\n\n", 100), "\n\n");
    EXPECT_EQ(clean_lines("", 100), "");
}

TEST(CleanLines, EndsAtItsLimit) {
    EXPECT_EQ(clean_lines("a\nb", 2), "a\n");
    EXPECT_EQ(clean_lines("a\nb", 1), "a");
    EXPECT_EQ(clean_lines("abc\ndef", 6), "abc\nde");
    EXPECT_EQ(clean_lines("\xc3\xa4\nb", 1), "\n");
}

}  // namespace
}  // namespace muster
