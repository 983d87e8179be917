#include <muster/config/size.hpp>

#include <cstdint>
#include <string>
#include <string_view>

#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

namespace muster::config {
namespace {

TEST(Size, IsReadWithAnyUnit) {
    EXPECT_EQ(parse_size("20GB").value(), 20'000'000'000U);
    EXPECT_EQ(parse_size("1.5 TB").value(), 1'500'000'000'000U);
    EXPECT_EQ(parse_size("512MiB").value(), 536'870'912U);
    EXPECT_EQ(parse_size("7").value(), 7U);
    EXPECT_EQ(parse_size("7b").value(), 7U);
    EXPECT_EQ(parse_size("10kb").value(), 10'000U);
    EXPECT_EQ(parse_size("0").value(), 0U);
}

TEST(Size, AnythingElseIsNone) {
    for (std::string_view const text : {"", "GB", ".5GB", "5.GB", "1.2.3GB", "-1GB", "1 G B",
                                        "20GBs", "20XB", "1e3", "9999999999999999", "99999TB"}) {
        EXPECT_FALSE(parse_size(text)) << text;
    }
}

TEST(Size, IsWrittenInTheShortestExactUnit) {
    EXPECT_EQ(format_size(20'000'000'000), "20GB");
    EXPECT_EQ(format_size(536'870'912), "512MiB");
    EXPECT_EQ(format_size(1'234'567), "1234567B");
    EXPECT_EQ(format_size(0), "0B");
}

RC_GTEST_PROP(SizeProperty, WhatIsWrittenIsReadAgain, ()) {
    auto const bytes = *rc::gen::inRange<std::uint64_t>(0, kMostSize);
    RC_ASSERT(parse_size(format_size(bytes)).value() == bytes);
}

}  // namespace
}  // namespace muster::config
