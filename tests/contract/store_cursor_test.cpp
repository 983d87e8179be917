#include <contract/store_under_test.hpp>

namespace muster::testing {
namespace {

using StoreCursor = StoreContract;

INSTANTIATE_TEST_SUITE_P(Stores, StoreCursor, ::testing::ValuesIn(stores_under_test()),
                         name_of_store);

TEST_P(StoreCursor, IsEmptyForAHubThatNeverStoredAnything) {
    auto const cursor = under_test->store().cursor("hub-other");
    ASSERT_TRUE(cursor);
    EXPECT_EQ(*cursor, Cursor{});
}

TEST_P(StoreCursor, StandsWhereTheLastBatchEnded) {
    story.tell(passed_check(app.id, kStart)).tell(passed_check(db.id, kStart));
    append();
    EXPECT_EQ(*under_test->store().cursor(story.hub_id()), story.cursor());
    EXPECT_EQ(story.cursor().seq, 7U);
}

TEST_P(StoreCursor, SurvivesWithTheRowsWhenTheStoreIsOpenedAgain) {
    story.tell(passed_check(app.id, kStart));
    append();
    under_test->reopen();
    EXPECT_EQ(*under_test->store().cursor(story.hub_id()), story.cursor());
    story.tell(passed_check(app.id, kStart + 10s));
    append();
    EXPECT_EQ(checks_of_shop().size(), 2U);
}

TEST_P(StoreCursor, RefusesABatchThatStartsElsewhereAndKeepsNothingOfIt) {
    story.tell(passed_check(app.id, kStart));
    auto ahead = story.batch();
    ahead.expected.seq += 1;
    auto const appended = under_test->store().append(ahead);
    ASSERT_FALSE(appended);
    EXPECT_EQ(appended.error().code, Errc::conflict);
    EXPECT_TRUE(checks_of_shop().empty());
    EXPECT_EQ(under_test->store().cursor(story.hub_id())->seq, 5U);
}

TEST_P(StoreCursor, TakesABatchWhoseAnswerWasLostOnlyOnce) {
    story.tell(passed_check(app.id, kStart));
    auto const batch = story.batch();
    ASSERT_TRUE(under_test->store().append(batch));  // the answer is lost, so it is sent again
    auto const again = under_test->store().append(batch);
    ASSERT_FALSE(again);
    EXPECT_EQ(again.error().code, Errc::conflict);
    EXPECT_EQ(*under_test->store().cursor(story.hub_id()), batch.next);
    story.tell(passed_check(app.id, kStart + 10s));
    append();
    EXPECT_EQ(checks_of_shop().size(), 2U);
}

TEST_P(StoreCursor, GoesOnInANewJournal) {
    story.tell(passed_check(app.id, kStart));
    append();
    story.lose_journal("6f1c3a52-0000-4000-8000-000000000002");
    story.tell(passed_check(app.id, kStart + 10s));
    append();
    auto const cursor = under_test->store().cursor(story.hub_id());
    EXPECT_EQ(cursor->journal_id, "6f1c3a52-0000-4000-8000-000000000002");
    EXPECT_EQ(cursor->seq, 1U);
    EXPECT_EQ(checks_of_shop().size(), 2U);
}

TEST_P(StoreCursor, BelongsToOneHub) {
    RecordStory other("hub-other", "6f1c3a52-0000-4000-8000-000000000003");
    other.tell(ProjectChanged{shop, true}).tell(ServiceChanged{app, true});
    other.tell(failed_check(app.id, kStart, "connection refused"));
    append(other);
    EXPECT_EQ(under_test->store().cursor("hub-main")->seq, 5U);
    EXPECT_EQ(under_test->store().cursor("hub-other")->seq, 3U);

    std::size_t mine = 0;
    auto const read = under_test->reader("hub-main")->checks({shop.id, {}}, [&](CheckRow const&) {
        ++mine;
        return true;
    });
    ASSERT_TRUE(read);
    EXPECT_EQ(mine, 0U);
    EXPECT_EQ(checks_of_shop().size(), 1U);
    EXPECT_EQ(under_test->reader("hub-other")->events({})->total, 1U);
    EXPECT_EQ(under_test->reader("hub-main")->events({})->total, 3U);
    EXPECT_EQ(under_test->reader("hub-third")->events({})->total, 0U);
}

TEST_P(StoreCursor, MovesWithABatchWithoutRecords) {
    auto batch = story.batch();
    batch.next.seq += 10;
    ASSERT_TRUE(under_test->store().append(batch));
    EXPECT_EQ(under_test->store().cursor(story.hub_id())->seq, 15U);
}

TEST_P(StoreCursor, RefusesABatchWithARecordThatCanNeverBeStored) {
    story.tell(passed_check(app.id, kStart)).tell(passed_check(ServiceId{0}, kStart));
    auto const appended = under_test->store().append(story.batch());
    ASSERT_FALSE(appended);
    EXPECT_EQ(appended.error().code, Errc::invalid);
    EXPECT_TRUE(checks_of_shop().empty());
    EXPECT_EQ(under_test->store().cursor(story.hub_id())->seq, 5U);
}

TEST_P(StoreCursor, PassesABuriedRecordOnce) {
    story.tell(passed_check(ServiceId{0}, kStart));
    auto const bad = story.batch();
    ASSERT_FALSE(under_test->store().append(bad));
    ASSERT_TRUE(under_test->store().bury(bad, "service id 0"));
    EXPECT_EQ(under_test->dead_records(), 1U);
    EXPECT_EQ(*under_test->store().cursor(story.hub_id()), bad.next);

    auto const again = under_test->store().bury(bad, "service id 0");
    ASSERT_FALSE(again);
    EXPECT_EQ(again.error().code, Errc::conflict);
    EXPECT_EQ(under_test->dead_records(), 1U);

    story.tell(passed_check(app.id, kStart));
    append();
    EXPECT_EQ(checks_of_shop().size(), 1U);
}

}  // namespace
}  // namespace muster::testing
