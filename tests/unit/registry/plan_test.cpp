#include <muster/registry/plan.hpp>

#include "wishes.hpp"

namespace muster {
namespace {

using namespace testing;

TEST(Plan, TellsWhatIsNewChangedAndGone) {
    Registry registry;
    EXPECT_EQ(told(settle(registry, {wish("shop", {"db"}), wish("blog")})),
              (Lines{"added project shop", "added project blog", "added service shop/app",
                     "added service shop/db", "added service blog/app"}));
    auto shop = wish("shop", {"db"});
    shop.description = "the shop";
    shop.services[1].policy.interval = 3s;
    shop.services[1].tags = {"eu"};
    EXPECT_EQ(told(settle(registry, {shop})),
              (Lines{"changed project shop: description", "changed service shop/db: interval, tags",
                     "removed service blog/app", "removed project blog"}));
}

TEST(Plan, OfARenamedServiceKeepsItsIdAndItsPhase) {
    Registry registry;
    settle(registry, {wish("shop", {"db"})});
    auto const id = id_of(registry, "shop", "db");
    auto const identity = registry.find(id)->identity;
    auto shop = wish("shop", {"database"});
    shop.services[1].formerly = "db";
    shop.services[1].policy.interval = 3s;
    EXPECT_EQ(told(settle(registry, {shop})),
              Lines{"renamed service shop/database, was shop/db: interval"});
    EXPECT_EQ(id_of(registry, "shop", "database"), id);
    EXPECT_EQ(registry.find(id)->identity, identity);
    EXPECT_EQ(registry.find_service("shop", "db"), nullptr);
}

TEST(Plan, ForgetsFormerlyOnceItIsDone) {
    Registry registry;
    settle(registry, {wish("shop", {"db"})});
    auto shop = wish("shop", {"database"});
    shop.services[1].formerly = "db";
    settle(registry, {shop});
    EXPECT_TRUE(plan_for(registry, {shop}).records.empty());
    EXPECT_TRUE(plan_for(registry, {wish("shop", {"database"})}).records.empty());
}

TEST(Plan, OfARenamedProjectTakesItsServicesAlong) {
    Registry registry;
    settle(registry, {wish("shop", {"db"})});
    auto const project = registry.find_project("shop")->id;
    auto const app = id_of(registry, "shop", "app");
    auto store = wish("store", {"database"});
    store.formerly = "shop";
    store.services[1].formerly = "db";
    auto const db = id_of(registry, "shop", "db");
    EXPECT_EQ(
        told(settle(registry, {store})),
        (Lines{"renamed project store, was shop", "renamed service store/database, was shop/db"}));
    EXPECT_EQ(registry.find_project("store")->id, project);
    EXPECT_EQ(registry.find_project("shop"), nullptr);
    EXPECT_EQ(id_of(registry, "store", "app"), app);
    EXPECT_EQ(id_of(registry, "store", "database"), db);
    EXPECT_EQ(registry.find(app)->project_id, project);
}

TEST(Plan, OfARenamedProjectStillKnowsItsRemovedServices) {
    Registry registry;
    settle(registry, {wish("shop", {"db"})});
    auto const db = id_of(registry, "shop", "db");
    settle(registry, {wish("shop")});
    auto store = wish("store");
    store.formerly = "shop";
    settle(registry, {store});
    settle(registry, {wish("store", {"db"})});
    EXPECT_EQ(id_of(registry, "store", "db"), db);
}

TEST(Plan, MovesAChainOfRenamesInOneGo) {
    Registry registry;
    settle(registry, {wish("shop", {"a", "b"})});
    auto const first = id_of(registry, "shop", "a");
    auto const second = id_of(registry, "shop", "b");
    auto shop = wish("shop", {"b", "c"});
    shop.services[1].formerly = "a";
    shop.services[2].formerly = "b";
    settle(registry, {shop});
    EXPECT_EQ(id_of(registry, "shop", "b"), first);
    EXPECT_EQ(id_of(registry, "shop", "c"), second);
    EXPECT_EQ(id_of(registry, "shop", "a"), ServiceId{});
    EXPECT_TRUE(plan_for(registry, {shop}).records.empty());
}

TEST(Plan, MovesAChainOfProjectsInOneGo) {
    Registry registry;
    settle(registry, {wish("a"), wish("b", {"x"})});
    auto const first = id_of(registry, "a", "app");
    auto const second = id_of(registry, "b", "app");
    auto b = wish("b");
    b.formerly = "a";
    auto c = wish("c", {"x"});
    c.formerly = "b";
    settle(registry, {b, c});
    EXPECT_EQ(id_of(registry, "b", "app"), first);
    EXPECT_EQ(id_of(registry, "c", "app"), second);
    EXPECT_EQ(registry.find_service("b", "x"), nullptr);
}

TEST(Plan, RefusesRingsAndDoubleClaimsByName) {
    Registry registry;
    settle(registry, {wish("shop", {"a", "b"})});
    auto shop = wish("shop", {"a", "b"});
    shop.services[1].formerly = "b";
    shop.services[2].formerly = "a";
    auto const ring = plan_configuration(registry, std::vector{shop}, {}, kNow);
    ASSERT_FALSE(ring);
    EXPECT_EQ(ring.error().code, Errc::invalid);
    EXPECT_EQ(ring.error().message,
              "formerly goes in a ring: shop/a was shop/b was shop/a; rename in two steps over "
              "another name");
    shop = wish("shop", {"c", "d"});
    shop.services[1].formerly = "a";
    shop.services[2].formerly = "a";
    auto const twice = plan_configuration(registry, std::vector{shop}, {}, kNow);
    ASSERT_FALSE(twice);
    EXPECT_EQ(twice.error().message,
              "shop/c and shop/d both say formerly: a; only one can have been it");
}

TEST(Plan, DoesNotRenameWhatIsStillListedAndSaysSo) {
    Registry registry;
    settle(registry, {wish("shop", {"db"})});
    auto const db = id_of(registry, "shop", "db");
    auto shop = wish("shop", {"db", "copy"});
    shop.services[2].formerly = "db";
    auto const plan = settle(registry, {shop});
    EXPECT_EQ(told(plan), Lines{"added service shop/copy"});
    EXPECT_EQ(plan.warnings,
              Lines{"shop/copy says formerly: db, which is still listed: shop/copy is a new one"});
    EXPECT_EQ(id_of(registry, "shop", "db"), db);
}

TEST(Plan, DoesNotMergeTwoThatAreKnownAndSaysSo) {
    Registry registry;
    settle(registry, {wish("shop", {"db", "new"})});
    auto const newer = id_of(registry, "shop", "new");
    auto shop = wish("shop", {"new"});
    shop.services[1].formerly = "db";
    auto const plan = settle(registry, {shop});
    EXPECT_EQ(told(plan), Lines{"removed service shop/db"});
    EXPECT_EQ(plan.warnings, Lines{"shop/new says formerly: db, but both are known: shop/db is "
                                   "not renamed"});
    EXPECT_EQ(id_of(registry, "shop", "new"), newer);
}

TEST(Plan, FindsTheHistoryOfAServiceThatWasRemovedBeforeItsRenameWasTold) {
    Registry registry;
    settle(registry, {wish("shop", {"db"})});
    auto const db = id_of(registry, "shop", "db");
    settle(registry, {wish("shop")});
    auto shop = wish("shop", {"database"});
    shop.services[1].formerly = "db";
    settle(registry, {shop});
    EXPECT_EQ(id_of(registry, "shop", "database"), db);
    settle(registry, {wish("shop", {"db"})});
    EXPECT_NE(id_of(registry, "shop", "db"), db);
}

TEST(Plan, TakesOverWhatTheApiRegisteredAndSaysSo) {
    Registry registry;
    settle(registry, {wish("shop")});
    apply(registry, *plan_registration(registry, service_wish("shop", "db"), kNow));
    auto const db = id_of(registry, "shop", "db");
    auto const plan = settle(registry, {wish("shop", {"db"})});
    EXPECT_EQ(told(plan), Lines{"changed service shop/db: owner"});
    EXPECT_EQ(plan.warnings,
              Lines{"shop/db was registered through the API; the configuration owns it now"});
    EXPECT_EQ(id_of(registry, "shop", "db"), db);
    EXPECT_EQ(registry.find(db)->owner, Owner::file);
}

TEST(Plan, KeepsADroppedProjectForTheServicesOfTheApi) {
    Registry registry;
    settle(registry, {wish("shop")});
    apply(registry, *plan_registration(registry, service_wish("shop", "db"), kNow));
    auto const plan = settle(registry, {});
    EXPECT_EQ(told(plan), (Lines{"removed service shop/app", "changed project shop: owner"}));
    ASSERT_NE(registry.find_project("shop"), nullptr);
    EXPECT_EQ(registry.find_project("shop")->owner, Owner::api);
    EXPECT_NE(registry.find_service("shop", "db"), nullptr);
    EXPECT_TRUE(plan_for(registry, {}).records.empty());
}

TEST(Plan, LetsServicesOfTheApiFollowNewNames) {
    Registry registry;
    settle(registry, {wish("shop", {"db"})});
    auto wanted = service_wish("shop", "probe");
    wanted.depends_on = {{"shop", "db", false}};
    apply(registry, *plan_registration(registry, wanted, kNow));
    auto const probe = id_of(registry, "shop", "probe");
    auto store = wish("store", {"database"});
    store.formerly = "shop";
    store.services[1].formerly = "db";
    EXPECT_EQ(
        told(settle(registry, {store})),
        (Lines{"renamed project store, was shop", "renamed service store/database, was shop/db"}));
    auto const* service = registry.find_service("store", "probe");
    ASSERT_NE(service, nullptr);
    EXPECT_EQ(service->id, probe);
    EXPECT_EQ(service->owner, Owner::api);
    EXPECT_EQ(service->spec.depends_on, (std::vector<Dependency>{{"store", "database", false}}));
}

TEST(Plan, ReplacesTheWindowsOfTheFileAndKeepsThoseThatSayTheSame) {
    Registry registry;
    MaintenanceSpec backups;
    backups.why = "backups";
    MaintenanceSpec patches;
    patches.why = "patches";
    settle(registry, {}, {backups, backups});
    apply(registry, plan_window(registry, patches, kNow));
    ASSERT_EQ(registry.windows().size(), 3U);
    EXPECT_EQ(told(settle(registry, {}, {patches, backups})),
              (Lines{"removed maintenance backups", "added maintenance patches"}));
    std::vector<std::int64_t> ids;
    for (auto const& [id, window] : registry.windows()) {
        ids.push_back(id.value);
    }
    EXPECT_EQ(ids, (std::vector<std::int64_t>{1, 3, 4}));
    EXPECT_EQ(registry.find(MaintenanceId{3})->owner, Owner::api);
}

TEST(Plan, AChangedWindowKeepsItsId) {
    Registry registry;
    MaintenanceSpec backups;
    backups.match.projects = {"shop"};
    backups.why = "backups";
    backups.until = kNow + 1h;
    MaintenanceSpec nameless;
    nameless.match.tags = {"eu"};
    nameless.until = kNow + 1h;
    std::vector<MaintenanceSpec> windows{backups, nameless};
    settle(registry, {}, windows);
    windows[0].match.projects = {"shop", "blog"};
    windows[0].until = kNow + 2h;
    windows[1].until = kNow + 3h;
    windows[1].why = "moving house";
    EXPECT_EQ(told(apply(registry, plan_for(registry, {}, windows, kNow + 60s))),
              (Lines{"changed maintenance backups: match, until",
                     "changed maintenance moving house: until, why"}));
    ASSERT_EQ(registry.windows().size(), 2U);
    for (auto const& [id, window] : registry.windows()) {
        EXPECT_EQ(window.created_at, kNow);
        EXPECT_EQ(window.spec, windows[static_cast<std::size_t>(id.value) - 1]);
    }
    EXPECT_TRUE(plan_for(registry, {}, windows).records.empty());

    // Another reason for other services: nothing says that it is the same.
    windows[0].why = "releases";
    windows[0].match = {};
    auto const other = plan_for(registry, {}, windows);
    EXPECT_EQ(other.count(ChangeAction::removed), 1U);
    EXPECT_EQ(other.count(ChangeAction::added), 1U);
}

}  // namespace
}  // namespace muster
