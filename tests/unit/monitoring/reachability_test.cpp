#include <muster/monitoring/reachability.hpp>

#include <algorithm>
#include <cstdint>
#include <functional>
#include <map>
#include <set>
#include <string>
#include <vector>

#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

namespace muster {
namespace {

using Ids = std::vector<ServiceId>;

class ReachabilityTest : public ::testing::Test {
protected:
    void add(int id, std::string name, std::vector<Dependency> needs = {}) {
        Service service;
        service.id = ServiceId{id};
        service.spec.project = "shop";
        service.spec.name = std::move(name);
        service.spec.depends_on = std::move(needs);
        services.insert_or_assign(service.id, share(service));
    }

    static Dependency on(std::string name, bool optional = false) {
        return {"shop", std::move(name), optional};
    }

    /// web -> api -> db, api -> cache (optional)
    void add_chain() {
        add(1, "web", {on("api")});
        add(2, "api", {on("db"), on("cache", true)});
        add(3, "db");
        add(4, "cache");
        reachability.assign(services);
    }

    std::map<ServiceId, SharedService> services;
    Reachability reachability;
};

TEST_F(ReachabilityTest, WhoRequiresWhatIsDownIsUnreachableHoweverFarAway) {
    add_chain();
    EXPECT_FALSE(reachability.fault({1}));
    EXPECT_EQ(reachability.set_down({3}, true, "connection refused"), (Ids{{1}, {2}}));
    for (int const id : {1, 2}) {
        auto const fault = reachability.fault({id});
        ASSERT_TRUE(fault);
        EXPECT_EQ(fault->root, "shop/db");
        EXPECT_EQ(fault->why, "shop/db is down: connection refused");
    }
    EXPECT_FALSE(reachability.fault({3})) << "itself it is down, not unreachable";
    EXPECT_EQ(reachability.set_down({3}, false, {}), (Ids{{1}, {2}}));
    EXPECT_FALSE(reachability.fault({1}));
}

TEST_F(ReachabilityTest, OtherDependenciesTellWhoseRootCauseMoved) {
    add_chain();
    add(5, "replica");
    add(6, "report", {on("api")});
    EXPECT_EQ(reachability.assign(services), Ids{});
    reachability.set_down({3}, true, "");
    reachability.set_down({5}, true, "");
    add(2, "api", {on("replica"), on("cache", true)});
    EXPECT_EQ(reachability.assign(services), (Ids{{1}, {2}, {6}})) << "from db to replica";
    EXPECT_EQ(reachability.fault({1})->root, "shop/replica");
    EXPECT_EQ(reachability.assign(services), Ids{});

    add(5, "standby");
    add(2, "api", {on("standby")});
    EXPECT_EQ(reachability.assign(services), (Ids{{1}, {2}, {6}})) << "it bears another name";
    services.erase({6});
    add(2, "api");
    add(7, "batch", {on("standby")});
    EXPECT_EQ(reachability.assign(services), (Ids{{1}, {2}, {6}, {7}}));
    EXPECT_FALSE(reachability.fault({1}));
    EXPECT_TRUE(reachability.fault({7}));
}

TEST_F(ReachabilityTest, OnlyChangesOfDependenciesTouchIt) {
    add_chain();
    auto const touched = [this](ServiceSpec const* before, ServiceSpec const* after) {
        return reachability.is_touched(before, after);
    };
    auto const& web = services.at({1})->spec;
    auto faster = web;
    faster.policy.interval = 1s;
    EXPECT_FALSE(touched(&web, &faster));
    auto needs_more = web;
    needs_more.depends_on.push_back(on("cache"));
    EXPECT_TRUE(touched(&web, &needs_more));
    auto renamed = services.at({3})->spec;
    renamed.name = "postgres";
    EXPECT_TRUE(touched(&services.at({3})->spec, &renamed)) << "somebody needs it by its name";
    ServiceSpec stranger;
    stranger.project = "shop";
    stranger.name = "stranger";
    EXPECT_FALSE(touched(nullptr, &stranger));
    EXPECT_FALSE(touched(&stranger, nullptr));
    EXPECT_TRUE(touched(&services.at({4})->spec, nullptr));
    stranger.name = "cache";
    EXPECT_TRUE(touched(nullptr, &stranger));
}

TEST_F(ReachabilityTest, TheDeepestThatIsDownIsAtFault) {
    add_chain();
    EXPECT_EQ(reachability.set_down({2}, true, "HTTP error: 500"), (Ids{{1}}));
    EXPECT_EQ(reachability.fault({1})->root, "shop/api");
    EXPECT_EQ(reachability.set_down({3}, true, ""), (Ids{{1}, {2}})) << "another root cause";
    EXPECT_EQ(reachability.fault({1})->root, "shop/db");
    EXPECT_EQ(reachability.fault({1})->why, "shop/db is down");
    EXPECT_EQ(reachability.set_down({3}, false, ""), (Ids{{1}, {2}}));
    EXPECT_EQ(reachability.fault({1})->root, "shop/api");
    EXPECT_FALSE(reachability.fault({2}));
}

TEST_F(ReachabilityTest, AnOptionalDependencyExplainsButDoesNotMakeUnreachable) {
    add_chain();
    EXPECT_TRUE(reachability.set_down({4}, true, "timed out").empty());
    EXPECT_FALSE(reachability.fault({2}));
    EXPECT_FALSE(reachability.fault({1}));
    ASSERT_TRUE(reachability.explanation({2}));
    EXPECT_EQ(reachability.explanation({2})->root, "shop/cache");
    EXPECT_FALSE(reachability.explanation({1})) << "web does not use the cache";
    (void)reachability.set_down({3}, true, "");
    EXPECT_EQ(reachability.explanation({2})->root, "shop/db") << "the required one first";
}

TEST_F(ReachabilityTest, SuspectsAreWhatIsNeededAndNotKnownToBeDown) {
    add_chain();
    EXPECT_EQ(reachability.suspects({2}), (Ids{{3}, {4}}));
    (void)reachability.set_down({3}, true, "");
    EXPECT_EQ(reachability.suspects({2}), (Ids{{4}}));
    EXPECT_TRUE(reachability.suspects({3}).empty());
    EXPECT_TRUE(reachability.suspects({77}).empty());
}

TEST_F(ReachabilityTest, KnowsWhoIsDownWhenDependenciesChange) {
    add(1, "web");
    add(3, "db");
    reachability.assign(services);
    EXPECT_TRUE(reachability.set_down({3}, true, "away").empty());
    add(1, "web", {on("db")});
    reachability.assign(services);
    ASSERT_TRUE(reachability.fault({1}));
    EXPECT_EQ(reachability.fault({1})->why, "shop/db is down: away");
    services.erase({3});
    reachability.assign(services);
    EXPECT_FALSE(reachability.fault({1})) << "it depends on nobody any more";
}

TEST_F(ReachabilityTest, ARingThatShouldNotBeThereHurtsNobody) {
    add(1, "a", {on("b")});
    add(2, "b", {on("a")});
    reachability.assign(services);
    (void)reachability.set_down({1}, true, "");
    (void)reachability.set_down({2}, true, "");
    EXPECT_EQ(reachability.fault({1})->root, "shop/b");
    (void)reachability.set_down({1}, false, "");
    (void)reachability.set_down({2}, false, "");
    EXPECT_FALSE(reachability.fault({1}));
    EXPECT_FALSE(reachability.fault({2}));
}

/// Against a look at the whole graph after every change; what is told is exactly what differs.
RC_GTEST_PROP(ReachabilityProperty, AgreesWithTheWholeGraphLookedAtAnew, ()) {
    constexpr int kServices = 8;
    std::map<ServiceId, SharedService> services;
    for (int id = 0; id < kServices; ++id) {
        Service service;
        service.id = ServiceId{id};
        service.spec.project = "p";
        service.spec.name = "s" + std::to_string(id);
        std::set<int> needs;
        for (auto left = id == 0 ? 0 : *rc::gen::inRange(0, 4); left > 0; --left) {
            needs.insert(*rc::gen::inRange(0, id));
        }
        for (int const need : needs) {
            service.spec.depends_on.push_back(
                {"p", "s" + std::to_string(need), *rc::gen::inRange(0, 3) == 0});
        }
        services.emplace(service.id, share(service));
    }
    Reachability reachability;
    reachability.assign(services);
    std::set<std::int64_t> down;
    auto const number_of = [](std::string const& name) { return std::stoll(name.substr(1)); };
    std::function<bool(std::int64_t)> unreachable = [&](std::int64_t id) {
        auto const& needs = services.at(ServiceId{id})->spec.depends_on;
        return std::any_of(needs.begin(), needs.end(), [&](Dependency const& need) {
            auto const number = number_of(need.service);
            return !need.optional && (down.contains(number) || unreachable(number));
        });
    };
    std::map<ServiceId, std::string> roots;
    for (auto steps = *rc::gen::inRange(0, 30); steps > 0; --steps) {
        auto const id = *rc::gen::inRange<std::int64_t>(0, kServices);
        bool const falls = !down.contains(id);
        falls ? (void)down.insert(id) : (void)down.erase(id);
        auto const told = reachability.set_down({id}, falls, "x");
        std::vector<ServiceId> changed;
        for (auto const& [service_id, service] : services) {
            auto const fault = reachability.fault(service_id);
            RC_ASSERT(fault.has_value() == unreachable(service_id.value));
            auto const root = fault ? fault->root : std::string();
            if (fault) {
                auto const at_fault = number_of(root.substr(2));
                RC_ASSERT(down.contains(at_fault));
                RC_ASSERT(!unreachable(at_fault));  // nothing that it requires is down: the deepest
            }
            if (roots[service_id] != root) {
                changed.push_back(service_id);
                roots[service_id] = root;
            }
        }
        RC_ASSERT(told == changed);
    }
}

}  // namespace
}  // namespace muster
