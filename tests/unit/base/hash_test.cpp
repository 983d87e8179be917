#include <muster/base/hash.hpp>

#include <set>
#include <string>

#include <gtest/gtest.h>

namespace muster {
namespace {

// Phases and shards of every installation hang on these numbers.
TEST(StableHash, NeverChanges) {
    EXPECT_EQ(stable_hash(""), 17665956581633026203ULL);
    EXPECT_EQ(stable_hash("shop/app"), 1025250286353277026ULL);
}

TEST(StableHash, SpreadsSimilarNames) {
    constexpr std::size_t kParts = 64;
    std::set<std::uint64_t> parts;
    for (int index = 0; index < 1000; ++index) {
        parts.insert(stable_hash("service-" + std::to_string(index)) % kParts);
    }
    EXPECT_EQ(parts.size(), kParts);
}

}  // namespace
}  // namespace muster
