#include <muster/base/bytes.hpp>

#include <cstdint>
#include <limits>
#include <string>
#include <vector>

#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

namespace muster {
namespace {

enum class Colour : std::uint8_t { red = 1, blue = 200 };

TEST(Bytes, NumbersAreLittleEndianOfTheirWidth) {
    Bytes bytes;
    ByteWriter out(bytes);
    out.number<std::uint32_t>(0x01020304);
    out.number<std::int16_t>(-2);
    out.number(Colour::blue);
    std::vector<int> seen;
    for (auto const byte : bytes) {
        seen.push_back(std::to_integer<int>(byte));
    }
    EXPECT_EQ(seen, (std::vector<int>{4, 3, 2, 1, 0xfe, 0xff, 200}));
}

TEST(Bytes, WhatWasWrittenIsReadBack) {
    Bytes bytes;
    ByteWriter out(bytes);
    out.number(std::numeric_limits<std::int64_t>::min());
    out.number(std::numeric_limits<std::uint64_t>::max());
    out.number(Colour::blue);
    out.real(-0.1);
    out.wall(WallTime(Millis(1'700'000'000'123)));
    out.text("h\0i");
    out.text(std::string(70'000, 'x'));

    ByteReader in(bytes);
    EXPECT_EQ(in.number<std::int64_t>(), std::numeric_limits<std::int64_t>::min());
    EXPECT_EQ(in.number<std::uint64_t>(), std::numeric_limits<std::uint64_t>::max());
    EXPECT_EQ(in.number<Colour>(), Colour::blue);
    EXPECT_EQ(in.real(), -0.1);
    EXPECT_EQ(in.wall(), WallTime(Millis(1'700'000'000'123)));
    EXPECT_EQ(in.text(), "h");
    EXPECT_EQ(in.text().size(), 70'000U);
    EXPECT_TRUE(in.ok());
    EXPECT_TRUE(in.at_end());
}

TEST(Bytes, ReadingPastTheEndFailsForGood) {
    Bytes bytes;
    ByteWriter(bytes).number<std::uint16_t>(7);
    ByteReader in(bytes);
    EXPECT_EQ(in.number<std::uint32_t>(), 0U);
    EXPECT_FALSE(in.ok());
    EXPECT_EQ(in.number<std::uint8_t>(), 0U);
    EXPECT_EQ(in.left(), 2U);
}

TEST(Bytes, ALengthThatLiesGivesNoText) {
    Bytes bytes;
    ByteWriter out(bytes);
    out.number<std::uint32_t>(std::numeric_limits<std::uint32_t>::max());
    out.number<std::uint8_t>(1);
    ByteReader in(bytes);
    EXPECT_EQ(in.text(), "");
    EXPECT_FALSE(in.ok());
}

RC_GTEST_PROP(BytesProperty, SurvivesTheRoundTrip,
              (std::int64_t number, std::uint8_t small, double real, std::string const& text)) {
    Bytes bytes;
    ByteWriter out(bytes);
    out.number(number);
    out.text(text);
    out.number(small);
    out.real(real);
    ByteReader in(bytes);
    RC_ASSERT(in.number<std::int64_t>() == number);
    RC_ASSERT(in.text() == text);
    RC_ASSERT(in.number<std::uint8_t>() == small);
    RC_ASSERT(in.real() == real);
    RC_ASSERT(in.ok());
    RC_ASSERT(in.at_end());
}

RC_GTEST_PROP(BytesProperty, EveryProperPrefixIsRefused,
              (std::string const& text, std::int64_t number)) {
    Bytes bytes;
    ByteWriter out(bytes);
    out.text(text);
    out.number(number);
    auto const size = *rc::gen::inRange<std::size_t>(0, bytes.size());
    ByteReader in(ByteView(bytes).first(size));
    (void)in.text();
    (void)in.number<std::int64_t>();
    RC_ASSERT(!in.ok());
}

}  // namespace
}  // namespace muster
