#include <muster/monitoring/phase.hpp>

#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

namespace muster {
namespace {

TEST(Phase, IsTheSameAfterAnyNumberOfIntervals) {
    auto const first = next_in_phase(SteadyTime(1h), 10s, 12345);
    EXPECT_EQ(next_in_phase(first, 10s, 12345), first + 10s);
    EXPECT_EQ(next_in_phase(first + 7h, 10s, 12345), first + 7h + 10s);
}

RC_GTEST_PROP(Phase, IsTheFirstMomentInPhaseAfterTheGivenOne,
              (std::int64_t nanos, std::uint64_t identity)) {
    auto const interval = Millis(*rc::gen::inRange(1, 86'400'000));
    // Within 200 years around boot, so that nothing overflows.
    auto const after = SteadyTime(SteadyTime::duration(nanos % (std::int64_t{1} << 62)));
    auto const next = next_in_phase(after, interval, identity);
    RC_ASSERT(next > after);
    RC_ASSERT(next - after <= interval);
    auto const anchor = next_in_phase(SteadyTime{}, interval, identity);
    RC_ASSERT((next - anchor) % interval == SteadyTime::duration::zero());
}

}  // namespace
}  // namespace muster
