#include <muster/recording/trimming.hpp>

#include <gtest/gtest.h>

namespace muster {
namespace {

static_assert(forgettable(10, {}) == 10);
static_assert(forgettable(10, {12, 30}) == 10);
static_assert(forgettable(10, {12, 7}) == 7);

TEST(Trimming, WaitsForAFollowerThatDoesNotKnowWhereItStands) {
    EXPECT_EQ(forgettable(10, {12, std::nullopt}), 0U);
}

}  // namespace
}  // namespace muster
