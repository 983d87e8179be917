#include <muster/base/utf8.hpp>

#include <string>
#include <string_view>
#include <vector>

#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

namespace muster {
namespace {

using namespace std::string_literals;
using namespace std::string_view_literals;

constexpr std::string_view kBad = "\xEF\xBF\xBD";

std::string repeated(std::string_view text, int times) {
    std::string out;
    for (int index = 0; index < times; ++index) {
        out += text;
    }
    return out;
}

/// Straight from the bit layout: decode, then look whether the value may be spelled so.
bool reference_is_valid(std::string_view text) {
    std::size_t at = 0;
    while (at < text.size()) {
        auto const byte = [&](std::size_t index) -> unsigned {
            return at + index < text.size() ? static_cast<unsigned char>(text[at + index]) : 0U;
        };
        unsigned const first = byte(0);
        std::size_t const length = first < 0x80             ? 1
                                   : (first & 0xE0) == 0xC0 ? 2
                                   : (first & 0xF0) == 0xE0 ? 3
                                   : (first & 0xF8) == 0xF0 ? 4
                                                            : 0;
        if (length == 0) {
            return false;
        }
        constexpr unsigned kMasks[] = {0, 0x7F, 0x1F, 0x0F, 0x07};
        constexpr unsigned kSmallest[] = {0, 0, 0x80, 0x800, 0x10000};
        unsigned value = first & kMasks[length];
        for (std::size_t index = 1; index < length; ++index) {
            if ((byte(index) & 0xC0) != 0x80) {
                return false;
            }
            value = (value << 6U) | (byte(index) & 0x3F);
        }
        if (value < kSmallest[length] || value > 0x10FFFF || (value >= 0xD800 && value <= 0xDFFF)) {
            return false;
        }
        at += length;
    }
    return true;
}

rc::Gen<std::string> bytes_near_utf8() {
    return rc::gen::container<std::string>(rc::gen::weightedOneOf<char>(
        {{2, rc::gen::arbitrary<char>()},
         {3, rc::gen::elementOf(
                 "\xC2\xDF\xE0\xE1\xED\xEF\xF0\xF1\xF4\x80\x8F\x90\x9F\xA0\xBF a\n"s)}}));
}

TEST(Utf8, KnowsWellFormedFromIllFormed) {
    EXPECT_TRUE(is_valid_utf8(""));
    EXPECT_TRUE(is_valid_utf8("plain"));
    EXPECT_TRUE(is_valid_utf8("\xC3\xA4 \xE2\x82\xAC \xF0\x9F\x98\x80"));
    EXPECT_TRUE(is_valid_utf8("\0"sv));
    EXPECT_FALSE(is_valid_utf8("\xC0\x80"));          // overlong NUL
    EXPECT_FALSE(is_valid_utf8("\xE0\x9F\xBF"));      // overlong
    EXPECT_FALSE(is_valid_utf8("\xED\xA0\x80"));      // surrogate
    EXPECT_FALSE(is_valid_utf8("\xF4\x90\x80\x80"));  // beyond U+10FFFF
    EXPECT_FALSE(is_valid_utf8("\xE2\x82"));          // cut
    EXPECT_FALSE(is_valid_utf8("\x80"));
}

// Unicode 15 section 3.9, tables 3-8 to 3-11: one replacement for each maximal subpart.
TEST(CleanText, ReplacesEachMaximalSubpartOnce) {
    EXPECT_EQ(clean_text("\xC0\xAF\xE0\x80\xBF\xF0\x81\x82\x41"), repeated(kBad, 8) + "A");
    EXPECT_EQ(clean_text("\xED\xA0\x80\xED\xBF\xBF\xED\xAF\x41"), repeated(kBad, 8) + "A");
    EXPECT_EQ(clean_text("\xF4\x91\x92\x93\xFF\x41\x80\xBF\x42"),
              repeated(kBad, 5) + "A" + repeated(kBad, 2) + "B");
    EXPECT_EQ(clean_text("\xE1\x80\xE2\xF0\x91\x92\xF1\xBF\x41"), repeated(kBad, 4) + "A");
}

TEST(CleanText, ControlCharactersBecomeSpacesAndNulIsReplaced) {
    EXPECT_EQ(clean_text("a\r\n\tb\x1b[31m\x7f"), "a   b [31m ");
    EXPECT_EQ(clean_text("a\0b"sv), "a" + std::string(kBad) + "b");
    EXPECT_EQ(clean_text("a\xC2\x85"
                         "b"),
              "a b");  // U+0085, a C1 control
    EXPECT_EQ(clean_text("a\xC2\xA0"
                         "b"),
              "a\xC2\xA0"
              "b");
}

TEST(CleanText, IsCutAtABorderOfCharacters) {
    EXPECT_EQ(clean_text("abcdef", 3), "abc");
    EXPECT_EQ(clean_text("ab\xE2\x82\xAC", 4), "ab");
    EXPECT_EQ(clean_text("ab\xE2\x82\xAC", 5), "ab\xE2\x82\xAC");
    EXPECT_EQ(clean_text("\xFF", 2), "");
    EXPECT_EQ(clean_text("abc", 0), "");
}

RC_GTEST_PROP(Utf8Property, AgreesWithTheBitLayout, ()) {
    auto const text = *bytes_near_utf8();
    RC_ASSERT(is_valid_utf8(text) == reference_is_valid(text));
}

RC_GTEST_PROP(CleanTextProperty, IsAlwaysValidShortAndWithoutControls, ()) {
    auto const text = *bytes_near_utf8();
    auto const limit = *rc::gen::inRange<std::size_t>(0, 40);
    auto const clean = clean_text(text, limit);
    RC_ASSERT(reference_is_valid(clean));
    RC_ASSERT(clean.size() <= limit);
    for (char const character : clean) {
        auto const byte = static_cast<unsigned char>(character);
        RC_ASSERT(byte >= 0x20);
        RC_ASSERT(byte != 0x7F);
    }
    RC_ASSERT(clean_text(clean, limit) == clean);
}

RC_GTEST_PROP(CleanTextProperty, LeavesGoodTextAlone, ()) {
    auto const text = *rc::gen::container<std::string>(rc::gen::inRange<char>(0x20, 0x7F));
    RC_ASSERT(clean_text(text, text.size()) == text);
}

}  // namespace
}  // namespace muster
