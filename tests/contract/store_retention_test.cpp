#include <contract/store_under_test.hpp>

namespace muster::testing {
namespace {

using StoreRetention = StoreContract;

INSTANTIATE_TEST_SUITE_P(Stores, StoreRetention,
                         ::testing::Values(&make_memory_store, &make_sqlite_store), name_of_store);

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

}  // namespace
}  // namespace muster::testing
