#include <cli/text/sparkline.hpp>

#include <gtest/gtest.h>

namespace muster {
namespace {

constexpr auto kUp = HealthStatus::up;
constexpr auto kDown = HealthStatus::down;

TEST(Sparkline, RisesToTheHighestAndLeavesOutWhatNobodySaw) {
    EXPECT_EQ(sparkline({{0.0, kUp}, {1.0, kUp}, {4.0, kUp}, {}, {8.0, kUp}}, false), "▁▁▄ █");
    EXPECT_EQ(sparkline({}, true), "");
    EXPECT_EQ(sparkline({{0.0, kUp}}, false), "▁");
}

TEST(Sparkline, MarksWhatWasDownWithoutColours) {
    EXPECT_EQ(sparkline({{8.0, kUp}, {8.0, kDown}}, false), "█×");
}

TEST(Sparkline, ChangesItsColourWithTheStatusOnly) {
    EXPECT_EQ(sparkline({{8.0, kUp}, {8.0, kUp}, {8.0, kDown}, {}}, true),
              "\x1b[32m██\x1b[31m█\x1b[0m ");
}

}  // namespace
}  // namespace muster
