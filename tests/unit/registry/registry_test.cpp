#include <muster/registry/registry.hpp>

#include <algorithm>
#include <map>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include <muster/registry/plan.hpp>

#include "objects_of.hpp"

namespace muster {
namespace {

WallTime const kNow{Millis(1'700'000'000'000)};

ProjectSpec project(std::string const& name, int port = 3010) {
    return project_of(name, *parse_url("http://127.0.0.1:" + std::to_string(port)));
}

std::vector<RecordBody> plan_for(Registry const& registry, std::vector<ProjectSpec> const& wanted,
                                 WallTime now = kNow) {
    return plan_configuration(registry, wanted, {}, now)->records;
}

void settle(Registry& registry, std::vector<ProjectSpec> const& wanted) {
    for (auto const& change : plan_for(registry, wanted)) {
        registry.apply(change);
    }
}

ServiceId id_of(Registry const& registry, std::string const& project_name,
                std::string const& name) {
    for (auto const& [id, service] : registry.services()) {
        if (service->spec.project == project_name && service->spec.name == name) {
            return id;
        }
    }
    return {};
}

TEST(Registry, GivesEachProjectAndServiceAnId) {
    Registry registry;
    settle(registry, {project("shop"), project("blog", 3011)});
    EXPECT_EQ(registry.projects().size(), 2U);
    ASSERT_EQ(registry.services().size(), 2U);
    auto const& app = *registry.services().begin()->second;
    EXPECT_TRUE(app.id.valid());
    EXPECT_TRUE(app.project_id.valid());
    EXPECT_EQ(app.spec.name, "app");
    EXPECT_EQ(app.created_at, kNow);
}

TEST(Registry, PlansNothingWhenAllIsAsWanted) {
    Registry registry;
    std::vector<ProjectSpec> const wanted{project("shop")};
    settle(registry, wanted);
    EXPECT_TRUE(plan_for(registry, wanted, kNow + 1h).empty());
}

TEST(Registry, TouchesOnlyWhatChanged) {
    Registry registry;
    settle(registry, {project("shop"), project("blog", 3011)});
    auto const shop = id_of(registry, "shop", "app");
    auto changed = project("shop");
    changed.services.front().policy.interval = 3s;
    auto const plan = plan_for(registry, {changed, project("blog", 3011)}, kNow + 1h);
    ASSERT_EQ(plan.size(), 1U);
    auto const& change = std::get<ServiceChanged>(plan.front());
    EXPECT_FALSE(change.added);
    EXPECT_EQ(change.service.id, shop);
    EXPECT_EQ(change.service.created_at, kNow);
    EXPECT_EQ(change.service.updated_at, kNow + 1h);
}

TEST(Registry, RemovesAServiceThatIsNoLongerWantedBeforeItsProject) {
    Registry registry;
    settle(registry, {project("shop")});
    auto const plan = plan_for(registry, {});
    ASSERT_EQ(plan.size(), 2U);
    EXPECT_TRUE(std::holds_alternative<ServiceRemoved>(plan[0]));
    EXPECT_TRUE(std::holds_alternative<ProjectRemoved>(plan[1]));
}

TEST(Registry, GivesAReturningServiceItsOldIdAndNobodyElseEver) {
    Registry registry;
    settle(registry, {project("shop")});
    auto const shop = id_of(registry, "shop", "app");
    auto const identity = registry.find(shop)->identity;
    settle(registry, {project("blog", 3011)});
    EXPECT_EQ(registry.find(shop), nullptr);
    EXPECT_NE(id_of(registry, "blog", "app"), shop);
    settle(registry, {project("shop"), project("blog", 3011)});
    EXPECT_EQ(id_of(registry, "shop", "app"), shop);
    EXPECT_EQ(registry.find(shop)->identity, identity);
}

TEST(Registry, LeavesWhatTheApiOwnsAlone) {
    Registry registry;
    settle(registry, {project("shop")});
    auto service = *registry.services().begin()->second;
    service.id = ServiceId{77};
    service.owner = Owner::api;
    service.spec.name = "extra";
    registry.apply(ServiceChanged{service, true});
    EXPECT_TRUE(plan_for(registry, {project("shop")}).empty());
    EXPECT_NE(registry.find(ServiceId{77}), nullptr);
}

/// Whatever is wished in whatever order: the registry is what was wished last, every identity has
/// always had the same id, no id has had two identities, and its records rebuild it.
RC_GTEST_PROP(Registry, KeepsItsPromisesOverAnyHistory, ()) {
    // Each wish is a set of project numbers, one bit each.
    auto const wishes = *rc::gen::container<std::vector<int>>(rc::gen::inRange(0, 64));
    Registry registry;
    Registry replayed;
    std::map<std::string, std::int64_t> ids;
    for (int const wish : wishes) {
        std::vector<ProjectSpec> wanted;
        for (int number = 0; number < 6; ++number) {
            if ((wish & (1 << number)) != 0) {
                wanted.push_back(project("p" + std::to_string(number), 3000 + number));
            }
        }
        for (auto const& change : plan_for(registry, wanted)) {
            registry.apply(change);
            replayed.apply(change);
        }
        RC_ASSERT(registry.projects().size() == wanted.size());
        RC_ASSERT(registry.services().size() == wanted.size());
        for (auto const& [id, service] : registry.services()) {
            auto const known = ids.try_emplace(service->spec.project, id.value).first;
            RC_ASSERT(known->second == id.value);
        }
        RC_ASSERT(plan_for(registry, wanted).empty());
    }
    std::set<std::int64_t> distinct;
    for (auto const& [name, id] : ids) {
        distinct.insert(id);
    }
    RC_ASSERT(distinct.size() == ids.size());
    RC_ASSERT(testing::objects_of(replayed.services()) == testing::objects_of(registry.services()));
    RC_ASSERT(testing::objects_of(replayed.projects()) == testing::objects_of(registry.projects()));
    RC_ASSERT(replayed.tombstones() == registry.tombstones());
    RC_ASSERT(replayed.next_ids() == registry.next_ids());
}

}  // namespace
}  // namespace muster
