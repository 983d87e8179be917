#include <muster/monitoring/fleet.hpp>

#include <algorithm>
#include <map>
#include <set>
#include <string>
#include <vector>

#include <gtest/gtest.h>

#include <muster/base/hash.hpp>
#include <muster/memory/simulated_prober.hpp>
#include <muster/monitoring/phase.hpp>

namespace muster {
namespace {

/// A fleet in simulated time over targets that do what a test says.
class FleetTest : public ::testing::Test, protected FleetObserver {
protected:
    struct Seen {
        ServiceId service;
        SteadyTime at;
        HealthStatus status;
        bool changed;
    };

    FleetTest()
        : prober(loop, [this](std::string const& target, ProbeRun const& run) {
              runs.push_back(run);
              auto const found = behaviour.find(target);
              return found == behaviour.end() ? passing_answer() : found->second;
          }) {}

    void checked(Service const& service, Tracker const& tracker, Judged const& judged) override {
        seen.push_back(
            {service.id, loop.now().steady, tracker.health.status, judged.change.has_value()});
        if (auto transition = transition_of(service, judged)) {
            transitions.push_back(*std::move(transition));
        }
    }

    static Service service(int number, Millis interval = 10s, std::uint32_t retries = 3) {
        Service result;
        result.id = ServiceId{number};
        result.project_id = ProjectId{1};
        result.spec.project = "shop";
        result.spec.name = "s" + std::to_string(number);
        result.spec.probe = TcpProbeSpec{{"10.0.0." + std::to_string(number), 80}};
        result.spec.policy.interval = interval;
        result.spec.policy.failure_threshold = retries + 1;
        result.identity = stable_hash(result.spec.name);
        return result;
    }

    void add(Service service) {
        std::vector<Fleet::Member> members;
        members.push_back({share(std::move(service)), {}});
        ASSERT_TRUE(fleet.add(std::move(members)).empty());
    }

    std::vector<SteadyTime> times_of(int number) const {
        std::vector<SteadyTime> times;
        for (auto const& entry : seen) {
            if (entry.service.value == number) {
                times.push_back(entry.at);
            }
        }
        return times;
    }

