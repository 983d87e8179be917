#include <muster/sharding/sharded_prober.hpp>

#include <string>
#include <utility>
#include <vector>

#include <gtest/gtest.h>

#include "simulated_shards.hpp"

namespace muster {
namespace {

using testing::SimulatedShards;
using testing::target_on;

struct ShardedProberTest : ::testing::Test, ProbeObserver {
    struct Heard {
        std::uint64_t token;
        SteadyTime at;
        Outcome outcome;
    };

    void probed(std::uint64_t token, Outcome outcome) override {
        heard.push_back({token, shards.loop.now().steady, std::move(outcome)});
        if (then) {
            std::exchange(then, nullptr)();
        }
    }

    std::unique_ptr<Probe> prepare(ProbeSpec const& spec) {
        return shards.prober->prepare(spec, true).value();
    }

    ProbeRun run() {
        ProbeRun result;
        result.due = shards.loop.now().steady;
        return result;
    }

    SimulatedShards shards{3};
    std::vector<Heard> heard;
    UniqueFunction<void()> then;
};

TEST_F(ShardedProberTest, ARunHappensOnTheTargetsShardAndIsToldOnce) {
    auto const spec = target_on(2, 3);
    auto const probe = prepare(spec);
    auto const began = shards.loop.now().steady;
    probe->start(run(), *this, 7);
    EXPECT_TRUE(heard.empty());
    shards.loop.run_for(10s);
    ASSERT_EQ(heard.size(), 1U);
    EXPECT_EQ(heard[0].token, 7U);
    EXPECT_EQ(heard[0].outcome.verdict, Verdict::passed);
    EXPECT_EQ(heard[0].at, began + 3ms) << "there, the target's, and back";
    EXPECT_EQ(heard[0].outcome.response_time, 1ms) << "the way is not the target's";
    EXPECT_EQ(shards.started(0), 0U);
    EXPECT_EQ(shards.started(1), 0U);
    EXPECT_EQ(shards.started(2), 1U);
    EXPECT_EQ(shards.shard(2).figures().probes, 1U);
}

TEST_F(ShardedProberTest, AProbeIsRunAgainAndAgain) {
    auto const probe = prepare(target_on(1, 3));
    for (std::uint64_t number = 1; number <= 3; ++number) {
        probe->start(run(), *this, number);
        shards.loop.run_for(1s);
        ASSERT_EQ(heard.size(), number);
        EXPECT_EQ(heard.back().token, number);
    }
    EXPECT_EQ(shards.shard(1).figures().probes, 1U);
    EXPECT_EQ(shards.shard(1).figures().in_flight, 0U);
}

TEST_F(ShardedProberTest, WhatTheTrialRefusesIsRefused) {
    class None final : public Prober {
        Result<std::unique_ptr<Probe>> prepare(ProbeSpec const&, bool) override {
            return failure(Errc::unsupported, "not built");
        }
    } none;
    ShardedProber prober(none, {&shards.link(0)});
    auto const probe = prober.prepare(target_on(0, 1), false);
    ASSERT_FALSE(probe);
    EXPECT_EQ(probe.error().code, Errc::unsupported);
}

TEST_F(ShardedProberTest, WhatAShardCannotPrepareDoesNotCountAndIsTriedAgain) {
    auto const spec = target_on(0, 3);
    shards.refuses = target_of(spec);
    auto const probe = prepare(spec);
    for (int number = 1; number <= 2; ++number) {
        probe->start(run(), *this, 1);
        shards.loop.run_for(1s);
        ASSERT_EQ(heard.size(), static_cast<std::size_t>(number));
        EXPECT_EQ(heard.back().outcome.verdict, Verdict::not_counted);
        EXPECT_EQ(heard.back().outcome.error, "cannot be probed: its file is gone (not counted)");
    }
    shards.refuses.clear();
    probe->start(run(), *this, 1);
    shards.loop.run_for(1s);
    EXPECT_EQ(heard.back().outcome.verdict, Verdict::passed);
    EXPECT_EQ(shards.shard(0).figures().in_flight, 0U);
}

TEST_F(ShardedProberTest, ARunThatIsCancelledIsNotHeardOfWhereverItsReportIs) {
    auto const spec = target_on(0, 3);
    shards.behaviour[target_of(spec)] = passing_answer(10ms);
    // Before the order arrived, while the shard probes, and while the report is on its way.
    for (auto const after : {0us, 500us, 5'000us, 11'500us}) {
        auto const probe = prepare(spec);
        probe->start(run(), *this, 1);
        shards.loop.run_for(after);
        probe->cancel();
        shards.loop.run_for(1s);
        EXPECT_TRUE(heard.empty()) << after.count();
        EXPECT_EQ(shards.in_flight(0), 0U);
        EXPECT_EQ(shards.shard(0).figures().in_flight, 0U);
        probe->start(run(), *this, 2);
        shards.loop.run_for(1s);
        ASSERT_EQ(heard.size(), 1U) << "it can be run again";
        EXPECT_EQ(heard[0].token, 2U);
        heard.clear();
    }
}

/// The report of the run before, which was cancelled when it was on its way, is not the new run's.
TEST_F(ShardedProberTest, ALateReportIsNotTakenForTheNextRuns) {
    auto const spec = target_on(0, 3);
    shards.to_hub = 50ms;
    shards.behaviour[target_of(spec)] = failing_answer("old", 1ms);
    auto const probe = prepare(spec);
    probe->start(run(), *this, 1);
    shards.loop.run_for(10ms);
    probe->cancel();
    shards.behaviour[target_of(spec)] = passing_answer(1ms);
    probe->start(run(), *this, 2);
    shards.loop.run_for(1s);
    ASSERT_EQ(heard.size(), 1U);
    EXPECT_EQ(heard[0].token, 2U);
    EXPECT_EQ(heard[0].outcome.verdict, Verdict::passed);
}

TEST_F(ShardedProberTest, ADestroyedProbeEndsItsRunAndLeavesItsPlaceToOthers) {
    auto const old = target_on(1, 3, 1);
    auto const young = target_on(1, 3, 2);
    shards.behaviour[target_of(old)] = failing_answer("old", 2ms);
    shards.to_hub = 20ms;
    auto probe = prepare(old);
    probe->start(run(), *this, 1);
    shards.loop.run_for(10ms);  // its report is on its way
    probe.reset();
    probe = prepare(young);
    probe->start(run(), *this, 2);
    shards.loop.run_for(1s);
    ASSERT_EQ(heard.size(), 1U) << "a late result of who was removed is refused";
    EXPECT_EQ(heard[0].token, 2U);
    EXPECT_EQ(heard[0].outcome.verdict, Verdict::passed);
    EXPECT_EQ(shards.shard(1).figures().probes, 1U);

    shards.behaviour[target_of(young)] = silent_answer();
    probe->start(run(), *this, 3);
    shards.loop.run_for(100ms);
    EXPECT_EQ(shards.in_flight(1), 1U);
    probe.reset();
    shards.loop.run_for(2ms);
    EXPECT_EQ(shards.in_flight(1), 0U);
    EXPECT_EQ(shards.shard(1).figures().probes, 0U);
    EXPECT_EQ(shards.shard(1).figures().in_flight, 0U);
}

TEST_F(ShardedProberTest, TheObserverMayDestroyTheProbe) {
    auto probe = prepare(target_on(0, 3));
    then = [&probe] { probe.reset(); };
    probe->start(run(), *this, 1);
    shards.loop.run_for(1s);
    EXPECT_EQ(heard.size(), 1U);
    EXPECT_EQ(shards.shard(0).figures().probes, 0U);
}

TEST_F(ShardedProberTest, AProbeThatNeverRanCostsItsShardNothing) {
    auto probe = prepare(target_on(0, 3));
    probe.reset();
    shards.loop.run_for(1s);
    EXPECT_EQ(shards.shard(0).figures().probes, 0U);
    EXPECT_EQ(shards.link(0).orders.waiting(), 0U);
}

TEST_F(ShardedProberTest, LatenessIsFromDueToStartedOnTheShard) {
    auto const probe = prepare(target_on(0, 3));
    shards.to_shard = 30ms;
    auto how = run();
    shards.loop.run_for(10ms);
    probe->start(how, *this, 1);
    shards.loop.run_for(1s);
    EXPECT_EQ(shards.shard(0).figures().lateness.count(), 1U);
    EXPECT_EQ(shards.shard(0).figures().lateness.longest(), 40ms);
    how.due.reset();
    probe->start(how, *this, 1);
    shards.loop.run_for(1s);
    EXPECT_EQ(shards.shard(0).figures().lateness.count(), 1U) << "nobody knows when it was due";
}

/// A shard that stood still while it probed says so, whatever it saw.
TEST_F(ShardedProberTest, AShardThatStoodStillSaysSo) {
    auto const spec = target_on(0, 3);
    shards.behaviour[target_of(spec)] = passing_answer(100ms);
    auto const probe = prepare(spec);
    probe->start(run(), *this, 1);
    shards.loop.run_for(50ms);
    shards.loop.stand_still(3s);
    shards.loop.run_for(1s);
    ASSERT_EQ(heard.size(), 1U);
    EXPECT_EQ(heard[0].outcome.own_fault, OwnFault::held_up);
    EXPECT_EQ(heard[0].outcome.verdict, Verdict::passed);
    probe->start(run(), *this, 1);
    shards.loop.run_for(1s);
    EXPECT_EQ(heard[1].outcome.own_fault, OwnFault::none);
}

TEST_F(ShardedProberTest, AShardThatEndsTakesItsRunsAlong) {
    auto const spec = target_on(0, 1);
    SimulatedInbox to_shard(shards.loop, [] { return 1ms; });
    SimulatedInbox to_hub(shards.loop, [] { return 1ms; });
    ShardLink link(to_shard, to_hub);
    SimulatedProber targets(
        shards.loop, [](std::string const&, ProbeRun const&) { return passing_answer(100ms); });
    ShardedProber prober(shards.trial, {&link});
    auto probe = prober.prepare(spec, false).value();
    {
        ProbingShard const shard(link, shards.loop, shards.loop, targets);
        probe->start(run(), *this, 1);
        shards.loop.run_for(10ms);
        EXPECT_EQ(targets.figures().in_flight, 1U);
    }
    EXPECT_EQ(targets.figures().in_flight, 0U);
    shards.loop.run_for(1s);
    EXPECT_TRUE(heard.empty());
}

}  // namespace
}  // namespace muster
