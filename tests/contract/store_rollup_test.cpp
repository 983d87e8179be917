#include <contract/store_under_test.hpp>

#include <algorithm>
#include <cmath>

namespace muster::testing {
namespace {

class StoreRollup : public StoreContract {
public:
    void SetUp() override {
        story.tell(ProjectChanged{shop, true}).tell(ProjectChanged{blog, true});
        for (auto* const service : {&app, &db, &posts}) {
            service->spec.policy.interval = 10s;
            service->spec.policy.timeout = 5s;
            story.tell(ServiceChanged{*service, true});
        }
        append_both();
    }

    /// Stores what was told and rolls it up.
    void append_both() {
        auto const batch = story.batch();
        ASSERT_TRUE(under_test->store().append(batch));
        ASSERT_TRUE(rolled.roll_up(under_test->store(), batch));
    }

    std::vector<BucketRow> buckets(BucketsQuery const& query) {
        auto const read = under_test->reader({})->buckets(query);
        EXPECT_TRUE(read) << read.error().message;
        return read.value_or(std::vector<BucketRow>{});
    }

    BucketsQuery query_of(Service const& service, Millis step) const {
        return {shop.id, service.id, kStart, kStart + 10 * 24h, step};
    }

    /// Checks of `app` every ten seconds, each took so many microseconds.
    void check(WallTime from, WallTime until) {
        for (auto at = from; at < until; at += 10s) {
            auto result = passed_check(app.id, at);
            // Far apart and without a pattern: multiples of a large prime.
            auto const number = at.time_since_epoch().count() / 10'000;
            result.outcome.response_time = Micros(500 + number * 7'919 % 900'001);
            took.push_back(result.outcome.response_time.count());
            story.tell(result);
        }
    }

