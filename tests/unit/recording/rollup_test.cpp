#include <muster/recording/rollup.hpp>

#include <gtest/gtest.h>

#include <muster/testing/record_story.hpp>

namespace muster {
namespace {

using testing::failed_check;
using testing::kStart;  // a whole minute
using testing::passed_check;

/// Feeds a story to a reducer, batch by batch, as the follower does.
class RollupReducerTest : public ::testing::Test {
protected:
    RollupReducerTest() {
        app.spec.policy.interval = 10s;
        app.spec.policy.timeout = 5s;
        story.tell(HubStarted{"hub-main", "1", kStart}).tell(ServiceChanged{app, true});
    }

    RollupReducer::Step reduce() {
        auto const batch = story.batch();
        auto step = reducer.reduce(batch.expected, batch.next, batch.records);
        reducer.apply(step);
        for (auto const& row : step.rows) {
            merge(minutes[row.minute], row.seen, std::chrono::minutes(1));
        }
        return step;
    }

    void check_every_ten_seconds(WallTime from, WallTime until) {
        for (auto at = from; at < until; at += 10s) {
            story.tell(passed_check(app.id, at));
        }
    }

    testing::RecordStory story;
    Project shop = testing::a_project(1, "shop");
    Service app = testing::a_service(7, shop, "app");
    RollupReducer reducer;
    std::map<WallTime, Rollup> minutes;
};

TEST_F(RollupReducerTest, PutsChecksAndTheirTimeIntoMinutes) {
    check_every_ten_seconds(kStart, kStart + 2min);
    auto const step = reduce();
    EXPECT_EQ(step.known_until, kStart + 110s);
    ASSERT_EQ(minutes.size(), 2U);
    EXPECT_EQ(minutes[kStart].checks, 6U);
    EXPECT_EQ(minutes[kStart].up, 6U);
    EXPECT_EQ(minutes[kStart].observed, Millis(60'000));
    EXPECT_EQ(minutes[kStart + 1min].checks, 6U);
    EXPECT_EQ(minutes[kStart + 1min].observed, Millis(50'000)) << "the last is not decided yet";
}

TEST_F(RollupReducerTest, MakesTheSameOfOneBatchAndOfMany) {
    auto other = RollupReducer();
    check_every_ten_seconds(kStart, kStart + 5min);
    auto const batch = story.batch();
    auto const at_once = reducer.reduce(batch.expected, batch.next, batch.records);
    std::map<WallTime, Rollup> whole;
    for (auto const& row : at_once.rows) {
        merge(whole[row.minute], row.seen, 1min);
    }
    auto expected = batch.expected;
    for (auto const& record : batch.records) {
        Cursor const next{batch.next.journal_id, record.position.seq};
        auto const step = other.reduce(expected, next, std::span(&record, 1));
        other.apply(step);
        for (auto const& row : step.rows) {
            merge(minutes[row.minute], row.seen, 1min);
        }
        expected = next;
    }
    EXPECT_EQ(minutes, whole);
}

TEST_F(RollupReducerTest, GoesOnFromWatchesThatWereKept) {
    check_every_ten_seconds(kStart, kStart + 30s);
    RollupState state;
    state.watches = reduce().watches;
    reducer = RollupReducer(state);
    story.tell(passed_check(app.id, kStart + 30s));
    reduce();
    EXPECT_EQ(minutes[kStart].observed, Millis(30'000));
}

TEST_F(RollupReducerTest, LeavesOutWhatDoesNotCount) {
    auto ours = failed_check(app.id, kStart + 10s, "no descriptors");
    ours.outcome.verdict = Verdict::not_counted;
    story.tell(passed_check(app.id, kStart)).tell(ours);
    story.tell(passed_check(app.id, kStart + 50s));
    reduce();
    EXPECT_EQ(minutes[kStart].checks, 2U);
    EXPECT_EQ(minutes[kStart].observed, Millis(25'000)) << "as far as the first reached";
}

TEST_F(RollupReducerTest, LeavesOutFailuresThatMaintenanceExcuses) {
    story.tell(passed_check(app.id, kStart));
    story.tell(
        OverlayChanged{app.id, "shop", "app", Overlay::maintenance, true, "", "", kStart + 5s});
    story.tell(failed_check(app.id, kStart + 10s, "refused"));
    story.tell(failed_check(app.id, kStart + 20s, "refused"));
    story.tell(
        OverlayChanged{app.id, "shop", "app", Overlay::maintenance, false, "", "", kStart + 25s});
    story.tell(failed_check(app.id, kStart + 30s, "refused"));
    reduce();
    EXPECT_EQ(minutes[kStart].checks, 4U);
    EXPECT_EQ(minutes[kStart].observed, Millis(15'000)) << "the first 10 s, and from 25 s on";
    EXPECT_EQ(minutes[kStart].down_time, Millis(5'000));
}

TEST_F(RollupReducerTest, AServiceThatNobodyToldOfSpeaksAsByDefault) {
    ServiceId const stranger{99};
    story.tell(passed_check(stranger, kStart)).tell(passed_check(stranger, kStart + 10s));
    story.tell(passed_check(stranger, kStart + 10min));
    reduce();
    EXPECT_EQ(minutes[kStart].observed, Millis(60'000));
    EXPECT_EQ(minutes[kStart + 1min].observed, Millis(15'000)) << "65 s from 10 s on";
}

TEST_F(RollupReducerTest, ShowsNothingWhileTheHubIsOff) {
    check_every_ten_seconds(kStart, kStart + 20s);
    story.tell(HubStopped{kStart + 14s});
    story.tell(HubStarted{"hub-main", "1", kStart + 16s});
    story.tell(passed_check(app.id, kStart + 18s)).tell(passed_check(app.id, kStart + 28s));
    reduce();
    EXPECT_EQ(minutes[kStart].observed, Millis(24'000));
}

TEST_F(RollupReducerTest, AHubThatWasKilledSpeaksAsFarAsItsResultsReach) {
    check_every_ten_seconds(kStart, kStart + 20s);
    story.tell(HubStarted{"hub-main", "1", kStart + 10min});
    story.tell(passed_check(app.id, kStart + 10min));
    reduce();
    EXPECT_EQ(minutes[kStart].observed, Millis(35'000));
    EXPECT_EQ(minutes.count(kStart + 1min), 0U);
}

TEST_F(RollupReducerTest, TimeBesideLostRecordsIsUnobserved) {
    story.tell(passed_check(app.id, kStart));
    story.tell(Gap{1, 2, "journal", "no room", kStart + 5s});
    story.tell(passed_check(app.id, kStart + 10s)).tell(passed_check(app.id, kStart + 20s));
    reduce();
    EXPECT_EQ(minutes[kStart].observed, Millis(10'000));
}

TEST_F(RollupReducerTest, AGapOfSomebodyElseIsNone) {
    story.tell(passed_check(app.id, kStart));
    story.tell(Gap{1, 2, "bus", "away", kStart + 5s});
    story.tell(passed_check(app.id, kStart + 10s));
    reduce();
    EXPECT_EQ(minutes[kStart].observed, Millis(10'000));
}

TEST_F(RollupReducerTest, NumbersThatAreMissingAreUnobservedTime) {
    story.tell(passed_check(app.id, kStart)).tell(passed_check(app.id, kStart + 10s));
    story.tell(passed_check(app.id, kStart + 20s));
    auto batch = story.batch();
    batch.records.erase(batch.records.begin() + 3);
    for (auto const& row : reducer.reduce(batch.expected, batch.next, batch.records).rows) {
        merge(minutes[row.minute], row.seen, 1min);
    }
    EXPECT_EQ(minutes[kStart].checks, 2U);
    EXPECT_EQ(minutes[kStart].observed, Millis(0));
}

TEST_F(RollupReducerTest, AnotherJournalBeginsBlind) {
    story.tell(passed_check(app.id, kStart));
    reduce();
    story.lose_journal("6f1c3a52-0000-4000-8000-000000000002");
    story.tell(passed_check(app.id, kStart + 10s)).tell(passed_check(app.id, kStart + 20s));
    reduce();
    EXPECT_EQ(minutes[kStart].observed, Millis(10'000));
}

TEST_F(RollupReducerTest, ARunOfFailuresReachesBackIntoMinutesThatAreOver) {
    auto failing = [this](WallTime at, HealthStatus after) {
        auto result = failed_check(app.id, at, "connection refused");
        result.after.status = after;
        story.tell(result);
    };
    story.tell(passed_check(app.id, kStart + 40s));
    failing(kStart + 50s, HealthStatus::up);
    reduce();
    failing(kStart + 65s, HealthStatus::down);
    reduce();
    EXPECT_EQ(minutes[kStart].down_time, Millis(10'000));
    EXPECT_EQ(minutes[kStart + 1min].down_time, Millis(5'000));
    EXPECT_EQ(minutes[kStart + 1min].down, 1U);
}

TEST_F(RollupReducerTest, AServiceThatIsRemovedIsObservedUntilThen) {
    story.tell(passed_check(app.id, kStart))
        .tell(ServiceRemoved{app.id, "shop", "app", kStart + 4s});
    auto const step = reduce();
    EXPECT_EQ(minutes[kStart].observed, Millis(4'000));
    EXPECT_EQ(step.ended, std::vector<ServiceId>{app.id});
    EXPECT_TRUE(step.watches.empty());
}

TEST_F(RollupReducerTest, IgnoresWhatNoStoreCanKeep) {
    story.tell(passed_check(ServiceId{0}, kStart));
    story.tell(passed_check(app.id, WallTime::max()));
    story.tell(passed_check(app.id, WallTime::min() + 12ms));
    EXPECT_TRUE(reduce().rows.empty());
}

TEST_F(RollupReducerTest, AChangedIntervalCountsFromTheNextResultOn) {
    story.tell(passed_check(app.id, kStart));
    app.spec.policy.interval = 60s;
    story.tell(ServiceChanged{app, false});
    story.tell(passed_check(app.id, kStart + 40s)).tell(passed_check(app.id, kStart + 10min));
    reduce();
    EXPECT_EQ(minutes[kStart].observed, Millis(25'000 + 20'000));
    EXPECT_EQ(minutes[kStart + 2min].observed, Millis(45'000)) << "125 s from 40 s on";
}

TEST_F(RollupReducerTest, WhatStandsInForLostResultsIsUnobservedTime) {
    story.tell(passed_check(app.id, kStart));
    story.tell(Gap{4, 4, "limit", "1 results and metrics gave way", kStart + 5s});
    story.tell(passed_check(app.id, kStart + 10s)).tell(passed_check(app.id, kStart + 20s));
    reduce();
    EXPECT_EQ(minutes[kStart].observed, Millis(10'000));
}

TEST_F(RollupReducerTest, TheFirstFailureOfAnotherRunDoesNotReachBackIntoTheRunBefore) {
    auto failing = [this](WallTime at, std::uint32_t failures, HealthStatus after) {
        auto result = failed_check(app.id, at, "connection refused");
        result.after = {after, failures, 0};
        story.tell(result);
    };
    story.tell(passed_check(app.id, kStart));
    failing(kStart + 10s, 1, HealthStatus::up);
    failing(kStart + 20s, 2, HealthStatus::up);
    failing(kStart + 30s, 1, HealthStatus::up);  // probed in another way since
    failing(kStart + 40s, 2, HealthStatus::down);
    story.tell(passed_check(app.id, kStart + 50s));
    reduce();
    EXPECT_EQ(minutes[kStart].observed, Millis(50'000));
    EXPECT_EQ(minutes[kStart].down_time, Millis(20'000)) << "from 30 s on";
}

}  // namespace
}  // namespace muster
