#include <muster/importing/length_of_time.hpp>

#include <gtest/gtest.h>

namespace muster::importing {
namespace {

TEST(LengthOfTime, IsReadAsGoAndPrometheusWriteIt) {
    EXPECT_EQ(length_of_time("500ms"), Millis(500));
    EXPECT_EQ(length_of_time("1h30m"), Millis(90min));
    EXPECT_EQ(length_of_time("1.5s"), Millis(1500));
    EXPECT_EQ(length_of_time("2d"), Millis(48h));
    EXPECT_EQ(length_of_time("1w"), Millis(7 * 24h));
    EXPECT_EQ(length_of_time("1y"), Millis(365 * 24h));
    EXPECT_EQ(length_of_time("0"), Millis(0));
    EXPECT_EQ(length_of_time("999us"), Millis(0));
    EXPECT_EQ(length_of_time("1500µs"), Millis(1));
    EXPECT_EQ(length_of_time("1m0s"), Millis(60s));
}

TEST(LengthOfTime, AnythingElseIsNone) {
    for (auto const* text : {"", "60", "s", "-5s", "5 s", "5x", "1.2.3s", "nan", "infs", "1e3s",
                             "9999999999999y", "5s5", "${X}"}) {
        EXPECT_EQ(length_of_time(text), std::nullopt) << text;
    }
}

}  // namespace
}  // namespace muster::importing
