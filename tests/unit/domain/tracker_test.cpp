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

    Judged see(Outcome outcome) {
        auto judged = judge(tracker, kService, policy, std::move(outcome), now, now + 20ms);
        now += 10s;
        return judged;
    }
};

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
        [](Outcome made, int pause, int took, std::uint32_t fail, std::uint32_t pass) {
            return Stimulus{std::move(made), Millis(pause), Millis(took), fail, pass};
        },
        outcome,
        rc::gen::weightedOneOf<int>({{6, rc::gen::just(10'000)},
                                     {2, rc::gen::inRange(0, 60'000)},
                                     {1, rc::gen::inRange(-100'000, 100'000'000)}}),
        rc::gen::inRange(0, 5000),
        rc::gen::weightedElement<std::uint32_t>({{9, 4}, {1, 2}, {1, 10}}),
        rc::gen::weightedElement<std::uint32_t>({{9, 3}, {1, 1}}));
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
    auto now = kStart;
    for (std::size_t index = 0; index < all.size(); ++index) {
        auto const& stimulus = all[index];
        now += stimulus.pause;
        auto const judged = judge(judged_one, kService, policy_of(stimulus), stimulus.outcome, now,
                                  now + stimulus.took);
        if (index < checkpoint) {
            restored = judged_one;  // what a checkpoint keeps
            continue;
        }
        // Thresholds that changed since must not matter: the state comes from the result.
        HealthPolicy today;
        today.failure_threshold = 1;
        today.success_threshold = 5;
        today.interval = 10s;
        restore(restored, judged.result, today);
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
