#include <muster/config/mistake.hpp>

#include <gtest/gtest.h>

namespace muster::config {
namespace {

TEST(Mistake, IsShownWithItsPlaceAsCompilersDo) {
    EXPECT_EQ(to_text({"muster.yaml", 12, 5, "wrong"}), "muster.yaml:12:5: wrong");
    EXPECT_EQ(to_text({"muster.yaml", 12, 0, "wrong"}), "muster.yaml:12: wrong");
    EXPECT_EQ(to_text({"muster.yaml", 0, 0, "wrong"}), "muster.yaml: wrong");
    EXPECT_EQ(to_text({"", 0, 0, "wrong"}), "wrong");
}

}  // namespace
}  // namespace muster::config
