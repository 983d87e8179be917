#include <muster/tcp/deadline_wheel.hpp>

#include <algorithm>
#include <memory>
#include <vector>

#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include <muster/memory/simulated_loop.hpp>

namespace muster {
namespace {

class Recorded final : public DeadlineWheel::Entry {
public:
    explicit Recorded(Clock const& clock) : clock_(clock) {}
    ~Recorded() override = default;
    Recorded(Recorded const&) = delete;
    Recorded& operator=(Recorded const&) = delete;

    std::vector<SteadyTime> passed;
    UniqueFunction<void()> then;

private:
    void deadline_passed() override {
        passed.push_back(clock_.now().steady);
        if (then) {
            auto function = std::move(then);
            function();
        }
    }

    Clock const& clock_;
};

struct DeadlineWheelTest : ::testing::Test {
    SteadyTime after(Millis delay) { return loop.now().steady + delay; }

    SimulatedLoop loop;
    DeadlineWheel wheel{loop, loop};
};

TEST_F(DeadlineWheelTest, TellsOnceAndNeverEarly) {
    Recorded entry(loop);
    auto const at = after(1'005ms);
    wheel.arm(entry, at);
    loop.run_for(5s);
    ASSERT_EQ(entry.passed.size(), 1U);
    EXPECT_GE(entry.passed[0], at);
    EXPECT_LE(entry.passed[0], at + DeadlineWheel::kTick);
}

TEST_F(DeadlineWheelTest, TellsNothingThatWasDisarmedOrDestroyed) {
    Recorded disarmed(loop);
    wheel.arm(disarmed, after(100ms));
    wheel.disarm(disarmed);
    wheel.disarm(disarmed);
    auto destroyed = std::make_unique<Recorded>(loop);
    wheel.arm(*destroyed, after(100ms));
    destroyed.reset();
    loop.run_for(1s);
    EXPECT_TRUE(disarmed.passed.empty());
}

TEST_F(DeadlineWheelTest, TellsEarlierDeadlinesThatWereArmedLater) {
    Recorded late(loop);
    Recorded early(loop);
    auto const early_at = after(50ms);
    wheel.arm(late, after(9s));
    wheel.arm(early, early_at);
    loop.run_for(1s);
    ASSERT_EQ(early.passed.size(), 1U);
    EXPECT_LE(early.passed[0], early_at + DeadlineWheel::kTick);
    EXPECT_TRUE(late.passed.empty());
}

TEST_F(DeadlineWheelTest, KeepsDeadlinesBeyondOneTurn) {
    Recorded entry(loop);
    auto const at = after(60s);
    wheel.arm(entry, at);
    loop.run_for(59s);
    EXPECT_TRUE(entry.passed.empty());
    loop.run_for(2s);
    ASSERT_EQ(entry.passed.size(), 1U);
    EXPECT_LE(entry.passed[0], at + DeadlineWheel::kTick);
}

TEST_F(DeadlineWheelTest, TellsAPastDeadlineOnTheNextTurn) {
    loop.run_for(10s);
    Recorded entry(loop);
    wheel.arm(entry, after(-3s));
    EXPECT_TRUE(entry.passed.empty());
    loop.run_for(0ms);
    EXPECT_EQ(entry.passed.size(), 1U);
}

TEST_F(DeadlineWheelTest, AllowsEverythingInsideTheCall) {
    auto const at = after(100ms);
    auto victim = std::make_unique<Recorded>(loop);
    Recorded disarmed(loop);
    Recorded entry(loop);
    entry.then = [&] {
        victim.reset();
        wheel.disarm(disarmed);
        wheel.arm(entry, after(100ms));
    };
    wheel.arm(entry, at);
    wheel.arm(*victim, at);
    wheel.arm(disarmed, at);
    loop.run_for(1s);
    EXPECT_EQ(entry.passed.size(), 2U);
    EXPECT_TRUE(disarmed.passed.empty());
}

TEST_F(DeadlineWheelTest, LeavesTheLoopAloneWhenNothingIsArmed) {
    Recorded entry(loop);
    wheel.arm(entry, after(100ms));
    wheel.disarm(entry);
    loop.run_for(1s);
    EXPECT_EQ(loop.waiting(), 0U);
}

/// Against the obvious: each armed entry is told once, within a tick of its deadline.
RC_GTEST_PROP(DeadlineWheelProperty, TellsEachWithinATick, ()) {
    SimulatedLoop loop;
    DeadlineWheel wheel(loop, loop);
    std::vector<std::unique_ptr<Recorded>> entries;
    std::vector<std::pair<Recorded*, SteadyTime>> expected;
    auto const count = *rc::gen::inRange(1, 40);
    for (int index = 0; index < count; ++index) {
        loop.run_for(Millis(*rc::gen::inRange(0, 3'000)));
        auto const at = loop.now().steady + Millis(*rc::gen::inRange(1, 30'000));
        auto& entry = *entries.emplace_back(std::make_unique<Recorded>(loop));
        wheel.arm(entry, at);
        if (*rc::gen::inRange(0, 4) == 0) {
            wheel.disarm(entry);
        } else {
            expected.emplace_back(&entry, at);
        }
    }
    loop.run_for(40s);
    for (auto const& [entry, at] : expected) {
        RC_ASSERT(entry->passed.size() == 1U);
        RC_ASSERT(entry->passed[0] >= at);
        RC_ASSERT(entry->passed[0] <= at + DeadlineWheel::kTick);
    }
    auto const told = std::count_if(entries.begin(), entries.end(),
                                    [](auto const& entry) { return !entry->passed.empty(); });
    RC_ASSERT(static_cast<std::size_t>(told) == expected.size());
}

}  // namespace
}  // namespace muster
