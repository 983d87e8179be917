#include "wishes.hpp"

namespace muster {
namespace {

using namespace testing;

TEST(ApiPlan, RegistersAServiceAndItsProjectWithIt) {
    Registry registry;
    EXPECT_EQ(told(apply(registry, *plan_registration(registry, service_wish("shop", "db"), kNow))),
              (Lines{"added project shop", "added service shop/db"}));
    EXPECT_EQ(registry.find_project("shop")->owner, Owner::api);
    EXPECT_EQ(registry.find_service("shop", "db")->owner, Owner::api);
    EXPECT_TRUE(plan_registration(registry, service_wish("shop", "db"), kNow)->records.empty());
}

TEST(ApiPlan, UpdatesWhatTheApiOwnsAndRefusesWhatTheFileOwns) {
    Registry registry;
    settle(registry, {wish("shop")});
    apply(registry, *plan_registration(registry, service_wish("shop", "db"), kNow));
    auto const db = id_of(registry, "shop", "db");
    auto wanted = service_wish("shop", "db");
    wanted.policy.timeout = 2s;
    EXPECT_EQ(told(apply(registry, *plan_registration(registry, wanted, kNow))),
              Lines{"changed service shop/db: timeout"});
    EXPECT_EQ(id_of(registry, "shop", "db"), db);
    auto const refused = plan_registration(registry, service_wish("shop", "app"), kNow);
    ASSERT_FALSE(refused);
    EXPECT_EQ(refused.error().code, Errc::conflict);
    EXPECT_EQ(refused.error().message,
              "shop/app is owned by the configuration file: change it there and reload");
}

TEST(ApiPlan, RenamesByReplacingAndKeepsTheId) {
    Registry registry;
    apply(registry, *plan_registration(registry, service_wish("shop", "db"), kNow));
    auto needing = service_wish("shop", "web");
    needing.depends_on = {{"shop", "db", true}};
    apply(registry, *plan_registration(registry, needing, kNow));
    auto const db = id_of(registry, "shop", "db");
    EXPECT_EQ(told(apply(registry,
                         *plan_replacement(registry, db, service_wish("shop", "database"), kNow))),
              Lines{"renamed service shop/database, was shop/db"});
    EXPECT_EQ(id_of(registry, "shop", "database"), db);
    EXPECT_EQ(registry.find_service("shop", "web")->spec.depends_on,
              (std::vector<Dependency>{{"shop", "database", true}}));

    auto const taken = plan_replacement(registry, db, service_wish("shop", "web"), kNow);
    EXPECT_EQ(taken.error().message, "name: there is a shop/web already");
    auto const moved = plan_replacement(registry, db, service_wish("blog", "db"), kNow);
    EXPECT_EQ(moved.error().code, Errc::invalid);
    auto const nobody = plan_replacement(registry, ServiceId{99}, service_wish("a", "b"), kNow);
    EXPECT_EQ(nobody.error().code, Errc::not_found);
}

TEST(ApiPlan, RefusesDependenciesThatNameNobodyOrFormARing) {
    Registry registry;
    settle(registry, {wish("shop")});
    auto wanted = service_wish("shop", "db");
    wanted.depends_on = {{"shop", "cache", false}};
    EXPECT_EQ(plan_registration(registry, wanted, kNow).error().message,
              "dependsOn: shop/db depends on shop/cache, which does not exist");
    apply(registry, *plan_registration(registry, service_wish("shop", "cache"), kNow));
    apply(registry, *plan_registration(registry, wanted, kNow));
    auto ring = service_wish("shop", "cache");
    ring.depends_on = {{"shop", "db", true}};
    auto const refused = plan_registration(registry, ring, kNow);
    ASSERT_FALSE(refused);
    EXPECT_EQ(refused.error().code, Errc::invalid);

    // The file may not close one either.
    auto shop = wish("shop");
    shop.services.front().depends_on = {{"shop", "db", false}};
    EXPECT_TRUE(plan_configuration(registry, std::vector{shop}, {}, kNow));
    auto needing_app = service_wish("shop", "cache");
    needing_app.depends_on = {{"shop", "app", false}};
    apply(registry, *plan_registration(registry, needing_app, kNow));
    EXPECT_FALSE(plan_configuration(registry, std::vector{shop}, {}, kNow));
}

TEST(ApiPlan, RefusesARenameThatWouldFormARing) {
    Registry registry;
    apply(registry, *plan_registration(registry, service_wish("shop", "db"), kNow));
    auto web = service_wish("shop", "web");
    web.depends_on = {{"shop", "db", true}};
    apply(registry, *plan_registration(registry, web, kNow));
    auto wanted = service_wish("shop", "database");
    wanted.depends_on = {{"shop", "web", false}};
    auto const refused = plan_replacement(registry, id_of(registry, "shop", "db"), wanted, kNow);
    ASSERT_FALSE(refused);
    EXPECT_EQ(refused.error().message,
              "dependsOn: dependencies form a ring: database -> web -> database");
}

TEST(ApiPlan, RemovesAServiceAndTheProjectThatWasMadeForIt) {
    Registry registry;
    apply(registry, *plan_registration(registry, service_wish("shop", "a"), kNow));
    apply(registry, *plan_registration(registry, service_wish("shop", "b"), kNow));
    EXPECT_EQ(told(apply(registry, *plan_removal(registry, id_of(registry, "shop", "a"), kNow))),
              Lines{"removed service shop/a"});
    auto const b = id_of(registry, "shop", "b");
    EXPECT_EQ(told(apply(registry, *plan_removal(registry, b, kNow))),
              (Lines{"removed service shop/b", "removed project shop"}));
    EXPECT_EQ(plan_removal(registry, b, kNow).error().code, Errc::not_found);
    // Whoever comes back is who was there before.
    apply(registry, *plan_registration(registry, service_wish("shop", "b"), kNow));
    EXPECT_EQ(id_of(registry, "shop", "b"), b);
    settle(registry, {wish("blog")});
    EXPECT_EQ(plan_removal(registry, id_of(registry, "blog", "app"), kNow).error().code,
              Errc::conflict);
}

TEST(ApiPlan, OwnsItsWindowsOnly) {
    Registry registry;
    MaintenanceSpec spec;
    spec.why = "patches";
    settle(registry, {}, {spec});
    apply(registry, plan_window(registry, spec, kNow));
    EXPECT_EQ(plan_window_removal(registry, MaintenanceId{1}, kNow).error().code, Errc::conflict);
    apply(registry, *plan_window_removal(registry, MaintenanceId{2}, kNow));
    EXPECT_EQ(registry.windows().size(), 1U);
    EXPECT_EQ(plan_window_removal(registry, MaintenanceId{2}, kNow).error().code, Errc::not_found);
    EXPECT_EQ(registry.next_ids().maintenance, 3);
}

TEST(ApiPlan, ForgetsItsWindowsThatAreLongPast) {
    Registry registry;
    MaintenanceSpec past;
    past.until = kNow;
    MaintenanceSpec weekly = past;
    weekly.weekly = WeeklyWindow{};
    MaintenanceSpec endless;
    settle(registry, {}, {past});
    for (auto const& spec : {past, weekly, endless}) {
        apply(registry, plan_window(registry, spec, kNow));
    }
    auto const in_time = plan_window(registry, endless, kNow + kPastWindowsAreKept);
    EXPECT_EQ(in_time.records.size(), 1U);
    auto const late = plan_window(registry, endless, kNow + kPastWindowsAreKept + 1ms);
    EXPECT_EQ(told(late), (Lines{"added maintenance #5", "removed maintenance #2"}));
    ASSERT_TRUE(std::holds_alternative<MaintenanceChanged>(late.records.front()));
}

TEST(ApiPlan, HasRoomForSoManyWindows) {
    Registry registry;
    MaintenanceSpec spec;
    spec.until = kNow;
    settle(registry, {}, {spec, spec});
    for (std::size_t window = 0; window < kMaxApiWindows; ++window) {
        auto const plan = plan_window(registry, spec, kNow);
        ASSERT_TRUE(check_room_for_windows(registry, plan));
        apply(registry, plan);
    }
    auto const refused = check_room_for_windows(registry, plan_window(registry, spec, kNow));
    ASSERT_FALSE(refused);
    EXPECT_EQ(refused.error().code, Errc::conflict);
    EXPECT_EQ(refused.error().message,
              "there are 1000 maintenance windows of the API already: remove those that are no "
              "longer needed");
    // What makes no more of them is let through, and what was long past makes room.
    EXPECT_TRUE(check_room_for_windows(
        registry, plan_for(registry, {wish("shop")}, {spec, spec, MaintenanceSpec{}})));
    EXPECT_TRUE(check_room_for_windows(registry, plan_window(registry, spec, kNow + 8 * 24h)));
}

}  // namespace
}  // namespace muster
