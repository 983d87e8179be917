#include <muster/domain/flapping.hpp>

#include <vector>

#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

namespace muster {
namespace {

Restlessness after(std::vector<bool> const& changes) {
    Restlessness restlessness;
    for (bool const changed : changes) {
        restlessness.add(changed);
    }
    return restlessness;
}

TEST(Restlessness, OfAServiceThatNeverChangesIsNothing) {
    EXPECT_EQ(after(std::vector<bool>(40, false)).score(), 0);
    EXPECT_FALSE(Restlessness{}.flapping(false));
    EXPECT_FALSE(Restlessness{}.flapping(true));
}

TEST(Restlessness, OfOneThatChangesWithEveryCheckIsAlmostWhole) {
    EXPECT_DOUBLE_EQ(after(std::vector<bool>(40, true)).score(), 99);
    EXPECT_EQ(after(std::vector<bool>(40, true)).changes(), 20U);
}

TEST(Restlessness, ANewChangeWeighsMoreThanAnOldOne) {
    EXPECT_DOUBLE_EQ(after({true}).score(), 100 * 1.18 / 20);
    std::vector<bool> once(20, false);
    once[0] = true;
    EXPECT_DOUBLE_EQ(after(once).score(), 100 * 0.8 / 20);
    once.push_back(false);
    EXPECT_DOUBLE_EQ(after(once).score(), 0) << "twenty checks ago";
}

TEST(Restlessness, StartsAboveThirtyAndStopsBelowTwentyFive) {
    auto const five = after(std::vector<bool>(5, true));  // 28.5 %
    EXPECT_FALSE(five.flapping(false));
    EXPECT_TRUE(five.flapping(true)) << "between the marks it stays as it was";
    auto const six = after(std::vector<bool>(6, true));  // 33.9 %
    EXPECT_TRUE(six.flapping(false));
    auto const four = after(std::vector<bool>(4, true));  // 23 %
    EXPECT_FALSE(four.flapping(true));
}

RC_GTEST_PROP(RestlessnessProperty, IsTheWeightedShareOfTheLastTwenty, ()) {
    auto const changes = *rc::gen::arbitrary<std::vector<bool>>();
    double sum = 0;
    for (std::size_t slot = 0; slot < 20; ++slot) {  // 0 is the oldest
        auto const back = 20 - slot;
        if (back <= changes.size() && changes[changes.size() - back]) {
            sum += 0.8 + 0.02 * static_cast<double>(slot);
        }
    }
    auto const restlessness = after(changes);
    RC_ASSERT(restlessness.score() > 100 * sum / 20 - 1e-9);
    RC_ASSERT(restlessness.score() < 100 * sum / 20 + 1e-9);
    RC_ASSERT(Restlessness(restlessness.bits()) == restlessness);
}

}  // namespace
}  // namespace muster
