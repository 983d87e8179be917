// A fleet over shards does what it does without them: the same judgements, caps that are exact over
// all shards, and whoever moves from one shard to another keeps its past.

#include <algorithm>
#include <map>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include <gtest/gtest.h>

#include <muster/base/hash.hpp>
#include <muster/monitoring/fleet.hpp>

#include "simulated_shards.hpp"

namespace muster {
namespace {

using testing::SimulatedShards;
using testing::target_on;

struct ShardedFleetTest : ::testing::Test, FleetObserver {
    void checked(Service const& service, Tracker const& tracker, Judged const& judged) override {
        results[service.id].push_back(judged.result);
        statuses[service.id].push_back(tracker.health.status);
    }

    static Service service(int number, ProbeSpec probe, Millis interval = 10s) {
        Service result;
        result.id = ServiceId{number};
        result.project_id = ProjectId{1};
        result.spec.project = "shop";
        result.spec.name = "s" + std::to_string(number);
        result.spec.probe = std::move(probe);
        result.spec.policy.interval = interval;
        result.spec.policy.failure_threshold = 2;
        result.identity = stable_hash(result.spec.name);
        return result;
    }

    void add(Service one) {
        std::vector<Fleet::Member> members;
        members.push_back({share(std::move(one)), {}});
        ASSERT_TRUE(fleet.add(std::move(members)).empty());
    }

    std::size_t in_flight() const {
        std::size_t all = 0;
        for (std::size_t number = 0; number < shards.size(); ++number) {
            all += shards.in_flight(number);
        }
        return all;
    }

