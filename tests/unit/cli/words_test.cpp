#include <cli/text/words.hpp>

#include <gtest/gtest.h>

namespace muster {
namespace {

TEST(AgeWords, TakeTheLargestUnit) {
    WallTime const now(1'700'000'000'000ms);
    EXPECT_EQ(age_words({}, now), "never");
    EXPECT_EQ(age_words(now, now), "now");
    EXPECT_EQ(age_words(now - 999ms, now), "now");
    EXPECT_EQ(age_words(now + 5s, now), "now");
    EXPECT_EQ(age_words(now - 1s, now), "1s ago");
    EXPECT_EQ(age_words(now - 119s, now), "1m ago");
    EXPECT_EQ(age_words(now - 23h, now), "23h ago");
    EXPECT_EQ(age_words(now - 49h, now), "2d ago");
}

TEST(MillisWords, ShowADecimalWhereItTellsSomething) {
    EXPECT_EQ(millis_words(std::optional<double>()), "-");
    EXPECT_EQ(millis_words(0), "0 ms");
    EXPECT_EQ(millis_words(3.26), "3.3 ms");
    EXPECT_EQ(millis_words(3), "3 ms");
    EXPECT_EQ(millis_words(9.97), "10 ms");
    EXPECT_EQ(millis_words(1530.4), "1530 ms");
}

TEST(PercentWords, NeverRoundToAllOrNothing) {
    EXPECT_EQ(percent_words(100), "100%");
    EXPECT_EQ(percent_words(99.9999), "99.99%");
    EXPECT_EQ(percent_words(99.5), "99.5%");
    EXPECT_EQ(percent_words(0.0001), "0.01%");
    EXPECT_EQ(percent_words(0), "0%");
}

TEST(OverlayWords, NameEach) {
    Overlays overlays;
    EXPECT_EQ(overlay_words(overlays), "");
    overlays.set(Overlay::maintenance, true);
    overlays.set(Overlay::flapping, true);
    EXPECT_EQ(overlay_words(overlays), "flapping, maintenance");
}

TEST(Counted, KnowsOne) {
    EXPECT_EQ(counted(1, "service"), "1 service");
    EXPECT_EQ(counted(0, "service"), "0 services");
}

}  // namespace
}  // namespace muster
