#include <muster/importing/status_codes.hpp>

#include <limits>

#include <gtest/gtest.h>

namespace muster::importing {
namespace {

using Ranges = std::vector<StatusRange>;

TEST(StatusCodes, BecomeTheFewestRanges) {
    auto codes = StatusCodes::between(200, 200);
    codes |= StatusCodes::between(201, 204);
    codes |= StatusCodes::between(304, 304);
    EXPECT_EQ(codes.ranges(), (Ranges{{200, 204}, {304, 304}}));
    EXPECT_EQ(codes.others().ranges(), (Ranges{{100, 199}, {205, 303}, {305, 599}}));
    EXPECT_EQ(StatusCodes::all().ranges(), (Ranges{{100, 599}}));
}

TEST(StatusCodes, OutsideOfTheirRangeAreNone) {
    constexpr auto kLeast = std::numeric_limits<std::int64_t>::min();
    constexpr auto kMost = std::numeric_limits<std::int64_t>::max();
    EXPECT_EQ(StatusCodes::between(kLeast, kMost), StatusCodes::all());
    EXPECT_TRUE(StatusCodes::between(600, kMost).empty());
    EXPECT_TRUE(StatusCodes::between(kLeast, 99).empty());
    EXPECT_TRUE(StatusCodes::between(300, 200).empty());
}

}  // namespace
}  // namespace muster::importing
