#include <muster/domain/tracker.hpp>

#include <optional>
#include <string>
#include <vector>

#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

namespace muster {
namespace {

constexpr WallTime kStart{Millis(1'700'000'000'000)};
constexpr ServiceId kService{7};

Outcome passed(Millis response_time = 20ms) {
    Outcome outcome;
    outcome.verdict = Verdict::passed;
    outcome.http_status = 200;
    outcome.response_time = response_time;
    return outcome;
}

Outcome failed(std::string error) {
    Outcome outcome;
    outcome.verdict = Verdict::failed;
    outcome.response_time = 3ms;
    outcome.error = std::move(error);
    return outcome;
}

/// A tracker that is given a result every ten seconds.
struct Watched {
    HealthPolicy policy;
    Tracker tracker;
    WallTime now{kStart};

    Judged see(Outcome outcome, bool grace = false) {
        auto judged = judge(tracker, kService, policy, std::move(outcome), now, now + 20ms, grace);
        now += 10s;
        return judged;
    }
};

TEST(StartOver, KeepsTheStatusAndForgetsEveryResultThatCouldDecide) {
    Watched service;
    service.policy.failures_of = {3, 5};
    (void)service.see(passed());
    (void)service.see(failed("connection refused"));
    (void)service.see(failed("connection refused"));
    start_over(service.tracker, service.now);
    EXPECT_EQ(service.tracker.health, (HealthState{HealthStatus::up, 0, 0}));
    EXPECT_EQ(service.tracker.recent, RecentResults());
    EXPECT_TRUE(service.tracker.run.empty());
    EXPECT_FALSE(service.see(failed("connection refused")).change) << "the third, by the old ones";
    EXPECT_FALSE(service.see(failed("connection refused")).change);
    auto const judged = service.see(failed("connection refused"));
    ASSERT_TRUE(judged.change);
    EXPECT_EQ(judged.change->reason.count, 3U);
    EXPECT_EQ(judged.change->reason.deciding.size(), 3U);
}

TEST(StartOver, ARunOfFailuresUnderWayDidNotEndInDown) {
    Watched service;
    service.policy.failure_threshold = 4;
    (void)service.see(passed());
    for (int failure = 0; failure < 3; ++failure) {
        (void)service.see(failed("connection refused"));
    }
    start_over(service.tracker, service.now);
    for (int failure = 0; failure < 4; ++failure) {
        (void)service.see(failed("connection refused"));
    }
    EXPECT_EQ(service.tracker.health.status, HealthStatus::down);
    // Up to the change 40 s, then 30 s of failures that ended in down.
    auto const figures = service.tracker.availability.over_last_day(service.now - 10s + 20ms);
    EXPECT_NEAR(figures.uptime_percent, 100.0 * 40 / 70, 0.1);
}

TEST(StartOver, OldUnrestIsNoneOfTheNewTarget) {
    Watched service;
    service.policy.failure_threshold = 1;
    for (int round = 0; round < 10; ++round) {
        (void)service.see(passed());
        (void)service.see(failed("connection refused"));
    }
    ASSERT_TRUE(service.tracker.overlays.has(Overlay::flapping));
    start_over(service.tracker, service.now);
    EXPECT_TRUE(service.tracker.overlays.has(Overlay::flapping)) << "its going is a record";
    EXPECT_EQ(service.see(passed()).flapping, false);
}

TEST(StartOver, AClockThatWasSetBackTakesNoTimeAway) {
    Watched service;
    (void)service.see(passed());
    (void)service.see(failed("connection refused"));
    auto const since = service.tracker.availability.state().known_since;
    start_over(service.tracker, WallTime{});
    EXPECT_EQ(service.tracker.availability.state().known_since, since);
}

TEST(Restore, ATransitionWhoseResultIsGoneStillTellsTheStatus) {
    Watched service;
    (void)service.see(passed());
    Transition fell;
    fell.from = HealthStatus::up;
    fell.to = HealthStatus::down;
    fell.reason.count = 4;
    restore(service.tracker, fell);
    EXPECT_EQ(service.tracker.health, (HealthState{HealthStatus::down, 4, 0}));
    auto const before = service.tracker;
    restore(service.tracker, fell);
    EXPECT_EQ(service.tracker, before);
}

TEST(Judge, GivesTheResultAsItIsStored) {
    Watched service;
    auto const judged = service.see(passed(37ms));
    EXPECT_EQ(judged.result.service, kService);
    EXPECT_EQ(judged.result.started_at, kStart);
    EXPECT_EQ(judged.result.accepted_at, kStart + 20ms);
    EXPECT_EQ(judged.result.after, (HealthState{HealthStatus::up, 0, 1}));
    EXPECT_EQ(judged.result.uptime_percent, 100);
    EXPECT_EQ(service.tracker.last_check, kStart);
    EXPECT_EQ(service.tracker.response_time, 37ms);
    EXPECT_TRUE(service.tracker.running);
}

TEST(Judge, OfAFailureSaysThatItIsNotRunningAndWhenToLookAgain) {
    Watched service;
    (void)service.see(passed());
    auto const judged = service.see(failed("connection refused"));
    EXPECT_FALSE(judged.change);
    EXPECT_EQ(judged.retry_in, 1s);
    EXPECT_FALSE(service.tracker.running);
    EXPECT_EQ(service.tracker.health.status, HealthStatus::up);
}

TEST(Judge, AnOutcomeThatDoesNotCountChangesNothing) {
    Watched service;
    (void)service.see(passed());
    (void)service.see(failed("connection refused"));
    auto const before = service.tracker;
    Outcome ours = failed("no descriptors left");
    ours.verdict = Verdict::not_counted;
    auto const judged = service.see(ours);
    EXPECT_EQ(service.tracker, before);
    EXPECT_EQ(judged.result.after, before.health);
    EXPECT_EQ(judged.result.outcome, ours);
    EXPECT_FALSE(judged.change);
}

TEST(Reason, OfDownHoldsTheFailuresOfItsRun) {
    Watched service;
    (void)service.see(failed("forgotten"));
    (void)service.see(passed());
    (void)service.see(failed("connection refused"));
    (void)service.see(failed("HTTP error: 503"));
    (void)service.see(failed("timed out after 5000 ms"));
    auto last = failed("connection reset after 12 bytes");
    last.phases.connect = 300us;
    last.http_status = 200;
    auto const judged = service.see(last);

    ASSERT_TRUE(judged.change);
    EXPECT_EQ(judged.change->from, HealthStatus::up);
    EXPECT_EQ(judged.change->to, HealthStatus::down);
    auto const& reason = judged.change->reason;
    EXPECT_EQ(reason.cause, Cause::failures);
    EXPECT_EQ(reason.count, 4U);
    EXPECT_EQ(reason.threshold, 4U);
    EXPECT_EQ(reason.error, "connection reset after 12 bytes");
    EXPECT_EQ(reason.http_status, 200);
    EXPECT_EQ(reason.response_time, 3ms);
    EXPECT_EQ(reason.phases.connect, 300us);
    ASSERT_EQ(reason.deciding.size(), 4U);
    EXPECT_EQ(reason.deciding.front(), (DecidingResult{kStart + 20s, 3ms, "connection refused"}));
    EXPECT_EQ(reason.deciding.back(),
              (DecidingResult{kStart + 50s, 3ms, "connection reset after 12 bytes"}));
    EXPECT_TRUE(service.tracker.run.empty());
}

TEST(Reason, HoldsTheLastFewOfALongRun) {
    Watched service;
    service.policy.failure_threshold = 20;
    (void)service.see(passed());
    std::optional<ExplainedChange> change;
    for (int failure = 1; failure <= 20; ++failure) {
        change = service.see(failed("failure " + std::to_string(failure))).change;
        EXPECT_LE(service.tracker.run.size(), Reason::kMaxDeciding);
    }
    ASSERT_TRUE(change);
    EXPECT_EQ(change->reason.count, 20U);
    ASSERT_EQ(change->reason.deciding.size(), Reason::kMaxDeciding);
    EXPECT_EQ(change->reason.deciding.front().error, "failure 13");
    EXPECT_EQ(change->reason.deciding.back().error, "failure 20");
}

TEST(Reason, OfUpHoldsThePassesOfItsRise) {
    Watched service;
    service.policy.success_threshold = 3;
    (void)service.see(passed());
    (void)service.see(failed("connection refused"));
    (void)service.see(passed(21ms));
    (void)service.see(passed(22ms));
    auto const judged = service.see(passed(23ms));
    ASSERT_TRUE(judged.change);
    auto const& reason = judged.change->reason;
    EXPECT_EQ(reason.cause, Cause::passed);
    EXPECT_EQ(reason.count, 3U);
    EXPECT_EQ(reason.threshold, 3U);
    EXPECT_EQ(reason.error, "");
    ASSERT_EQ(reason.deciding.size(), 3U);
    EXPECT_EQ(reason.deciding.front(), (DecidingResult{kStart + 20s, 21ms, ""}));
}

TEST(Reason, OfSlowIsTheOneResultAndTheThresholdThenInForce) {
    Watched service;
    service.policy.degraded_above = 250ms;
    (void)service.see(passed());
    (void)service.see(passed());
    auto const judged = service.see(passed(251ms));
    ASSERT_TRUE(judged.change);
    auto const& reason = judged.change->reason;
    EXPECT_EQ(reason.cause, Cause::slow);
    EXPECT_EQ(reason.count, 1U);
    EXPECT_EQ(reason.threshold, 1U);
    EXPECT_EQ(reason.response_time, 251ms);
    EXPECT_EQ(reason.degraded_above, 250ms);
    EXPECT_EQ(reason.deciding, (std::vector<DecidingResult>{{kStart + 20s, 251ms, ""}}));
}

TEST(Reason, OfABodyThatSaysDownIsInWordsAndKeepsItsRun) {
    Watched service;
    service.policy.failure_threshold = 2;
    (void)service.see(passed());
    auto says_down = passed();
    says_down.word = BodyWord::down;
    (void)service.see(says_down);
    auto const judged = service.see(says_down);
    ASSERT_TRUE(judged.change);
    EXPECT_EQ(judged.change->reason.error, "says that it is down");
    EXPECT_EQ(judged.result.outcome.error, "says that it is down");
    ASSERT_EQ(judged.change->reason.deciding.size(), 2U);
    EXPECT_EQ(judged.change->reason.deciding.front().error, "says that it is down");
}

TEST(Tracker, UptimeCountsDownFromTheFirstFailure) {
    Watched service;
    service.policy.failure_threshold = 2;
    service.policy.interval = 10s;
    (void)service.see(passed());
    (void)service.see(passed());
    (void)service.see(failed("connection refused"));
    (void)service.see(failed("connection refused"));
    auto const judged = service.see(passed());
    EXPECT_DOUBLE_EQ(judged.result.uptime_percent, 50);
}

TEST(Reason, OfFailuresOfTheLastNamesTheFailuresAlone) {
    Watched service;
    service.policy.failures_of = {3, 5};
    (void)service.see(passed());
    (void)service.see(failed("first"));
    (void)service.see(passed());
    (void)service.see(failed("second"));
    EXPECT_EQ(service.tracker.run.size(), 2U);
    auto const judged = service.see(failed("third"));
    ASSERT_TRUE(judged.change);
    auto const& reason = judged.change->reason;
    EXPECT_EQ(reason.cause, Cause::failures_of_last);
    EXPECT_EQ(reason.count, 3U);
    EXPECT_EQ(reason.threshold, 3U);
    EXPECT_EQ(reason.of, 5U);
    ASSERT_EQ(reason.deciding.size(), 3U);
    EXPECT_EQ(reason.deciding.front(), (DecidingResult{kStart + 10s, 3ms, "first"}));
    EXPECT_EQ(reason.deciding.back().error, "third");
}

TEST(Reason, OfFailuresOfTheLastForgetsWhatIsOutOfSight) {
    Watched service;
    service.policy.failures_of = {3, 5};
    (void)service.see(passed());
    (void)service.see(failed("old"));
    for (int passes = 0; passes < 5; ++passes) {
        (void)service.see(passed());
    }
    EXPECT_TRUE(service.tracker.run.empty());
}

TEST(Reason, OfFastAgainNamesTheLowerMarkOfTheHysteresis) {
    Watched service;
    service.policy.hysteresis_percent = 20;
    (void)service.see(passed(1200ms));
    EXPECT_FALSE(service.see(passed(900ms)).change);
    auto const judged = service.see(passed(700ms));
    ASSERT_TRUE(judged.change);
    EXPECT_EQ(judged.change->reason.cause, Cause::normal_again);
    EXPECT_EQ(judged.change->reason.normal_below, 800ms);
    EXPECT_EQ(judged.change->reason.degraded_above, 1000ms);
}

TEST(Grace, FailuresAreResultsButNeitherDownNorObserved) {
    Watched service;
    service.policy.failure_threshold = 1;
    auto const judged = service.see(failed("connection refused"), true);
    EXPECT_FALSE(judged.change);
    EXPECT_EQ(judged.result.outcome.error, "connection refused");
    EXPECT_FALSE(service.tracker.running);
    EXPECT_EQ(service.tracker.last_check, kStart);
    (void)service.see(failed("connection refused"), true);
    (void)service.see(passed());
    (void)service.see(passed());
    auto const figures = service.tracker.availability.over_last_day(kStart + 30s + 20ms);
    EXPECT_DOUBLE_EQ(figures.uptime_percent, 100);
    EXPECT_NEAR(figures.coverage_percent, 100.0 / 3, 0.01);
}

TEST(Grace, CountsFromAnewWhenItIsOver) {
    Watched service;
    service.policy.failure_threshold = 2;
    for (int excused = 0; excused < 5; ++excused) {
        (void)service.see(failed("connection refused"), true);
    }
    EXPECT_FALSE(service.see(failed("connection refused")).change);
    auto const judged = service.see(failed("connection refused"));
    ASSERT_TRUE(judged.change);
    EXPECT_EQ(judged.change->reason.deciding.size(), 2U);
}

TEST(Maintenance, TimeDownInItCountsNeitherWay) {
    Watched service;
    service.policy.failure_threshold = 1;
    service.policy.interval = 10s;
    (void)service.see(passed());                      // 0 s
    (void)service.see(failed("connection refused"));  // 10 s: down
    set_overlay(service.tracker, Overlay::maintenance, true, kStart + 15s + 20ms);
    (void)service.see(failed("connection refused"));  // 20 s
    (void)service.see(failed("connection refused"));  // 30 s
    set_overlay(service.tracker, Overlay::maintenance, false, kStart + 35s + 20ms);
    EXPECT_EQ(service.tracker.health.status, HealthStatus::down) << "the status stays honest";
    auto const judged = service.see(passed());  // 40 s
    ASSERT_TRUE(judged.change);
    // 10 s up, 5 s down, 20 s nothing, 5 s down.
    auto const figures = service.tracker.availability.over_last_day(kStart + 40s + 20ms);
    EXPECT_DOUBLE_EQ(figures.uptime_percent, 50);
    EXPECT_DOUBLE_EQ(figures.coverage_percent, 50);
}

TEST(Maintenance, TimeUpInItCountsAsUp) {
    Watched service;
    (void)service.see(passed());
    set_overlay(service.tracker, Overlay::maintenance, true, kStart + 5s);
    (void)service.see(passed());
    (void)service.see(passed());
    auto const figures = service.tracker.availability.over_last_day(kStart + 20s + 20ms);
    EXPECT_DOUBLE_EQ(figures.uptime_percent, 100);
    EXPECT_DOUBLE_EQ(figures.coverage_percent, 100);
}

TEST(Flapping, ComesAndGoesWithTheChangesOfTheStatus) {
    Watched service;
    service.policy.failure_threshold = 1;
    (void)service.see(passed());
    std::vector<int> told;
    for (int check = 1; check <= 60; ++check) {
        bool const restless = check <= 20;
        auto const judged = service.see(restless && check % 2 == 1 ? failed("flap") : passed());
        if (judged.flapping) {
            told.push_back(*judged.flapping ? check : -check);
            EXPECT_EQ(service.tracker.overlays.has(Overlay::flapping), *judged.flapping);
        }
    }
    // Six changes weigh 1.18 + ... + 1.08 = 6.78 of 20: 33.9 %; five were 28.5 %. It ends once the
    // changes that are left weigh less than 5.
    ASSERT_EQ(told.size(), 2U);
    EXPECT_EQ(told[0], 6);
    EXPECT_EQ(told[1], -35);
}

struct Stimulus {
    Outcome outcome;
    Millis pause{0};

