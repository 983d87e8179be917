#include <contract/store_under_test.hpp>

namespace muster::testing {
namespace {

using StoreEvents = StoreContract;

INSTANTIATE_TEST_SUITE_P(Stores, StoreEvents, ::testing::ValuesIn(stores_under_test()),
                         name_of_store);

TEST_P(StoreEvents, TellOfAStatusChangeWithItsReason) {
    story.tell(went(app, HealthStatus::up, HealthStatus::down, kStart + 5s));
    append();
    auto const found = events({.type = EventType::status_changed});
    ASSERT_EQ(found.rows.size(), 1U);
    auto const& row = found.rows[0];
    EXPECT_GT(row.id, 0);
    EXPECT_EQ(row.project, "shop");
    EXPECT_EQ(row.service, "app");
    EXPECT_EQ(row.severity, Severity::critical);
    EXPECT_EQ(row.description, "down after 1 failed check: connection refused");
    EXPECT_EQ(row.metadata_json.rfind(R"({"cause":"failures")", 0), 0U) << row.metadata_json;
    EXPECT_EQ(row.occurred_at, kStart + 5s);
}

TEST_P(StoreEvents, AreGraverForCriticalServices) {
    story.tell(went(db, HealthStatus::up, HealthStatus::down, kStart));
    story.tell(went(db, HealthStatus::down, HealthStatus::up, kStart + 1s));
    append();
    under_test->reopen();
    story.tell(went(db, HealthStatus::up, HealthStatus::down, kStart + 2s));
    story.tell(went(app, HealthStatus::up, HealthStatus::down, kStart + 3s));
    append();
    auto const found = events({.type = EventType::status_changed});
    ASSERT_EQ(found.rows.size(), 4U);
    EXPECT_EQ(found.rows[0].severity, Severity::critical);
    EXPECT_EQ(found.rows[1].severity, Severity::warning);
    EXPECT_EQ(found.rows[2].severity, Severity::info);
    EXPECT_EQ(found.rows[3].severity, Severity::warning);
}

TEST_P(StoreEvents, TellOfServicesThatComeAndGoButNotOfOtherChanges) {
    app.spec.tags = {"eu"};
    story.tell(ServiceChanged{app, false});
    story.tell(ServiceRemoved{db.id, "shop", "db", kStart + 9s});
    append();
    auto const found = events({.project = "shop"});
    ASSERT_EQ(found.rows.size(), 3U);
    EXPECT_EQ(found.rows[0].type, EventType::service_deregistered);
    EXPECT_EQ(found.rows[0].service, "db");
    EXPECT_EQ(found.rows[0].occurred_at, kStart + 9s);
    EXPECT_EQ(found.rows[1].type, EventType::service_registered);
    EXPECT_EQ(found.rows[1].service, "db");
    EXPECT_EQ(found.rows[2].type, EventType::service_registered);
    EXPECT_EQ(found.rows[2].service, "app");
}

TEST_P(StoreEvents, TellOfTheHubsOwnProblems) {
    story.tell(HubProblem{"network", "no route to any target", false, kStart});
    story.tell(HubProblem{"network", "network is back", true, kStart + 1s});
    story.tell(Gap{5, 9, "store", "trimmed", kStart + 2s});
    append();
    auto const found = events({.type = EventType::hub_problem});
    ASSERT_EQ(found.rows.size(), 3U);
    EXPECT_EQ(found.rows[0].description, "records 5 to 9 were lost (store): trimmed");
    EXPECT_EQ(found.rows[0].severity, Severity::warning);
    EXPECT_EQ(found.rows[1].severity, Severity::info);
    EXPECT_EQ(found.rows[2].description, "no route to any target");
    EXPECT_EQ(found.rows[2].project, "");
    EXPECT_EQ(found.rows[2].service, "");
    EXPECT_EQ(found.rows[2].metadata_json, R"({"what":"network","over":false})");
}

TEST_P(StoreEvents, ComeNewestFirstInPages) {
    for (int second = 0; second < 10; ++second) {
        auto const to = second % 2 == 0 ? HealthStatus::down : HealthStatus::up;
        auto const from = second % 2 == 0 ? HealthStatus::up : HealthStatus::down;
        story.tell(went(app, from, to, kStart + std::chrono::seconds(second)));
    }
    append();
    EventsQuery query{.project = "shop", .service = "app"};
    query.limit = 3;
    query.offset = 2;
    auto const found = events(query);
    EXPECT_EQ(found.total, 11U);
    ASSERT_EQ(found.rows.size(), 3U);
    EXPECT_EQ(found.rows[0].occurred_at, kStart + 7s);
    EXPECT_EQ(found.rows[2].occurred_at, kStart + 5s);
    EXPECT_GT(found.rows[0].id, found.rows[1].id);

    query.offset = 10;
    EXPECT_EQ(events(query).rows.size(), 1U);
    query.offset = 11;
    EXPECT_EQ(events(query).rows.size(), 0U);
    query.limit = 0;
    EXPECT_EQ(events(query).total, 11U);
}

TEST_P(StoreEvents, CanBePagedByTheirIds) {
    for (int second = 0; second < 6; ++second) {
        auto const to = second % 2 == 0 ? HealthStatus::down : HealthStatus::up;
        auto const from = second % 2 == 0 ? HealthStatus::up : HealthStatus::down;
        story.tell(went(app, from, to, kStart + std::chrono::seconds(second)));
    }
    append();
    EventsQuery query{.type = EventType::status_changed};
    auto const all = events(query);
    ASSERT_EQ(all.rows.size(), 6U);
    query.before = all.rows[1].id;
    auto const older = events(query);
    EXPECT_EQ(older.total, 4U);
    EXPECT_EQ(older.rows[0].id, all.rows[2].id);
    query.after = all.rows[4].id;
    auto const between = events(query);
    ASSERT_EQ(between.rows.size(), 2U);
    EXPECT_EQ(between.rows[0].id, all.rows[2].id);
    EXPECT_EQ(between.rows[1].id, all.rows[3].id);
    query.before.reset();
    query.after = all.rows[0].id;
    EXPECT_EQ(events(query).total, 0U) << "none is newer";
}

TEST_P(StoreEvents, CanBeFilteredByEverythingAtOnce) {
    story.tell(went(app, HealthStatus::up, HealthStatus::down, kStart));
    story.tell(went(db, HealthStatus::up, HealthStatus::down, kStart));
    story.tell(went(posts, HealthStatus::up, HealthStatus::down, kStart));
    story.tell(went(posts, HealthStatus::down, HealthStatus::up, kStart));
    append();
    EXPECT_EQ(events({}).total, 7U);
    EXPECT_EQ(events({.project = "shop"}).total, 4U);
    EXPECT_EQ(events({.service = "app"}).total, 5U);
    EXPECT_EQ(events({.project = "blog", .service = "app"}).total, 3U);
    EXPECT_EQ(events({.severity = Severity::critical}).total, 2U);
    EXPECT_EQ(events({.project = "shop", .severity = Severity::critical}).total, 1U);
    EXPECT_EQ(events({.type = EventType::status_changed}).total, 4U);
    auto const one = events({.project = "blog",
                             .service = "app",
                             .severity = Severity::info,
                             .type = EventType::status_changed});
    ASSERT_EQ(one.rows.size(), 1U);
    EXPECT_EQ(one.rows[0].description, "up again");
    EXPECT_EQ(events({.project = "nobody"}).total, 0U);
    EXPECT_EQ(events({.project = "blog", .service = "db"}).total, 0U);
}

TEST_P(StoreEvents, OfAnUnknownServiceKeepTheNamesThatTheyCameWith) {
    auto const cart = a_service(17, shop, "cart");
    story.tell(went(cart, HealthStatus::up, HealthStatus::down, kStart));
    append();
    auto const found = events({.service = "cart"});
    ASSERT_EQ(found.rows.size(), 1U);
    EXPECT_EQ(found.rows[0].project, "shop");
    EXPECT_EQ(found.rows[0].service, "cart");
}

TEST_P(StoreEvents, AreFoundUnderTheNamesOfToday) {
    shop.spec.name = "store";
    app.spec.project = "store";
    story.tell(ProjectChanged{shop, false}).tell(ServiceChanged{app, false});
    append();
    EXPECT_EQ(events({.project = "shop"}).total, 0U);
    EXPECT_EQ(events({.project = "store"}).total, 2U);
}

TEST_P(StoreEvents, OfAProjectAreFoundAfterItAndItsNamesakeAreGone) {
    story.tell(ServiceRemoved{posts.id, "blog", "app", kStart});
    story.tell(ProjectRemoved{blog.id, "blog", kStart});
    auto const again = a_project(9, "blog");
    auto const app_again = a_service(29, again, "app");
    story.tell(ProjectChanged{again, true}).tell(ServiceChanged{app_again, true});
    append();
    EXPECT_EQ(events({.project = "blog"}).total, 3U);
}

}  // namespace
}  // namespace muster::testing
