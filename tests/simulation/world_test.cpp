// Whole worlds from seeds: the same seed gives the same trace, and no promise is broken in those
// that were always lived through, nor in some that nobody has seen before. MUSTER_SEED=<seed> lives
// through that one alone.

#include <cstdlib>
#include <iostream>
#include <random>

#include <gtest/gtest.h>

#include "world.hpp"

namespace muster::simulation {
namespace {

void expect_sound(World::Options const& options) {
    World world(options);
    if (!world.live()) {
        ADD_FAILURE() << report(world, options);
    }
    EXPECT_GT(world.figures().checks, 0U);
}

TEST(World, TheSameSeedGivesTheSameTraceByteForByte) {
    World::Options const options{.seed = 11, .length = 1h, .keep_lines = Trace::kAll, .shards = 3};
    World first(options);
    World second(options);
    EXPECT_TRUE(first.live()) << report(first, options);
    EXPECT_TRUE(second.live());
    EXPECT_GT(first.figures().lives, 1U);
    EXPECT_GT(first.trace().lines().size(), 10'000U);
    EXPECT_TRUE(first.trace().lines() == second.trace().lines());
}

TEST(World, AnotherSeedGivesAnotherTrace) {
    World first({.seed = 12, .length = 15min, .keep_lines = Trace::kAll});
    World second({.seed = 13, .length = 15min, .keep_lines = Trace::kAll});
    first.live();
    second.live();
    EXPECT_FALSE(first.trace().lines() == second.trace().lines());
}

/// The first twelve are those in which planted bugs are looked for: without a bug they are sound.
class KnownSeeds : public ::testing::TestWithParam<std::uint64_t> {};

TEST_P(KnownSeeds, BreakNoPromise) {
    expect_sound({.seed = GetParam()});
}

/// Stories that are only told as they were where the hub's own loop probes.
class FoundSeeds : public ::testing::TestWithParam<std::uint64_t> {};

TEST_P(FoundSeeds, BreakNoPromise) {
    expect_sound({.seed = GetParam(), .shards = 1});
}

/// All of a world but the order in which threads come to run is the same.
TEST(World, BreaksNoPromiseWhateverShardsTheHubHas) {
    for (std::size_t shards = 1; shards <= 4; ++shards) {
        expect_sound({.seed = 14, .length = 30min, .shards = shards});
    }
}

INSTANTIATE_TEST_SUITE_P(World, KnownSeeds, ::testing::Range(std::uint64_t{1}, std::uint64_t{13}));

/// Those that found something once: 18, a window that a clock set back opens again; 3376, a
/// transition that a torn write took while it left the result.
INSTANTIATE_TEST_SUITE_P(Found, FoundSeeds,
                         ::testing::Values(std::uint64_t{18}, std::uint64_t{3376}));

TEST(World, FreshSeedsBreakNoPromise) {
    if (char const* const asked = std::getenv("MUSTER_SEED")) {
        expect_sound({.seed = std::strtoull(asked, nullptr, 10)});
        return;
    }
    std::random_device entropy;
    for (int number = 0; number < 3; ++number) {
        auto const seed = std::uint64_t{entropy()};
        std::cout << "fresh seed " << seed << "\n";
        expect_sound({.seed = seed});
    }
}

}  // namespace
}  // namespace muster::simulation