    SimulatedShards shards{4};
    std::map<ServiceId, std::vector<CheckResult>> results;
    std::map<ServiceId, std::vector<HealthStatus>> statuses;
    Fleet fleet{shards.loop, shards.loop, *shards.prober, *this, Scheduler::Limits{}};
};

TEST_F(ShardedFleetTest, EveryShardDoesItsPart) {
    for (int number = 1; number <= 40; ++number) {
        add(service(number, TcpProbeSpec{{"10.1.0." + std::to_string(number), 80}}));
    }
    shards.loop.run_for(60s);
    for (int number = 1; number <= 40; ++number) {
        auto const& of_one = results[ServiceId{number}];
        EXPECT_GE(of_one.size(), 6U);
        EXPECT_EQ(statuses[ServiceId{number}].back(), HealthStatus::up);
    }
    for (std::size_t number = 0; number < 4; ++number) {
        EXPECT_GT(shards.started(number), 0U);
    }
}

/// Another host is another shard here. What is the target's begins anew, as it does without shards;
/// a name, an interval or a threshold moves nothing.
TEST_F(ShardedFleetTest, AServiceMovesToAnotherShardAndGoesOn) {
    auto one = service(1, target_on(0, 4));
    add(one);
    shards.loop.run_for(25s);
    auto const before = results[one.id].size();
    EXPECT_EQ(shards.started(0), before);

    one.spec.name = "renamed";
    ASSERT_TRUE(fleet.change(share(one)));
    shards.loop.run_for(20s);
    EXPECT_EQ(results[one.id].size(), before + 2);
    EXPECT_EQ(shards.started(0), before + 2) << "it stayed where it was";

    one.spec.probe = target_on(3, 4);
    ASSERT_TRUE(fleet.change(share(one)));
    shards.loop.run_for(30s);
    EXPECT_EQ(shards.started(0), before + 2);
    EXPECT_EQ(shards.shard(0).figures().probes, 0U) << "the old shard let go of it";
    EXPECT_GE(shards.started(3), 3U);
    EXPECT_EQ(results[one.id].size(), before + 2 + shards.started(3));
    EXPECT_EQ(statuses[one.id].back(), HealthStatus::up);
}

/// The same target by another family of addresses has another authority; the tracker stays with a
/// change that is not of the target, such as whether connections are kept.
TEST_F(ShardedFleetTest, AnotherUseOfConnectionsKeepsTheTracker) {
    auto one = service(1, target_on(0, 4));
    shards.behaviour[target_of(one.spec.probe)] = failing_answer();
    add(one);
    shards.loop.run_for(30s);
    ASSERT_EQ(statuses[one.id].back(), HealthStatus::down);
    one.spec.connection = ConnectionPolicy::reuse;
    ASSERT_TRUE(fleet.change(share(one)));
    EXPECT_EQ(fleet.tracker(one.id)->health.status, HealthStatus::down);
    shards.loop.run_for(30s);
    EXPECT_EQ(statuses[one.id].back(), HealthStatus::down);
}

TEST_F(ShardedFleetTest, ALateResultOfWhoWasRemovedIsRefused) {
    auto const one = service(1, target_on(2, 4));
    shards.behaviour[target_of(one.spec.probe)] = passing_answer(10ms);
    shards.to_hub = 100ms;
    add(one);
    shards.loop.run_for(50ms);  // the shard has reported
    EXPECT_EQ(shards.in_flight(2), 0U);
    EXPECT_EQ(fleet.in_flight(), 1U) << "a report that was not heard counts as under way";
    fleet.remove(one.id);
    shards.loop.run_for(60s);
    EXPECT_TRUE(results[one.id].empty());
    EXPECT_EQ(fleet.in_flight(), 0U);
}

/// What people ask for crosses as what is due does.
TEST_F(ShardedFleetTest, ACheckThatIsAskedForIsMade) {
    auto const one = service(1, target_on(1, 4), 1h);
    add(one);
    shards.loop.run_for(10s);
    auto const before = results[one.id].size();
    ASSERT_TRUE(fleet.check_now(one.id));
    shards.loop.run_for(1s);
    EXPECT_EQ(results[one.id].size(), before + 1);
}

/// Caps of the hub, of a host and of a group count over all shards, whatever their messages do.
TEST_F(ShardedFleetTest, CapsAreExactOverAllShards) {
    fleet.set_caps({.in_flight = 7, .per_host = 2}, {{"front", 3}});
    for (int number = 1; number <= 60; ++number) {
        auto one = service(number, TcpProbeSpec{{"10.2.0." + std::to_string(number % 20), 80}}, 1s);
        one.spec.group = number % 2 == 0 ? "front" : "";
        shards.behaviour[target_of(one.spec.probe)] = passing_answer(Millis(40 + number % 7));
        add(one);
    }
    std::size_t most = 0;
    for (int step = 0; step < 60'000; ++step) {
        shards.loop.run_for(1ms);
        shards.to_shard = Micros(step % 37 * 100);
        shards.to_hub = Micros(step % 23 * 100);
        most = std::max(most, in_flight());
        ASSERT_LE(in_flight(), 7U);
        ASSERT_LE(fleet.in_flight(), 7U);
    }
    EXPECT_EQ(most, 7U) << "and are made use of";
    for (int number = 1; number <= 60; ++number) {
        EXPECT_FALSE(results[ServiceId{number}].empty()) << number;
    }
}

TEST_F(ShardedFleetTest, FailuresAndSlownessOfAShardThatStoodStillDoNotCount) {
    auto const failing = service(1, target_on(0, 4, 1));
    auto const passing = service(2, target_on(0, 4, 2));
    shards.behaviour[target_of(failing.spec.probe)] = failing_answer("refused", 100ms);
    shards.behaviour[target_of(passing.spec.probe)] = passing_answer(100ms);
    add(failing);
    add(passing);
    shards.loop.run_for(50ms);
    shards.loop.stand_still(3s);
    shards.loop.run_for(200ms);
    ASSERT_EQ(results[failing.id].size(), 1U);
    EXPECT_EQ(results[failing.id][0].outcome.verdict, Verdict::not_counted);
    EXPECT_EQ(results[failing.id][0].outcome.own_fault, OwnFault::held_up);
    ASSERT_EQ(results[passing.id].size(), 1U);
    EXPECT_EQ(results[passing.id][0].outcome.verdict, Verdict::passed);
    EXPECT_EQ(results[passing.id][0].outcome.own_fault, OwnFault::none);
}

TEST_F(ShardedFleetTest, AStopEndsWhatAllShardsDo) {
    for (int number = 1; number <= 8; ++number) {
        auto const one = service(number, TcpProbeSpec{{"10.3.0." + std::to_string(number), 80}});
        shards.behaviour[target_of(one.spec.probe)] = silent_answer();
        add(one);
    }
    shards.loop.run_for(1s);
    EXPECT_EQ(in_flight(), 8U);
    fleet.stop();
    shards.loop.run_for(10ms);
    EXPECT_EQ(in_flight(), 0U);
    EXPECT_TRUE(results.empty());
}

}  // namespace
}  // namespace muster
