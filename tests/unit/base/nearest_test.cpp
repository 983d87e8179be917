#include <muster/base/nearest.hpp>

#include <algorithm>
#include <string>
#include <string_view>

#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

namespace muster {
namespace {

TEST(EditDistance, CountsWhatMustChange) {
    EXPECT_EQ(edit_distance("", ""), 0U);
    EXPECT_EQ(edit_distance("interval", ""), 8U);
    EXPECT_EQ(edit_distance("interval", "intervall"), 1U);
    EXPECT_EQ(edit_distance("interval", "inerval"), 1U);
    EXPECT_EQ(edit_distance("interval", "intervel"), 1U);
    EXPECT_EQ(edit_distance("interval", "intevral"), 1U);
    EXPECT_EQ(edit_distance("Interval", "interVAL"), 0U);
    EXPECT_EQ(edit_distance("kitten", "sitting"), 3U);
}

TEST(Nearest, IsWhatWasProbablyMeant) {
    constexpr std::string_view kKnown[] = {"interval", "timeout", "retries", "name", "url"};
    EXPECT_EQ(nearest("intervall", kKnown), "interval");
    EXPECT_EQ(nearest("timout", kKnown), "timeout");
    EXPECT_EQ(nearest("Retry", kKnown), std::nullopt);
    EXPECT_EQ(nearest("Retrys", kKnown), "retries");
    EXPECT_EQ(nearest("intervalSeconds", kKnown), "interval");
    EXPECT_EQ(nearest("ret", kKnown), "retries");
    EXPECT_EQ(nearest("re", kKnown), std::nullopt);
    EXPECT_EQ(nearest("nmae", kKnown), "name");
    EXPECT_EQ(nearest("URL", kKnown), "url");
    EXPECT_EQ(nearest("", kKnown), std::nullopt);
    EXPECT_EQ(nearest("colour", kKnown), std::nullopt);
    EXPECT_EQ(nearest(std::string(10'000, 'i'), kKnown), std::nullopt);
}

std::string word() {
    return *rc::gen::resize(8, rc::gen::container<std::string>(rc::gen::element('a', 'b', 'c')));
}

RC_GTEST_PROP(EditDistanceProperty, IsSymmetricAndBounded, ()) {
    auto const left = word();
    auto const right = word();
    auto const distance = edit_distance(left, right);
    RC_ASSERT(distance == edit_distance(right, left));
    RC_ASSERT((distance == 0) == (left == right));
    RC_ASSERT(distance <= std::max(left.size(), right.size()));
    RC_ASSERT(distance + std::min(left.size(), right.size()) >=
              std::max(left.size(), right.size()));
}

}  // namespace
}  // namespace muster
