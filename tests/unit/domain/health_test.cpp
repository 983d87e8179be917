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

/// The state after the first `count` outcomes, from the whole list: runs are counted backwards.
HealthState naive(std::vector<Outcome> const& all, std::size_t count, HealthPolicy const& policy) {
    std::vector<Outcome> seen;
    for (std::size_t index = 0; index < count; ++index) {
        if (all[index].verdict != Verdict::not_counted) {
            seen.push_back(all[index]);
        }
    }
    auto const is_failure = [](Outcome const& outcome) {
        return outcome.verdict == Verdict::failed || outcome.word == BodyWord::down;
    };
    auto status = kUnknown;
    std::uint32_t failures = 0;
    std::uint32_t passes = 0;
    for (std::size_t end = 1; end <= seen.size(); ++end) {
        failures = passes = 0;
        for (std::size_t back = end; back > 0 && is_failure(seen[back - 1]); --back) {
            ++failures;
        }
        for (std::size_t back = end; back > 0 && !is_failure(seen[back - 1]); --back) {
            ++passes;
        }
        if (failures >= policy.failure_threshold) {
            status = kDown;
        }
        bool const rises = status == kUnknown || status == kDown;
        if (passes >= (rises ? policy.success_threshold : 1)) {
            auto const& last = seen[end - 1];
            status = last.response_time >= policy.degraded_above || last.word == BodyWord::degraded
                         ? kDegraded
                         : kUp;
        }
    }
    return {status, failures, passes};
}

RC_GTEST_PROP(StepProperty, AgreesWithTheWholeListJudgedFromScratch, ()) {
    HealthPolicy policy;
    policy.failure_threshold = *rc::gen::inRange<std::uint32_t>(1, 6);
    policy.success_threshold = *rc::gen::inRange<std::uint32_t>(1, 5);
    auto const one = rc::gen::apply(
        [](int verdict, int word, int millis) {
            Outcome outcome;
            outcome.verdict = static_cast<Verdict>(verdict);
            outcome.word = static_cast<BodyWord>(word);
            outcome.response_time = Millis(millis);
            return outcome;
        },
        rc::gen::weightedElement<int>({{5, 0}, {5, 1}, {1, 2}}),
        rc::gen::weightedElement<int>({{6, 0}, {1, 1}, {1, 2}}),
        rc::gen::weightedElement<int>({{4, 20}, {1, 1000}, {1, 1001}, {1, 4000}}));
    auto const size = *rc::gen::inRange<std::size_t>(0, 60);
    auto const outcomes = *rc::gen::container<std::vector<Outcome>>(size, one);
    HealthState state;
    for (std::size_t index = 0; index < outcomes.size(); ++index) {
        auto const before = state;
        auto const result = step(state, outcomes[index], policy);
        state = result.next;
        RC_ASSERT(state == naive(outcomes, index + 1, policy));
        RC_ASSERT(result.change.has_value() == (before.status != state.status));
        RC_ASSERT(result.retry_in.has_value() == (state.failures > 0 && state.status != kDown));
        if (result.change) {
            RC_ASSERT(result.change->from == before.status);
            RC_ASSERT(result.change->to == state.status);
        }
    }
}

}  // namespace

}  // namespace muster