    RollupFeed rolled;
    std::vector<std::int64_t> took;
};

INSTANTIATE_TEST_SUITE_P(Stores, StoreRollup, ::testing::ValuesIn(stores_under_test()),
                         name_of_store);

TEST_P(StoreRollup, HasACursorOfItsOwnThatMovesWithTheRows) {
    auto& store = under_test->store();
    EXPECT_EQ(store.rollup_state("hub-new")->cursor, Cursor{});
    EXPECT_EQ(store.rollup_state("hub-main")->cursor.seq, 5U);
    check(kStart, kStart + 1min);
    auto const batch = story.batch();
    ASSERT_TRUE(rolled.roll_up(store, batch));
    EXPECT_EQ(store.rollup_state("hub-main")->cursor, batch.next);
    EXPECT_EQ(store.cursor("hub-main")->seq, 5U) << "the other cursor stays";
    under_test->reopen();
    auto const state = under_test->store().rollup_state("hub-main");
    EXPECT_EQ(state->cursor, batch.next);
    EXPECT_EQ(state->watches, rolled.state().watches);
}

TEST_P(StoreRollup, RefusesABatchThatStartsElsewhere) {
    check(kStart, kStart + 1min);
    RollupBatch batch;
    batch.hub_id = story.hub_id();
    batch.expected = {"6f1c3a52-0000-4000-8000-000000000001", 3};
    batch.next = {"6f1c3a52-0000-4000-8000-000000000001", 9};
    batch.rows.push_back({app.id, kStart, {}});
    auto const refused = under_test->store().roll_up(batch);
    ASSERT_FALSE(refused);
    EXPECT_EQ(refused.error().code, Errc::conflict);
    EXPECT_TRUE(buckets(query_of(app, 60s)).empty());
}

TEST_P(StoreRollup, AddsUpPartsOfTheSameMinuteAndHour) {
    check(kStart, kStart + 25s);
    append_both();
    check(kStart + 30s, kStart + 10min);
    append_both();
    auto const minutes = buckets(query_of(app, 60s));
    ASSERT_EQ(minutes.size(), 10U);
    std::uint64_t checks = 0;
    Millis observed{0};
    for (auto const& row : minutes) {
        EXPECT_EQ(row.service, "app");
        EXPECT_EQ(row.bucket.seen.checks, 6U);
        EXPECT_EQ(row.bucket.unobserved, Millis(0));
        checks += row.bucket.seen.checks;
        observed += row.bucket.seen.observed;
    }
    auto const hours = buckets(query_of(app, 1h));
    ASSERT_EQ(hours.size(), 2U) << "from 05:55 to 06:05";
    EXPECT_EQ(hours[0].bucket.seen.checks, 30U);
    EXPECT_EQ(hours[1].bucket.seen.checks, 30U);
    EXPECT_EQ(hours[0].bucket.seen.observed + hours[1].bucket.seen.observed, observed);
    EXPECT_EQ(checks, 60U);
}

TEST_P(StoreRollup, QuantilesOverAnyRangeAreWithinOnePercentOfTheChecksThemselves) {
    check(kStart, kStart + 5h);
    append_both();
    auto const rank = [this](double part) {
        auto sorted = took;
        std::sort(sorted.begin(), sorted.end());
        return static_cast<double>(
            sorted[static_cast<std::size_t>(part * static_cast<double>(sorted.size() - 1))]);
    };
    for (Millis const step : {Millis(60s), Millis(1h), Millis(10s)}) {
        Rollup whole;
        for (auto const& row : buckets({shop.id, app.id, kStart, kStart + 6h, step})) {
            merge(whole, row.bucket.seen, 24h);
        }
        EXPECT_EQ(whole.checks, took.size());
        for (double const part : {0.5, 0.95, 0.99}) {
            auto const estimate = static_cast<double>(quantile_of(whole, part).count());
            EXPECT_NEAR(estimate, rank(part), 0.01 * rank(part)) << step.count() << " " << part;
        }
        EXPECT_EQ(whole.longest.count(), *std::max_element(took.begin(), took.end()));
    }
}

TEST_P(StoreRollup, ShowsWhatNobodySawAsUnobserved) {
    check(kStart, kStart + 1min);
    story.tell(HubStopped{kStart + 1min});
    story.tell(HubStarted{"hub-main", "1", kStart + 5min});
    check(kStart + 5min, kStart + 6min);
    append_both();
    auto const minutes = buckets(query_of(app, 60s));
    ASSERT_EQ(minutes.size(), 6U);
    EXPECT_EQ(minutes[0].bucket.unobserved, Millis(0));
    for (int off = 1; off < 5; ++off) {
        EXPECT_EQ(minutes[off].bucket.unobserved, Millis(60'000)) << off;
        EXPECT_EQ(minutes[off].bucket.seen.checks, 0U);
    }
    EXPECT_EQ(minutes[5].bucket.seen.observed, Millis(50'000));
    EXPECT_EQ(minutes[5].bucket.unobserved, Millis(0)) << "nothing is known after the last check";
}

TEST_P(StoreRollup, CountsTimeThatIsNotDecidedYetAsFarAsItIsKnown) {
    story.tell(passed_check(app.id, kStart));
    story.tell(passed_check(db.id, kStart + 20s));
    append_both();
    auto const row = buckets(query_of(app, 60s)).at(0);
    EXPECT_EQ(row.bucket.seen.observed, Millis(20'000));
    EXPECT_EQ(row.bucket.unobserved, Millis(0));
}

TEST_P(StoreRollup, GivesEveryServiceOfAProjectOldestFirst) {
    story.tell(passed_check(app.id, kStart)).tell(passed_check(db.id, kStart + 1s));
    story.tell(passed_check(posts.id, kStart + 2s));
    story.tell(passed_check(app.id, kStart + 60s));
    append_both();
    auto const rows = buckets({shop.id, {}, kStart, kStart + 2min, 60s});
    ASSERT_GE(rows.size(), 3U);
    EXPECT_EQ(rows[0].service, "app");
    EXPECT_EQ(rows[1].service, "db");
    EXPECT_EQ(rows[2].bucket.from, kStart + 1min);
}

TEST_P(StoreRollup, FailuresCountAsDownFromTheirFirst) {
    auto failed = failed_check(app.id, kStart + 10s, "connection refused");
    failed.after.status = HealthStatus::up;
    story.tell(passed_check(app.id, kStart)).tell(failed);
    story.tell(failed_check(app.id, kStart + 20s, "connection refused"));
    story.tell(passed_check(app.id, kStart + 30s));
    append_both();
    for (auto const step : {10s, 60s}) {
        Rollup whole;
        for (auto const& row : buckets({shop.id, app.id, kStart, kStart + 1min, step})) {
            merge(whole, row.bucket.seen, 60s);
        }
        EXPECT_EQ(whole.down_time, Millis(20'000)) << step.count();
        EXPECT_EQ(whole.down, 1U);
    }
}

TEST_P(StoreRollup, RefusesMoreBucketsThanFitIntoMemory) {
    check(kStart, kStart + 1min);
    append_both();
    auto const read = under_test->reader({})->buckets(
        {shop.id, app.id, kStart - 365 * 24h, kStart, Millis(1'000)});
    ASSERT_FALSE(read);
    EXPECT_EQ(read.error().code, Errc::invalid);
}

TEST_P(StoreRollup, ForgetsEachLevelByItsOwnAge) {
    check(kStart, kStart + 3h);
    append_both();
    EXPECT_EQ(under_test->reader({})->kept()->minutes_since, WallTime{});
    forget(
        {.checks_before = kStart + 2h, .minutes_before = kStart + 1h, .hours_before = kStart - 1h});
    auto const kept = under_test->reader({})->kept();
    EXPECT_EQ(kept->checks_since, kStart + 2h);
    EXPECT_EQ(kept->minutes_since, kStart + 1h);
    EXPECT_EQ(kept->hours_since, kStart - 1h - 55min) << "whole hours";
    EXPECT_EQ(checks_of_shop().size(), 360U);
    EXPECT_EQ(buckets({shop.id, app.id, kStart + 1h, kStart + 3h, 60s}).size(), 120U);
    auto const whole = buckets({shop.id, app.id, kStart, kStart + 3h, 60s});
    EXPECT_EQ(whole.size(), 4U) << "only hours answer for all of it";
    EXPECT_EQ(whole[1].bucket.seen.checks, 360U);
}

TEST_P(StoreRollup, ForgetsTheOldestOfALevelThatHasTooManyBytes) {
    check(kStart, kStart + 3h);
    append_both();
    forget({.minutes_bytes = under_test->weighed(3'000)});
    auto const since = under_test->reader({})->kept()->minutes_since;
    EXPECT_GT(since, kStart + 1h);
    EXPECT_LT(since, kStart + 3h);
    EXPECT_FALSE(buckets({shop.id, app.id, since, kStart + 3h, 60s}).empty());
    EXPECT_EQ(checks_of_shop().size(), 1'080U);
}

TEST_P(StoreRollup, FailuresOutliveWhatPassed) {
    for (int hour = 0; hour < 10; ++hour) {
        auto const at = kStart + std::chrono::hours(hour);
        story.tell(passed_check(app.id, at));
        story.tell(failed_check(app.id, at + 1s, "timed out after 5000 ms"));
    }
    append_both();
    forget({.checks_before = kStart + 6h, .failures_before = kStart + 2h});
    auto const rows = checks_of_shop();
    ASSERT_EQ(rows.size(), 4U + 8U);
    EXPECT_EQ(rows[0].recorded_at, kStart + 2h + 1s);
    EXPECT_EQ(rows[0].error, "timed out after 5000 ms");
    auto const passed = std::count_if(rows.begin(), rows.end(),
                                      [](CheckRow const& row) { return row.error.empty(); });
    EXPECT_EQ(passed, 4);
}

TEST_P(StoreRollup, WhatPassedGoesFirstWhenChecksHaveTooManyBytes) {
    for (int hour = 0; hour < 200; ++hour) {
        auto const at = kStart + 2 * std::chrono::hours(hour);
        story.tell(passed_check(app.id, at));
        story.tell(failed_check(app.id, at + 1s, "refused"));
    }
    append_both();
    forget({.checks_bytes = under_test->weighed(10'000)});
    auto rows = checks_of_shop();
    auto const failed = std::count_if(rows.begin(), rows.end(),
                                      [](CheckRow const& row) { return !row.error.empty(); });
    EXPECT_EQ(failed, 200);
    EXPECT_LT(rows.size(), 400U);
    EXPECT_GT(under_test->reader({})->kept()->checks_since, kStart);
    forget({.checks_bytes = under_test->weighed(2'000)});
    rows = checks_of_shop();
    EXPECT_LT(rows.size(), 100U);
    ASSERT_FALSE(rows.empty());
    EXPECT_EQ(rows.back().recorded_at, kStart + 398h + 1s) << "the newest stay";
}

TEST_P(StoreRollup, AServiceThatIsGoneKeepsItsHistoryAndIsNotMissed) {
    check(kStart, kStart + 1min);
    story.tell(ServiceRemoved{app.id, "shop", "app", kStart + 1min});
    story.tell(passed_check(db.id, kStart + 5min));
    append_both();
    auto const rows = buckets(query_of(app, 60s));
    ASSERT_EQ(rows.size(), 1U);
    EXPECT_EQ(rows[0].bucket.seen.observed, Millis(60'000));
    EXPECT_TRUE(under_test->store().rollup_state("hub-main")->watches.size() == 2);
}

TEST_P(StoreRollup, BelongsToOneHub) {
    RecordStory other("hub-other", "6f1c3a52-0000-4000-8000-000000000003");
    other.tell(ProjectChanged{shop, true}).tell(ServiceChanged{app, true});
    other.tell(passed_check(app.id, kStart)).tell(passed_check(app.id, kStart + 10s));
    auto const batch = other.batch();
    ASSERT_TRUE(under_test->store().append(batch));
    RollupFeed feed;
    ASSERT_TRUE(feed.roll_up(under_test->store(), batch));
    BucketsQuery const query{shop.id, app.id, kStart, kStart + 1min, 60s};
    EXPECT_TRUE(under_test->reader("hub-main")->buckets(query)->empty());
    auto const rows = under_test->reader("hub-other")->buckets(query);
    ASSERT_EQ(rows->size(), 1U);
    EXPECT_EQ(rows->at(0).bucket.seen.checks, 2U);
    EXPECT_EQ(under_test->store().rollup_state("hub-main")->cursor.seq, 5U);
}

}  // namespace
}  // namespace muster::testing