    void showValue(Stimulus const& stimulus, std::ostream& out) {
        out << to_string(stimulus.outcome.verdict) << '/' << to_string(stimulus.outcome.word) << '/'
            << stimulus.outcome.error << " after " << stimulus.pause.count() << " ms";
    }
    Millis took{0};
    std::uint32_t failure_threshold{1};
    std::uint32_t success_threshold{1};
    bool grace{false};
    std::optional<bool> maintenance;  ///< A window begins or ends before it.
};

rc::Gen<Stimulus> stimuli() {
    auto const outcome = rc::gen::apply(
        [](int verdict, int word, int millis, std::string error) {
            Outcome made;
            made.verdict = static_cast<Verdict>(verdict);
            made.word = static_cast<BodyWord>(word);
            made.response_time = Micros(millis * 500);
            made.error = made.verdict == Verdict::passed ? "" : std::move(error);
            return made;
        },
        rc::gen::weightedElement<int>({{5, 0}, {5, 1}, {1, 2}}),
        rc::gen::weightedElement<int>({{6, 0}, {1, 1}, {1, 2}}), rc::gen::inRange(0, 5000),
        rc::gen::element<std::string>("", "refused", "timed out"));
    return rc::gen::apply(
        [](Outcome made, int pause, int took, std::uint32_t fail, std::uint32_t pass, int other) {
            Stimulus stimulus{std::move(made), Millis(pause), Millis(took), fail, pass, false, {}};
            stimulus.grace = other == 0;
            if (other == 1 || other == 2) {
                stimulus.maintenance = other == 1;
            }
            return stimulus;
        },
        outcome,
        rc::gen::weightedOneOf<int>({{6, rc::gen::just(10'000)},
                                     {2, rc::gen::inRange(0, 60'000)},
                                     {1, rc::gen::inRange(-100'000, 100'000'000)}}),
        rc::gen::inRange(0, 5000),
        rc::gen::weightedElement<std::uint32_t>({{9, 4}, {1, 2}, {1, 10}}),
        rc::gen::weightedElement<std::uint32_t>({{9, 3}, {1, 1}}), rc::gen::inRange(0, 12));
}

HealthPolicy policy_of(Stimulus const& stimulus) {
    HealthPolicy policy;
    policy.failure_threshold = stimulus.failure_threshold;
    policy.success_threshold = stimulus.success_threshold;
    policy.interval = 10s;
    return policy;
}

RC_GTEST_PROP(TrackerProperty, RestoringTheResultsGivesWhatJudgingGave, ()) {
    auto const size = *rc::gen::inRange<std::size_t>(0, 80);
    auto const all = *rc::gen::container<std::vector<Stimulus>>(size, stimuli());
    auto const checkpoint = *rc::gen::inRange<std::size_t>(0, size + 1);
    Tracker judged_one;
    Tracker restored;
    auto const failures_of = *rc::gen::element<FailuresOf>(FailuresOf{}, FailuresOf{3, 5});
    auto now = kStart;
    for (std::size_t index = 0; index < all.size(); ++index) {
        auto const& stimulus = all[index];
        if (stimulus.maintenance) {
            set_overlay(judged_one, Overlay::maintenance, *stimulus.maintenance, now);
            set_overlay(restored, Overlay::maintenance, *stimulus.maintenance, now);
        }
        now += stimulus.pause;
        auto policy = policy_of(stimulus);
        policy.failures_of = failures_of;
        auto const judged = judge(judged_one, kService, policy, stimulus.outcome, now,
                                  now + stimulus.took, stimulus.grace);
        if (index < checkpoint) {
            restored = judged_one;  // what a checkpoint keeps
            continue;
        }
        // Thresholds that changed since must not matter: the state comes from the result.
        HealthPolicy today;
        today.failure_threshold = 1;
        today.success_threshold = 5;
        today.interval = 10s;
        today.failures_of = failures_of;
        restore(restored, judged.result, today);
        if (judged.flapping) {
            set_overlay(restored, Overlay::flapping, *judged.flapping, now);
        }
        RC_ASSERT(restored == judged_one);
    }
}

RC_GTEST_PROP(TrackerProperty, TheReasonIsTheRunThatEndsWithTheChange, ()) {
    auto const size = *rc::gen::inRange<std::size_t>(0, 80);
    auto const all = *rc::gen::container<std::vector<Stimulus>>(size, stimuli());
    Tracker tracker;
    std::vector<CheckResult> counted;
    auto now = kStart;
    for (auto const& stimulus : all) {
        now += stimulus.pause;
        auto const judged = judge(tracker, kService, policy_of(stimulus), stimulus.outcome, now,
                                  now + stimulus.took);
        if (judged.result.outcome.verdict != Verdict::not_counted) {
            counted.push_back(judged.result);
        }
        if (!judged.change) {
            continue;
        }
        auto const& reason = judged.change->reason;
        RC_ASSERT(reason.count >= reason.threshold);
        RC_ASSERT(!reason.deciding.empty());
        RC_ASSERT(reason.deciding.size() <=
                  std::min<std::size_t>(reason.count, Reason::kMaxDeciding));
        bool const fell = judged.change->to == HealthStatus::down;
        RC_ASSERT(reason.error.empty() == !fell);
        for (std::size_t back = 1; back <= reason.deciding.size(); ++back) {
            auto const& deciding = reason.deciding[reason.deciding.size() - back];
            auto const& result = counted[counted.size() - back];
            RC_ASSERT(deciding.at == result.started_at);
            RC_ASSERT(deciding.error == result.outcome.error);
            RC_ASSERT(deciding.error.empty() == !fell);
        }
    }
}

}  // namespace

}  // namespace muster
