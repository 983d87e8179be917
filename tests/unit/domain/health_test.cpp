#include <muster/domain/health.hpp>

#include <optional>
#include <vector>

#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

namespace muster {
void showValue(Outcome const& outcome, std::ostream& out) {
    out << to_string(outcome.verdict) << '/' << to_string(outcome.word) << '/'
        << outcome.response_time.count();
}

namespace {

constexpr auto kUnknown = HealthStatus::unknown;
constexpr auto kUp = HealthStatus::up;
constexpr auto kDegraded = HealthStatus::degraded;
constexpr auto kDown = HealthStatus::down;

Outcome passed(Micros response_time = 20ms, BodyWord word = BodyWord::none) {
    Outcome outcome;
    outcome.verdict = Verdict::passed;
    outcome.word = word;
    outcome.response_time = response_time;
    return outcome;
}

Outcome failed() {
    Outcome outcome;
    outcome.verdict = Verdict::failed;
    outcome.error = "connection refused";
    return outcome;
}

Outcome slow() {
    return passed(1001ms);
}

Outcome says(BodyWord word) {
    return passed(20ms, word);
}

struct Row {
    HealthState from;
    Outcome outcome;
    HealthState next;
    std::optional<StatusChange> change;
};

void expect_rows(std::vector<Row> const& rows, HealthPolicy const& policy) {
    for (std::size_t index = 0; index < rows.size(); ++index) {
        auto const& row = rows[index];
        auto const result = step(row.from, row.outcome, policy);
        EXPECT_EQ(result.next, row.next) << "row " << index;
        EXPECT_EQ(result.change, row.change) << "row " << index;
    }
}

// The rows of contract section 2, with its defaults: retries 3, successThreshold 1.
TEST(Step, UnknownAndDownBecomeWhatTheFirstPassingCheckMeasures) {
    expect_rows(
        {{{kUnknown, 0, 0}, passed(), {kUp, 0, 1}, StatusChange{kUnknown, kUp, Cause::passed}},
         {{kUnknown, 2, 0}, passed(), {kUp, 0, 1}, StatusChange{kUnknown, kUp, Cause::passed}},
         {{kUnknown, 0, 0},
          slow(),
          {kDegraded, 0, 1},
          StatusChange{kUnknown, kDegraded, Cause::slow}},
         {{kDown, 9, 0}, passed(), {kUp, 0, 1}, StatusChange{kDown, kUp, Cause::passed}},
         {{kDown, 9, 0}, slow(), {kDegraded, 0, 1}, StatusChange{kDown, kDegraded, Cause::slow}},
         {{kDown, 9, 0},
          says(BodyWord::degraded),
          {kDegraded, 0, 1},
          StatusChange{kDown, kDegraded, Cause::body_says_degraded}}},
        {});
}

TEST(Step, WithASuccessThresholdAsManyPassingChecksInARowAreNeeded) {
    HealthPolicy policy;
    policy.success_threshold = 3;
    expect_rows(
        {{{kDown, 4, 0}, passed(), {kDown, 0, 1}, std::nullopt},
         {{kDown, 0, 1}, slow(), {kDown, 0, 2}, std::nullopt},
         {{kDown, 0, 2}, passed(), {kUp, 0, 3}, StatusChange{kDown, kUp, Cause::passed}},
         {{kDown, 0, 2}, slow(), {kDegraded, 0, 3}, StatusChange{kDown, kDegraded, Cause::slow}},
         {{kDown, 0, 2}, failed(), {kDown, 1, 0}, std::nullopt},
         {{kUnknown, 0, 1}, passed(), {kUnknown, 0, 2}, std::nullopt},
         {{kUnknown, 0, 2}, passed(), {kUp, 0, 3}, StatusChange{kUnknown, kUp, Cause::passed}},
         {{kUp, 2, 0}, passed(), {kUp, 0, 1}, std::nullopt}},
        policy);
}

TEST(Step, UpIsDegradedByTimeOrByTheBody) {
    expect_rows({{{kUp, 0, 5}, passed(999'999us), {kUp, 0, 6}, std::nullopt},
                 {{kUp, 0, 5},
                  passed(1000ms),
                  {kDegraded, 0, 6},
                  StatusChange{kUp, kDegraded, Cause::slow}},
                 {{kUp, 0, 5},
                  says(BodyWord::degraded),
                  {kDegraded, 0, 6},
                  StatusChange{kUp, kDegraded, Cause::body_says_degraded}},
                 {{kUp, 0, 5},
                  passed(2s, BodyWord::degraded),
                  {kDegraded, 0, 6},
                  StatusChange{kUp, kDegraded, Cause::slow}},
                 {{kUp, 0, 5}, passed(), {kUp, 0, 6}, std::nullopt}},
                {});
}

TEST(Step, DegradedIsUpWhenNormalAgain) {
    expect_rows({{{kDegraded, 0, 1},
                  passed(),
                  {kUp, 0, 2},
                  StatusChange{kDegraded, kUp, Cause::normal_again}},
                 {{kDegraded, 2, 0},
                  passed(),
                  {kUp, 0, 1},
                  StatusChange{kDegraded, kUp, Cause::normal_again}},
                 {{kDegraded, 0, 1}, slow(), {kDegraded, 0, 2}, std::nullopt},
                 {{kDegraded, 0, 1}, says(BodyWord::degraded), {kDegraded, 0, 2}, std::nullopt}},
                {});
}

TEST(Step, FailuresInARowBeyondTheRetriesAreDown) {
    for (auto const status : {kUnknown, kUp, kDegraded}) {
        expect_rows({{{status, 0, 7}, failed(), {status, 1, 0}, std::nullopt},
                     {{status, 2, 0}, failed(), {status, 3, 0}, std::nullopt},
                     {{status, 3, 0},
                      failed(),
                      {kDown, 4, 0},
                      StatusChange{status, kDown, Cause::failures}}},
                    {});
    }
    expect_rows({{{kDown, 4, 0}, failed(), {kDown, 5, 0}, std::nullopt}}, {});
}

TEST(Step, WithoutRetriesTheFirstFailureIsDown) {
    HealthPolicy policy;
    policy.failure_threshold = 1;
    expect_rows({{{kUp, 0, 7}, failed(), {kDown, 1, 0}, StatusChange{kUp, kDown, Cause::failures}},
                 {{kUnknown, 0, 0},
                  failed(),
                  {kDown, 1, 0},
                  StatusChange{kUnknown, kDown, Cause::failures}}},
                policy);
}

TEST(Step, ABodyThatSaysDownIsAFailedCheck) {
    expect_rows({{{kUp, 3, 0},
                  says(BodyWord::down),
                  {kDown, 4, 0},
                  StatusChange{kUp, kDown, Cause::failures}},
                 {{kUp, 0, 1}, says(BodyWord::down), {kUp, 1, 0}, std::nullopt}},
                {});
}

TEST(Step, WhatDoesNotCountChangesNothing) {
    Outcome ours = failed();
    ours.verdict = Verdict::not_counted;
    for (auto const& state : {HealthState{kUnknown, 0, 0}, HealthState{kUp, 3, 0},
                              HealthState{kDown, 4, 0}, HealthState{kDown, 0, 2}}) {
        auto const result = step(state, ours, {});
        EXPECT_EQ(result.next, state);
        EXPECT_FALSE(result.change);
        bool const falling = state.failures > 0 && state.status != kDown;
        EXPECT_EQ(result.retry_in.has_value(), falling) << "a run of failures is still followed";
    }
}

TEST(Step, ChecksFollowQuicklyBetweenTheFirstFailureAndDown) {
    HealthPolicy policy;
    policy.failure_threshold = 7;
    policy.interval = 30s;
    HealthState state{kUp, 0, 1};
    for (auto const expected : {1s, 2s, 4s, 4s, 4s, 4s}) {
        auto const result = step(state, failed(), policy);
        ASSERT_TRUE(result.retry_in);
        EXPECT_EQ(*result.retry_in, expected);
        state = result.next;
    }
    auto const last = step(state, failed(), policy);
    EXPECT_EQ(last.next.status, kDown);
    EXPECT_FALSE(last.retry_in);
    EXPECT_FALSE(step(last.next, failed(), policy).retry_in);
    EXPECT_FALSE(step(state, passed(), policy).retry_in);
}

TEST(Step, AQuickRetryIsNeverLaterThanTheInterval) {
    HealthPolicy policy;
    policy.interval = 1500ms;
    EXPECT_EQ(step({kUp, 0, 1}, failed(), policy).retry_in, 1000ms);
    EXPECT_EQ(step({kUp, 1, 0}, failed(), policy).retry_in, 1500ms);
    policy.interval = 200ms;
    EXPECT_EQ(step({kUp, 0, 1}, failed(), policy).retry_in, 200ms);
}

Step step_after(RecentResults recent, Outcome const& outcome, HealthPolicy const& policy,
                HealthState state = {kUp, 0, 1}) {
    return step(state, outcome, policy, {recent, false});
}

TEST(FailuresOf, CountsFailuresAmongTheLastResultsInWhateverOrder) {
    HealthPolicy policy;
    policy.failures_of = {3, 5};
    // Newest last: F P F P, and now a failure.
    RecentResults recent;
    for (bool const failure : {true, false, true, false}) {
        recent.add(failure);
    }
    EXPECT_EQ(step_after(recent, failed(), policy).change,
              (StatusChange{kUp, kDown, Cause::failures_of_last}));
    // F P P P F: two of the last five.
    recent = {};
    for (bool const failure : {true, false, false, false}) {
        recent.add(failure);
    }
    auto const two = step_after(recent, failed(), policy);
    EXPECT_FALSE(two.change);
    EXPECT_EQ(two.retry_in, 1s);
    // F F P P P P and a failure: the old ones are out of sight.
    recent = {};
    for (bool const failure : {true, true, false, false, false, false}) {
        recent.add(failure);
    }
    EXPECT_FALSE(step_after(recent, failed(), policy).change);
}

TEST(FailuresOf, TakesThePlaceOfConsecutiveFailures) {
    HealthPolicy policy;
    policy.failure_threshold = 1;
    policy.failures_of = {3, 5};
    EXPECT_FALSE(step_after({}, failed(), policy).change) << "one is not three";
    RecentResults recent;
    recent.add(true);
    recent.add(true);
    EXPECT_TRUE(step_after(recent, failed(), policy, {kUp, 2, 0}).change);
}

TEST(FailuresOf, APassingCheckNeverMakesDown) {
    HealthPolicy policy;
    policy.failures_of = {1, 32};
    EXPECT_FALSE(step_after(RecentResults(0xffffffffU), passed(), policy).change);
    EXPECT_EQ(RecentResults(0xffffffffU).failures(32), 32U);
}

TEST(Hysteresis, ADegradedServiceMustBeClearlyFasterToBeUp) {
    HealthPolicy policy;
    policy.hysteresis_percent = 20;
    expect_rows(
        {{{kUp, 0, 1}, passed(999ms), {kUp, 0, 2}, std::nullopt},
         {{kDegraded, 0, 1}, passed(999ms), {kDegraded, 0, 2}, std::nullopt},
         {{kDegraded, 0, 1}, passed(800ms), {kDegraded, 0, 2}, std::nullopt},
         {{kDegraded, 0, 1},
          passed(799'999us),
          {kUp, 0, 2},
          StatusChange{kDegraded, kUp, Cause::normal_again}},
         {{kDown, 4, 0}, passed(900ms), {kUp, 0, 1}, StatusChange{kDown, kUp, Cause::passed}},
         {{kDegraded, 0, 1}, passed(1ms, BodyWord::degraded), {kDegraded, 0, 2}, std::nullopt}},
        policy);
}

TEST(Grace, AFailureIsExcusedUnlessTheServiceIsAlreadyDown) {
    Circumstances const grace{{}, true};
    for (auto const status : {kUnknown, kUp, kDegraded}) {
        for (std::uint32_t const failures : {0U, 3U}) {
            auto const result = step({status, failures, 2}, failed(), {}, grace);
            EXPECT_EQ(result.next, (HealthState{status, 0, 0}));
            EXPECT_FALSE(result.change);
            EXPECT_FALSE(result.retry_in);
        }
    }
    EXPECT_EQ(step({kDown, 4, 0}, failed(), {}, grace).next, (HealthState{kDown, 5, 0}));
    EXPECT_EQ(step({kUnknown, 0, 0}, passed(), {}, grace).next, (HealthState{kUp, 0, 1}));
}

struct Reported {
    Outcome outcome;
    bool grace{false};

    [[nodiscard]] bool failed() const {
        return outcome.verdict == Verdict::failed || outcome.word == BodyWord::down;
    }
};

void showValue(Reported const& seen, std::ostream& out) {
    out << (seen.grace ? "grace " : "");
    muster::showValue(seen.outcome, out);
}

std::ostream& operator<<(std::ostream& out, Reported const& seen) {
    showValue(seen, out);
    return out;
}

/// The state after the first `count` outcomes, from the whole list: runs and windows are counted
/// backwards.
HealthState naive(std::vector<Reported> const& all, std::size_t count, HealthPolicy const& policy) {
    std::vector<Reported> counted;
    std::vector<std::size_t> window;  // indexes in `counted`, without the excused
    auto status = kUnknown;
    std::uint32_t failures = 0;
    std::uint32_t passes = 0;
    std::size_t excused = 0;  // how many were counted when the last one was excused
    for (std::size_t index = 0; index < count; ++index) {
        if (all[index].outcome.verdict == Verdict::not_counted) {
            continue;
        }
        counted.push_back(all[index]);
        auto const& last = counted.back();
        auto const end = counted.size();
        failures = passes = 0;
        if (last.failed() && last.grace && status != kDown) {
            excused = end;
            continue;
        }
        window.push_back(end - 1);
        for (auto back = end; back > excused && counted[back - 1].failed(); --back) {
            ++failures;
        }
        for (auto back = end; back > excused && !counted[back - 1].failed(); --back) {
            ++passes;
        }
        if (last.failed() && policy.failures_of.of > 0) {
            std::uint32_t in_window = 0;
            for (std::size_t back = 1; back <= window.size() && back <= policy.failures_of.of;
                 ++back) {
                in_window += counted[window[window.size() - back]].failed() ? 1 : 0;
            }
            status = in_window >= policy.failures_of.failures ? kDown : status;
        } else if (failures >= policy.failure_threshold) {
            status = kDown;
        }
        bool const rises = status == kUnknown || status == kDown;
        if (passes >= (rises ? policy.success_threshold : 1)) {
            double const part = status == kDegraded ? 1 - policy.hysteresis_percent / 100.0 : 1;
            bool const slow = static_cast<double>(last.outcome.response_time.count()) >=
                              1000.0 * static_cast<double>(policy.degraded_above.count()) * part;
            status = slow || last.outcome.word == BodyWord::degraded ? kDegraded : kUp;
        }
    }
    return {status, failures, passes};
}

RC_GTEST_PROP(StepProperty, AgreesWithTheWholeListJudgedFromScratch, ()) {
    HealthPolicy policy;
    policy.failure_threshold = *rc::gen::inRange<std::uint32_t>(1, 6);
    policy.success_threshold = *rc::gen::inRange<std::uint32_t>(1, 5);
    policy.hysteresis_percent = *rc::gen::element<std::uint32_t>(0, 20);
    if (*rc::gen::arbitrary<bool>()) {
        policy.failures_of.of = *rc::gen::inRange<std::uint32_t>(1, FailuresOf::kMost + 1);
        policy.failures_of.failures = *rc::gen::inRange<std::uint32_t>(1, 7);
    }
    auto const one = rc::gen::apply(
        [](int verdict, int word, int millis, int grace) {
            Reported seen;
            seen.outcome.verdict = static_cast<Verdict>(verdict);
            seen.outcome.word = static_cast<BodyWord>(word);
            seen.outcome.response_time = Millis(millis);
            seen.grace = grace == 0;
            return seen;
        },
        rc::gen::weightedElement<int>({{5, 0}, {5, 1}, {1, 2}}),
        rc::gen::weightedElement<int>({{6, 0}, {1, 1}, {1, 2}}),
        rc::gen::weightedElement<int>({{4, 20}, {1, 799}, {1, 800}, {1, 1000}, {1, 4000}}),
        rc::gen::inRange(0, 6));
    auto const size = *rc::gen::inRange<std::size_t>(0, 60);
    auto const all = *rc::gen::container<std::vector<Reported>>(size, one);
    HealthState state;
    RecentResults recent;
    for (std::size_t index = 0; index < all.size(); ++index) {
        auto const before = state;
        auto const& seen = all[index];
        auto const result = step(state, seen.outcome, policy, {recent, seen.grace});
        state = result.next;
        bool const excused = seen.failed() && state.failures == 0;
        if (seen.outcome.verdict != Verdict::not_counted && !excused) {
            recent.add(seen.failed());
        }
        RC_ASSERT(state == naive(all, index + 1, policy));
        RC_ASSERT(result.change.has_value() == (before.status != state.status));
        RC_ASSERT(result.retry_in.has_value() == (state.failures > 0 && state.status != kDown));
        if (result.change) {
            RC_ASSERT(result.change->from == before.status);
            RC_ASSERT(result.change->to == state.status);
        }
    }
}

TEST(StatusByItself, ForgetsThresholdsWindowsAndHistory) {
    HealthPolicy policy;
    policy.failure_threshold = 4;
    policy.success_threshold = 3;
    policy.failures_of = {3, 5};
    Outcome failed;
    failed.verdict = Verdict::failed;
    EXPECT_EQ(status_by_itself(failed, policy), HealthStatus::down);
    Outcome passed;
    passed.verdict = Verdict::passed;
    EXPECT_EQ(status_by_itself(passed, policy), HealthStatus::up);
    passed.word = BodyWord::degraded;
    EXPECT_EQ(status_by_itself(passed, policy), HealthStatus::degraded);
    EXPECT_EQ(status_by_itself(Outcome{}, policy), HealthStatus::unknown);
}

}  // namespace

}  // namespace muster
