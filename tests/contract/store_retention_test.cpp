#include <contract/store_under_test.hpp>

namespace muster::testing {
namespace {

using StoreRetention = StoreContract;

INSTANTIATE_TEST_SUITE_P(Stores, StoreRetention, ::testing::ValuesIn(stores_under_test()),
                         name_of_store);

TEST_P(StoreRetention, RemovesChecksOlderThanAskedAndNoOthers) {
    for (int hour = 0; hour < 10; ++hour) {
        story.tell(passed_check(app.id, kStart + std::chrono::hours(hour)));
        story.tell(passed_check(db.id, kStart + std::chrono::hours(hour) + 30min));
    }
    append();
    auto const bound = kStart + 4h + 30min;
    forget({.checks_before = bound});
    auto const rows = checks_of_shop();
    ASSERT_EQ(rows.size(), 11U);
    EXPECT_EQ(rows.front().recorded_at, bound);
    EXPECT_EQ(events({}).total, 3U);
}

TEST_P(StoreRetention, RemovesEventsApart) {
    story.tell(passed_check(app.id, kStart));
    story.tell(went(app, HealthStatus::up, HealthStatus::down, kStart + 1h));
    story.tell(went(app, HealthStatus::down, HealthStatus::up, kStart + 2h));
    append();
    forget({.events_before = kStart + 2h});
    auto const left = events({});
    ASSERT_EQ(left.rows.size(), 1U);
    EXPECT_EQ(left.rows[0].occurred_at, kStart + 2h);
    EXPECT_EQ(checks_of_shop().size(), 1U);
}

TEST_P(StoreRetention, LeavesAStoreThatGoesOn) {
    story.tell(passed_check(app.id, kStart));
    append();
    auto const last_id = events({}).rows.front().id;
    auto const never = kStart + std::chrono::years(1);
    forget({.checks_before = never, .metrics_before = never, .events_before = never});
    EXPECT_TRUE(checks_of_shop().empty());
    EXPECT_EQ(events({}).total, 0U);

    story.tell(passed_check(app.id, kStart + 1h));
    story.tell(went(app, HealthStatus::up, HealthStatus::down, kStart + 1h));
    append();
    EXPECT_EQ(checks_of_shop().size(), 1U);
    auto const found = events({});
    ASSERT_EQ(found.rows.size(), 1U);
    EXPECT_GT(found.rows[0].id, last_id) << "an id was given twice";
}

TEST_P(StoreRetention, RemovesWhatAClockSetBackLeftBehind) {
    story.tell(passed_check(app.id, kStart + 10h));
    story.tell(passed_check(app.id, kStart));
    story.tell(passed_check(app.id, kStart + 10h + 1s));
    append();
    forget({.checks_before = kStart + 1h});
    EXPECT_EQ(checks_of_shop().size(), 2U);
}

TEST_P(StoreRetention, OfALongHistoryIsDoneWhenNoMoreIsLeft) {
    for (int hour = 0; hour < 100; ++hour) {
        story.tell(passed_check(app.id, kStart + 2 * std::chrono::hours(hour)));
        story.tell(passed_check(db.id, kStart + 2 * std::chrono::hours(hour)));
    }
    append();
    forget({.checks_before = kStart + 150h});
    EXPECT_EQ(checks_of_shop().size(), 50U);
}

TEST_P(StoreRetention, LeavesAloneWhatArrivesLater) {
    for (int hour = 0; hour < 100; ++hour) {
        story.tell(passed_check(app.id, kStart + 2 * std::chrono::hours(hour)));
    }
    append();
    forget({.checks_before = kStart + 1'000h});
    // The clock was set back.
    for (int more = 0; more < 20; ++more) {
        story.tell(passed_check(db.id, kStart + 2 * std::chrono::hours(more)));
        append();
    }
    EXPECT_TRUE(checks({shop.id, app.id}).empty());
    EXPECT_EQ(checks({shop.id, db.id}).size(), 20U);
}

TEST_P(StoreRetention, WhatIsTooOldWhenItComesIsCountedInsteadOfWritten) {
    auto& store = under_test->store();
    EXPECT_EQ(store.too_old(), 0U);
    store.keep_since({.checks = kStart + 2h,
                      .failures = kStart + 1h,
                      .metrics = kStart + 1h,
                      .events = kStart + 1h});
    story.tell(passed_check(app.id, kStart + 1h));                        // too old
    story.tell(failed_check(app.id, kStart + 1h, "connection refused"));  // just kept
    story.tell(failed_check(app.id, kStart + 59min, "timed out"));        // too old
    story.tell(passed_check(app.id, kStart + 2h));
    story.tell(went(app, HealthStatus::up, HealthStatus::down, kStart + 59min));  // too old
    story.tell(went(app, HealthStatus::down, HealthStatus::up, kStart + 1h));
    auto const events_before = events({}).total;
    append();
    EXPECT_EQ(store.too_old(), 3U);
    auto const rows = checks_of_shop();
    ASSERT_EQ(rows.size(), 2U);
    EXPECT_EQ(rows[0].recorded_at, kStart + 1h);
    EXPECT_EQ(rows[0].error, "connection refused");
    EXPECT_EQ(rows[1].recorded_at, kStart + 2h);
    EXPECT_EQ(events({}).total, events_before + 1);
    auto const cursor = store.cursor("hub-main");
    ASSERT_TRUE(cursor);
    EXPECT_EQ(*cursor, story.cursor()) << "the cursor passes them";

    store.keep_since({});
    story.tell(passed_check(app.id, kStart + 1h));
    append();
    EXPECT_EQ(store.too_old(), 3U);
    EXPECT_EQ(checks_of_shop().size(), 3U);
}

TEST_P(StoreRetention, ATransactionThatFailsCountsNothing) {
    auto& store = under_test->store();
    store.keep_since({.checks = kStart + 2h});
    story.tell(passed_check(app.id, kStart));
    auto batch = story.batch();
    auto elsewhere = batch;
    elsewhere.expected.seq += 1;
    EXPECT_FALSE(store.append(elsewhere));
    EXPECT_EQ(store.too_old(), 0U);
    EXPECT_TRUE(store.append(batch));
    EXPECT_EQ(store.too_old(), 1U);
}

TEST_P(StoreRetention, RollupsThatAreTooOldAreNotWrittenEither) {
    auto& store = under_test->store();
    store.keep_since({.minutes = kStart + 2min + 30s, .hours = kStart + 2h});
    RollupFeed feed;
    RecordStory told;
    told.tell(ServiceChanged{app, true});
    for (int minute = 0; minute < 5; ++minute) {
        told.tell(passed_check(app.id, kStart + std::chrono::minutes(minute)));
    }
    ASSERT_TRUE(feed.roll_up(store, told.batch()));
    EXPECT_GE(store.too_old(), 2U);
    auto const buckets = under_test->reader({})->buckets(
        {.project = shop.id, .from = kStart, .until = kStart + 5min, .step = Millis(60'000)});
    ASSERT_TRUE(buckets) << buckets.error().message;
    std::uint64_t checks = 0;
    for (auto const& row : *buckets) {
        checks += row.bucket.from >= kStart + 2min ? row.bucket.seen.checks : 0;
        EXPECT_EQ(row.bucket.from < kStart + 2min ? row.bucket.seen.checks : 0, 0U);
    }
    EXPECT_EQ(checks, 3U);
}

}  // namespace
}  // namespace muster::testing