    SimulatedLoop loop;
    std::map<std::string, SimulatedAnswer> behaviour;
    std::vector<ProbeRun> runs;
    std::vector<Seen> seen;
    std::vector<Transition> transitions;
    SimulatedProber prober;
    Fleet fleet{loop, loop, prober, *this, Scheduler::Limits{}};
};

TEST_F(FleetTest, ChecksANewServiceAtOnceAndThenInItsPhaseWithoutDrift) {
    add(service(1));
    loop.run_for(10h);
    auto const times = times_of(1);
    ASSERT_GT(times.size(), 3500U);
    EXPECT_LE(times.front(), SteadyTime(2s));
    for (std::size_t index = 2; index < times.size(); ++index) {
        ASSERT_EQ(times[index] - times[index - 1], 10s) << "check " << index;
    }
    EXPECT_EQ(fleet.figures().lateness.longest(), Micros(0));
}

TEST_F(FleetTest, RetriesQuicklyBetweenTheFirstFailureAndDown) {
    behaviour["10.0.0.1:80"] = failing_answer("connection refused", Micros(0));
    add(service(1, 30s));
    loop.run_for(40s);
    auto const times = times_of(1);
    ASSERT_GE(times.size(), 5U);
    EXPECT_EQ(times[1] - times[0], 1s);
    EXPECT_EQ(times[2] - times[1], 2s);
    EXPECT_EQ(times[3] - times[2], 4s);
    EXPECT_EQ(seen[2].status, HealthStatus::unknown);
    EXPECT_EQ(seen[3].status, HealthStatus::down);
    EXPECT_TRUE(seen[3].changed);
    EXPECT_FALSE(seen[4].changed);
}

TEST_F(FleetTest, AChangeIsToldAsATransition) {
    add(service(1, 10s, 1));
    loop.run_for(15s);
    behaviour["10.0.0.1:80"] = failing_answer();
    loop.run_for(20s);
    ASSERT_EQ(transitions.size(), 2U);
    EXPECT_EQ(describe(transitions[0]), "up");
    auto const& down = transitions[1];
    EXPECT_EQ(describe(down), "down after 2 failed checks: connection refused");
    EXPECT_EQ(down.service, ServiceId{1});
    EXPECT_EQ(down.project + "/" + down.name, "shop/s1");
    EXPECT_EQ(down.from, HealthStatus::up);
    EXPECT_EQ(down.to, HealthStatus::down);
    EXPECT_EQ(down.reason.root, "");
}

TEST_F(FleetTest, AKindOfOnesOwnIsCappedByItsHostIfItHasOne) {
    fleet.set_caps({2000, 1}, {});
    auto const most_at_once = [this](std::string const& host) {
        for (auto const number : {1, 2}) {
            auto member = service(number);
            auto const target = "/file" + std::to_string(number);
            member.spec.probe = OwnProbeSpec{"file-age", target, host};
            behaviour[target] = passing_answer(Micros(9'900'000));
            add(member);
        }
        std::uint32_t most = 0;
        for (int turn = 0; turn < 600; ++turn) {
            loop.run_for(100ms);
            most = std::max(most, fleet.in_flight());
        }
        fleet.remove(ServiceId{1});
        fleet.remove(ServiceId{2});
        return most;
    };
    EXPECT_EQ(most_at_once(""), 2U);
    EXPECT_EQ(most_at_once("files.example"), 1U);
}

TEST_F(FleetTest, AGroupsCapIsKeptAndCanChange) {
    behaviour["10.0.0.1:80"] = passing_answer(Micros(3'000'000));
    behaviour["10.0.0.2:80"] = passing_answer(Micros(3'000'000));
    for (auto const number : {1, 2}) {
        auto member = service(number);
        member.spec.group = "front";
        add(member);
    }
    auto const most_at_once = [this](Millis duration) {
        std::uint32_t most = 0;
        for (Millis passed{0}; passed < duration; passed += 100ms) {
            loop.run_for(100ms);
            most = std::max(most, fleet.in_flight());
        }
        return most;
    };
    fleet.set_caps(Scheduler::Limits{}, {{"front", 1}, {"nobody", 1}});
    EXPECT_EQ(most_at_once(60s), 1U);
    auto moved = service(2);
    moved.spec.group = "back";
    ASSERT_TRUE(fleet.change(share(moved)));
    behaviour["10.0.0.1:80"] = passing_answer(Micros(9'900'000));
    behaviour["10.0.0.2:80"] = passing_answer(Micros(9'900'000));
    EXPECT_EQ(most_at_once(60s), 2U);
    moved.spec.group = "front";
    ASSERT_TRUE(fleet.change(share(moved)));
    loop.run_for(10s);
    EXPECT_EQ(most_at_once(60s), 1U);
    fleet.set_caps(Scheduler::Limits{}, {});
    EXPECT_EQ(most_at_once(60s), 2U);
}

TEST_F(FleetTest, EveryRetryAfterAFailureIsFresh) {
    auto reusing = service(1, 5s);
    reusing.spec.connection = ConnectionPolicy::reuse;
    add(reusing);
    loop.run_for(20s);
    EXPECT_FALSE(runs.back().fresh);
    behaviour["10.0.0.1:80"] = failing_answer();
    loop.run_for(5s);
    runs.clear();
    loop.run_for(1s);
    ASSERT_FALSE(runs.empty());
    EXPECT_TRUE(runs.front().fresh);
}

TEST_F(FleetTest, AProbeLongerThanTheIntervalSkipsWhatItMissed) {
    auto slow = service(1, 2s);
    slow.spec.policy.timeout = 5s;
    behaviour["10.0.0.1:80"] = passing_answer(Micros(4'500'000));
    add(slow);
    loop.run_for(60s);
    EXPECT_EQ(prober.figures().most_in_flight, 1U);
    EXPECT_LE(times_of(1).size(), 11U);
    EXPECT_GE(times_of(1).size(), 9U);
}

TEST_F(FleetTest, RefusesTheLateResultOfARemovedService) {
    behaviour["10.0.0.1:80"] = passing_answer(Micros(3'000'000));
    add(service(1));
    loop.run_for(1s);
    ASSERT_EQ(prober.figures().in_flight, 1U);
    fleet.remove(ServiceId{1});
    loop.run_for(1min);
    EXPECT_TRUE(seen.empty());
    EXPECT_EQ(prober.figures().in_flight, 0U);
    EXPECT_EQ(fleet.size(), 0U);
}

TEST_F(FleetTest, AChangedServiceKeepsItsPast) {
    add(service(1));
    loop.run_for(1min);
    auto changed = service(1, 20s);
    changed.spec.probe = TcpProbeSpec{{"10.0.0.9", 80}};
    ASSERT_TRUE(fleet.change(share(changed)));
    fleet.each([](Service const& now, Tracker const& tracker) {
        EXPECT_EQ(now.spec.policy.interval, Millis(20s));
        EXPECT_EQ(tracker.health.status, HealthStatus::up);
    });
    seen.clear();
    loop.run_for(1s);
    EXPECT_EQ(seen.size(), 1U);  // what is probed in another way is looked at soon
    loop.run_for(2min);
    EXPECT_GE(seen.size(), 6U);
    EXPECT_LE(seen.size(), 7U);
}

TEST_F(FleetTest, AServiceThatIsProbedInTheSameWayKeepsItsCheckUnderWayAndItsTime) {
    behaviour["10.0.0.1:80"] = passing_answer(Micros(3'000'000));
    add(service(1));
    loop.run_for(1s);
    ASSERT_EQ(prober.figures().in_flight, 1U);
    auto changed = service(1);
    changed.spec.tags = {"eu"};
    changed.spec.policy.degraded_above = 10s;
    ASSERT_TRUE(fleet.change(share(changed)));
    EXPECT_EQ(prober.figures().in_flight, 1U);
    loop.run_for(4s);
    ASSERT_EQ(seen.size(), 1U);
    EXPECT_EQ(seen.front().status, HealthStatus::up);  // judged by what is said now
    loop.run_for(30s);
    auto const before = times_of(1).back();
    ASSERT_TRUE(fleet.change(share(service(1))));
    loop.run_for(10s);
    EXPECT_EQ(times_of(1).back() - before, 10s);
}

TEST_F(FleetTest, AnotherIntervalHoldsFromNowOn) {
    add(service(1, 1h));
    loop.run_for(1s);
    ASSERT_TRUE(fleet.change(share(service(1, 10s))));
    seen.clear();
    loop.run_for(60s);
    EXPECT_EQ(seen.size(), 6U);
}

TEST_F(FleetTest, RefusesTheLateResultOfAProbeThatWasReplaced) {
    behaviour["10.0.0.1:80"] = failing_answer("connection refused", Micros(3'000'000));
    behaviour["10.0.0.9:80"] = passing_answer();
    add(service(1, 1h, 0));
    loop.run_for(1s);
    auto changed = service(1, 1h, 0);
    changed.spec.probe = TcpProbeSpec{{"10.0.0.9", 80}};
    ASSERT_TRUE(fleet.change(share(changed)));
    loop.run_for(1min);
    ASSERT_EQ(seen.size(), 1U);
    EXPECT_EQ(seen.front().status, HealthStatus::up);
}

TEST_F(FleetTest, ChecksNowAndThenGoesOnInItsPhase) {
    add(service(1, 1h));
    loop.run_for(3h);
    auto const times = times_of(1);
    auto const asked = loop.now().steady + 7min;
    loop.run_for(7min);
    seen.clear();
    EXPECT_TRUE(fleet.check_now(ServiceId{1}));
    loop.run_for(1s);
    ASSERT_EQ(seen.size(), 1U);
    EXPECT_LE(seen.front().at - asked, 100ms);
    loop.run_for(2h);
    EXPECT_EQ((times_of(1).back() - times.back()) % 1h, 0s);
    EXPECT_FALSE(fleet.check_now(ServiceId{2}));
}

TEST_F(FleetTest, LeavesACheckUnderWayWhenAskedToCheckNow) {
    behaviour["10.0.0.1:80"] = passing_answer(Micros(3'000'000));
    add(service(1, 1h));
    loop.run_for(1s);
    ASSERT_EQ(prober.figures().in_flight, 1U);
    EXPECT_TRUE(fleet.check_now(ServiceId{1}));
    loop.run_for(10s);
    EXPECT_EQ(seen.size(), 1U);
}

TEST_F(FleetTest, OurOwnFailureIsNotHeldAgainstTheTarget) {
    SimulatedAnswer ours;
    ours.outcome.verdict = Verdict::not_counted;
    ours.outcome.error = "no file descriptors left";
    add(service(1, 10s, 0));
    loop.run_for(30s);
    behaviour["10.0.0.1:80"] = ours;
    loop.run_for(1min);
    EXPECT_EQ(seen.back().status, HealthStatus::up);
    EXPECT_EQ(fleet.figures().not_counted, 6U);
}

TEST_F(FleetTest, AVerdictThatComesLongAfterItsDeadlineIsNotHeldAgainstTheTarget) {
    struct HeldProber final : Prober, Probe {
        Result<std::unique_ptr<Probe>> prepare(ProbeSpec const&, bool) override {
            auto probe = std::make_unique<HeldProber>();
            last = probe.get();
            return probe;
        }
        void start(ProbeRun const&, ProbeObserver& who, std::uint64_t which) override {
            observer = &who;
            token = which;
        }
        void cancel() override {}
        HeldProber* last{nullptr};
        ProbeObserver* observer{nullptr};
        std::uint64_t token{0};
    } held;
    Fleet stalled(loop, loop, held, *this, Scheduler::Limits{});
    std::vector<Fleet::Member> members;
    members.push_back({share(service(1, 10s, 0)), {}});
    ASSERT_TRUE(stalled.add(std::move(members)).empty());
    loop.run_for(1min);  // the process was stopped: the deadline of 5 s passed long ago
    auto* const probe = held.last;
    probe->observer->probed(probe->token, failing_answer("timed out after 5000 ms").outcome);
    EXPECT_EQ(seen.back().status, HealthStatus::unknown);
    EXPECT_EQ(stalled.figures().not_counted, 1U);
}

TEST_F(FleetTest, WhatWasUnderWayWhileTheLoopStoodStillIsNoEvidence) {
    behaviour["10.0.0.1:80"] = silent_answer();
    behaviour["10.0.0.2:80"] = passing_answer(Micros(1'200'000));  // slow only because of us
    add(service(1, 10s, 0));
    add(service(2, 10s, 0));
    loop.run_for(100ms);
    loop.stand_still(4s);
    loop.run_for(5s);
    ASSERT_EQ(seen.size(), 2U);
    for (auto const& entry : seen) {
        EXPECT_EQ(entry.status, HealthStatus::unknown);
    }
    EXPECT_EQ(fleet.figures().stalls, 1U);
    EXPECT_EQ(fleet.figures().not_counted, 2U);
    loop.run_for(20s);  // what starts afterwards counts
    EXPECT_TRUE(std::any_of(seen.begin(), seen.end(), [](Seen const& entry) {
        return entry.service.value == 1 && entry.status == HealthStatus::down;
    }));
}

TEST_F(FleetTest, WhatWasUnderWayWhileTheMachineSleptIsNoEvidence) {
    behaviour["10.0.0.1:80"] = silent_answer();
    add(service(1, 10s, 0));
    loop.run_for(100ms);
    loop.step_wall_clock(8h);
    loop.run_for(5s);
    ASSERT_EQ(seen.size(), 1U);
    EXPECT_EQ(seen[0].status, HealthStatus::unknown);
}

TEST_F(FleetTest, ChecksNowWhenAskedAndKeepsItsRhythm) {
    add(service(1));
    loop.run_for(25s);
    auto const before = times_of(1);
    ASSERT_GE(before.size(), 2U);
    auto const asked = loop.now().steady;
    EXPECT_TRUE(fleet.check_now(ServiceId{1}));
    loop.run_for(1s);
    auto after = times_of(1);
    ASSERT_EQ(after.size(), before.size() + 1);
    EXPECT_EQ(after.back(), asked + 1ms);
    EXPECT_TRUE(fleet.check_now(ServiceId{1}, 5s)) << "fresh enough: not again";
    loop.run_for(30s);
    after = times_of(1);
    ASSERT_EQ(after.size(), before.size() + 4);
    EXPECT_EQ((after.back() - before.back()) % 10s, SteadyTime::duration::zero());
    EXPECT_FALSE(fleet.check_now(ServiceId{9}));
}

TEST_F(FleetTest, AskingWhileACheckIsUnderWayStartsNoSecondOne) {
    behaviour["10.0.0.1:80"] = passing_answer(Micros(3'000'000));
    add(service(1));
    loop.run_for(1s);
    EXPECT_TRUE(fleet.check_now(ServiceId{1}));
    EXPECT_EQ(prober.figures().in_flight, 1U);
    loop.run_for(3s);
    EXPECT_EQ(seen.size(), 1U);
}

TEST_F(FleetTest, WithinTheGraceAFailureIsExcused) {
    behaviour["10.0.0.1:80"] = failing_answer();
    auto young = service(1, 10s, 0);
    young.spec.policy.grace = 25s;
    add(young);
    loop.run_for(24s);
    ASSERT_FALSE(seen.empty());
    EXPECT_EQ(seen.back().status, HealthStatus::unknown);
    auto changed = young;
    changed.spec.policy.timeout = 4s;
    ASSERT_TRUE(fleet.change(share(changed)));  // that is no second registration
    loop.run_for(16s);
    EXPECT_EQ(seen.back().status, HealthStatus::down);
}

TEST_F(FleetTest, SetsOverlaysWithoutTouchingTheStatus) {
    add(service(1));
    loop.run_for(5s);
    auto const watched =
        fleet.set_overlay(ServiceId{1}, Overlay::maintenance, true, loop.now().wall);
    ASSERT_TRUE(watched);
    EXPECT_TRUE(watched->tracker.overlays.has(Overlay::maintenance));
    EXPECT_EQ(watched->tracker.health.status, HealthStatus::up);
    EXPECT_FALSE(fleet.set_overlay(ServiceId{9}, Overlay::maintenance, true, loop.now().wall));
}

TEST_F(FleetTest, StoppedItStartsNothingMore) {
    behaviour["10.0.0.1:80"] = silent_answer();
    add(service(1));
    loop.run_for(1s);
    fleet.stop();
    EXPECT_EQ(prober.figures().in_flight, 0U);
    loop.run_for(1h);
    EXPECT_TRUE(seen.empty());
}

TEST_F(FleetTest, AThousandServicesKeepTheirCapsAndTheirPace) {
    std::vector<Fleet::Member> members;
    for (int number = 1; number <= 1000; ++number) {
        auto one = service(number % 200 + 1, 10s);
        one.id = ServiceId{number};
        one.spec.name = "s" + std::to_string(number);
        one.identity = stable_hash(one.spec.name);
        members.push_back({share(one), {}});
    }
    ASSERT_TRUE(fleet.add(std::move(members)).empty());
    loop.run_for(10s);
    std::map<std::int64_t, int> verdicts;
    for (auto const& entry : seen) {
        ++verdicts[entry.service.value];
    }
    EXPECT_EQ(verdicts.size(), 1000U) << "every service has a verdict within one interval";
    seen.clear();
    loop.run_for(100s);
    // One that waited for those near it may have slipped out of the window, or into it.
    EXPECT_NEAR(static_cast<double>(seen.size()), 10'000, 2);
}

TEST_F(FleetTest, ChecksDueWithinTwoMillisecondsStartTogether) {
    std::vector<Fleet::Member> members;
    for (int number = 1; number <= 1000; ++number) {
        auto one = service(number, 1s);
        one.identity = stable_hash("s" + std::to_string(number));
        members.push_back({share(one), {}});
    }
    ASSERT_TRUE(fleet.add(std::move(members)).empty());
    loop.run_for(10s);
    seen.clear();
    loop.run_for(1s);
    std::set<SteadyTime> moments;
    for (auto const& entry : seen) {
        moments.insert(entry.at);
    }
    EXPECT_NEAR(static_cast<double>(seen.size()), 1000, 5);
    EXPECT_LE(moments.size(), 1s / 2ms + 1U);
}

/// The same, but the loop comes late to what is due.
class LateLoopTest : public FleetTest {
protected:
    static constexpr int kServices = 3'000;

    void start() {
        std::vector<Fleet::Member> members;
        for (int number = 1; number <= kServices; ++number) {
            auto one = service(1);
            one.id = ServiceId{number};
            one.spec.name = "s" + std::to_string(number);
            one.spec.probe = TcpProbeSpec{{"127.0.0.1", 80}};
            one.identity = stable_hash(one.spec.name);
            members.push_back({share(one), {}});
        }
        ASSERT_TRUE(fleet.add(std::move(members)).empty());
    }

    /// In any second that begins with a check.
    [[nodiscard]] std::ptrdiff_t most_in_a_second() const {
        std::ptrdiff_t most = 0;
        for (auto first = seen.begin(), after = seen.begin(); first != seen.end(); ++first) {
            while (after != seen.end() && after->at < first->at + 1s) {
                ++after;
            }
            most = std::max(most, after - first);
        }
        return most;
    }
    [[nodiscard]] std::size_t services_seen() const {
        std::set<std::int64_t> services;
        for (auto const& entry : seen) {
            services.insert(entry.service.value);
        }
        return services.size();
    }
};

TEST_F(LateLoopTest, WhatBecameDueBeforeTheLoopRanIsPacedAsWell) {
    start();
    loop.stand_still(2s);
    auto const began = loop.now().steady;
    loop.run_for(9s);
    EXPECT_EQ(services_seen(), static_cast<std::size_t>(kServices));
    EXPECT_LT(seen.front().at, began + 100ms);
    loop.run_for(20s);
    EXPECT_LE(most_in_a_second(), 1.2 * kServices / 10);
}

TEST_F(LateLoopTest, WhatBecameDueWhileTheLoopStoodStillIsPacedAsWell) {
    start();
    loop.run_for(2s);
    loop.stand_still(600ms);
    loop.run_for(1s);
    loop.stand_still(200ms);
    loop.run_for(7s);
    EXPECT_EQ(services_seen(), static_cast<std::size_t>(kServices));
    EXPECT_LE(most_in_a_second(), 1.2 * kServices / 10);
}

/// What waits for a place is not late by the loop's fault: it goes behind nobody.
TEST_F(LateLoopTest, FirstChecksThatACapHoldsBackStartInTheirOrder) {
    fleet.set_caps({50, Scheduler::kNoCap}, {});
    behaviour["127.0.0.1:80"] = failing_answer("HTTP error: 503", Micros(500'000));
    start();
    loop.run_for(10s);
    std::vector<SteadyTime> firsts;
    std::set<std::int64_t> known;
    for (auto const& entry : seen) {
        if (known.insert(entry.service.value).second) {
            firsts.push_back(SteadyTime(next_in_phase(
                SteadyTime{}, 10s, stable_hash("s" + std::to_string(entry.service.value)))));
        }
    }
    ASSERT_GT(firsts.size(), 500U) << "100 a second";
    EXPECT_TRUE(std::is_sorted(firsts.begin(), firsts.end()));
}

TEST_F(FleetTest, ALoopThatIsAlwaysLateStillComesToAll) {
    std::vector<Fleet::Member> members;
    for (int number = 1; number <= 1000; ++number) {
        auto one = service(number % 200 + 1, 10s);
        one.id = ServiceId{number};
        one.identity = stable_hash("s" + std::to_string(number));
        members.push_back({share(one), {}});
    }
    ASSERT_TRUE(fleet.add(std::move(members)).empty());
    for (int turn = 0; turn < 400; ++turn) {
        loop.stand_still(50ms);
        loop.run_for(0ms);
    }
    std::set<std::int64_t> services;
    for (auto const& entry : seen) {
        services.insert(entry.service.value);
    }
    EXPECT_EQ(services.size(), 1000U);
}

TEST_F(FleetTest, WhoIsAskedForBeforeTheLoopRanIsCheckedFirst) {
    for (int number = 1; number <= 20; ++number) {
        add(service(number));
    }
    EXPECT_TRUE(fleet.check_now(ServiceId{20}));
    loop.run_for(10ms);
    EXPECT_TRUE(std::any_of(seen.begin(), seen.end(),
                            [](Seen const& entry) { return entry.service.value == 20; }));
}

TEST_F(FleetTest, WhoIsRemovedBeforeTheLoopRanIsNotChecked) {
    add(service(1));
    fleet.remove(ServiceId{1});
    add(service(2));
    loop.run_for(5s);
    ASSERT_EQ(seen.size(), 1U);
    EXPECT_EQ(seen[0].service, ServiceId{2});
}

/// Prepares nothing as long as `away` says why.
class FlakyProber final : public Prober {
public:
    explicit FlakyProber(Prober& real) : real_(real) {}

    Result<std::unique_ptr<Probe>> prepare(ProbeSpec const& spec, bool reuse) override {
        return away.empty() ? real_.prepare(spec, reuse) : failure(Errc::invalid, away);
    }

    std::string away;

private:
    Prober& real_;
};

TEST_F(FleetTest, OneThatCannotBeProbedIsWatchedAndComesBackByItself) {
    FlakyProber flaky(prober);
    flaky.away = "the file of its authorities is gone";
    Fleet other(loop, loop, flaky, *this, {});
    std::vector<Fleet::Member> members;
    members.push_back({share(service(1)), {}});
    auto const errors = other.add(std::move(members));
    ASSERT_EQ(errors.size(), 1U);
    EXPECT_EQ(errors[0].message, "shop/s1: the file of its authorities is gone");
    loop.run_for(35s);
    ASSERT_GE(seen.size(), 3U);
    EXPECT_EQ(seen.back().status, HealthStatus::unknown);
    EXPECT_EQ(other.figures().not_counted, seen.size());
    flaky.away.clear();
    loop.run_for(10s);
    EXPECT_EQ(seen.back().status, HealthStatus::up);
}

TEST_F(FleetTest, AnotherTargetIsNotJudgedByTheFailuresOfTheOld) {
    behaviour["10.0.0.1:80"] = failing_answer("connection refused", Micros(0));
    behaviour["10.0.0.2:80"] = failing_answer("connection refused", Micros(0));
    add(service(1));
    while (fleet.tracker(ServiceId{1})->health.failures < 3) {
        loop.run_for(10ms);
    }
    auto same_target = service(1, 20s);
    ASSERT_TRUE(fleet.change(share(same_target)));
    EXPECT_EQ(fleet.tracker(ServiceId{1})->health.failures, 3U) << "only its rhythm is another";

    auto moved = service(1);
    moved.spec.probe = TcpProbeSpec{{"10.0.0.2", 80}};
    ASSERT_TRUE(fleet.change(share(moved)));
    EXPECT_EQ(fleet.tracker(ServiceId{1})->health.failures, 0U);
    while (fleet.tracker(ServiceId{1})->health.failures == 0) {
        loop.run_for(10ms);
    }
    EXPECT_EQ(fleet.tracker(ServiceId{1})->health.status, HealthStatus::unknown);
}

TEST_F(FleetTest, KeepsNoNamesOfHostsAndGroupsThatAreGone) {
    Scheduler::Limits limits;
    limits.per_host = 1;
    fleet.set_caps(limits, {{"front", 2}});
    for (int number = 1; number <= 200; ++number) {
        auto one = service(number);
        one.spec.probe = TcpProbeSpec{{"10.1." + std::to_string(number) + ".1", 80}};
        one.spec.group = "g" + std::to_string(number);
        add(one);
        one.spec.group = "front";
        ASSERT_TRUE(fleet.change(share(one)));
        one.spec.probe = TcpProbeSpec{{"10.2." + std::to_string(number) + ".1", 80}};
        ASSERT_TRUE(fleet.change(share(one)));
        loop.run_for(1s);
        fleet.remove(one.id);
    }
    EXPECT_EQ(fleet.names(), 1U) << "the group that has a cap";
    fleet.set_caps(limits, {});
    EXPECT_EQ(fleet.names(), 0U);
}

/// Two hosts never share a number, whoever had it before.
TEST_F(FleetTest, CapsHostsApartAfterOthersAreGone) {
    Scheduler::Limits limits;
    limits.per_host = 1;
    fleet.set_caps(limits, {});
    for (int number = 1; number <= 20; ++number) {
        add(service(number));
    }
    for (int number = 1; number <= 20; number += 2) {
        fleet.remove(ServiceId{number});
    }
    for (int number = 2; number <= 20; number += 2) {
        behaviour["10.0.0." + std::to_string(number) + ":80"] = passing_answer(Micros(4'000'000));
    }
    for (int number = 101; number <= 110; ++number) {
        behaviour["10.0.0." + std::to_string(number) + ":80"] = passing_answer(Micros(4'000'000));
        add(service(number));
    }
    loop.run_for(30s);
    seen.clear();
    loop.run_for(60s);
    for (int number = 101; number <= 110; ++number) {
        EXPECT_EQ(times_of(number).size(), 6U) << number << " waits for nobody else's host";
        EXPECT_EQ(times_of(number - 100 + (number % 2 == 0 ? 0 : 1)).size(), 6U);
    }
}

}  // namespace
}  // namespace muster
