#include <muster/domain/dependency_graph.hpp>

#include <deque>
#include <string>
#include <vector>

#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

namespace muster {
namespace {

using Kind = DependencyProblem::Kind;

/// Services by hand: `add("shop", "web", {{"shop", "db"}})`.
struct Services {
    std::deque<std::pair<std::string, std::string>> names;
    std::deque<std::vector<Dependency>> needs;
    std::vector<Dependent> all;

    void add(std::string project, std::string service, std::vector<Dependency> needed = {}) {
        names.emplace_back(std::move(project), std::move(service));
        needs.push_back(std::move(needed));
        all.push_back({names.back().first, names.back().second, &needs.back()});
    }
};

TEST(DependencyProblems, OfAGraphWithoutRingsAreNone) {
    Services services;
    services.add("shop", "web", {{"shop", "api"}, {"shop", "cache", true}});
    services.add("shop", "api", {{"shop", "db"}, {"auth", "app"}});
    services.add("shop", "cache");
    services.add("shop", "db");
    services.add("auth", "app", {{"shop", "db"}});
    EXPECT_TRUE(dependency_problems(services.all).empty());

    DependencyGraph const graph(services.all);
    EXPECT_EQ(graph.needs(0), (std::vector<DependencyGraph::Edge>{{1, false}, {2, true}}));
    EXPECT_EQ(graph.needs(1), (std::vector<DependencyGraph::Edge>{{3, false}, {4, false}}));
    EXPECT_EQ(graph.needed_by(3), (std::vector<DependencyGraph::Edge>{{1, false}, {4, false}}));
    EXPECT_TRUE(graph.needed_by(0).empty());
}

TEST(DependencyProblems, NameARingFromWhereItIsEntered) {
    Services services;
    services.add("shop", "a", {{"shop", "b"}});
    services.add("shop", "b", {{"shop", "c"}});
    services.add("shop", "c", {{"shop", "a"}});
    auto const problems = dependency_problems(services.all);
    ASSERT_EQ(problems.size(), 1U);
    EXPECT_EQ(problems[0],
              (DependencyProblem{Kind::ring, 2, 0, "dependencies form a ring: a -> b -> c -> a"}));
    // What closes the ring is left out; the rest still holds.
    DependencyGraph const graph(services.all);
    EXPECT_TRUE(graph.needs(2).empty());
    EXPECT_EQ(graph.needs(0).size(), 1U);
}

TEST(DependencyProblems, NameProjectsWhereARingCrossesThem) {
    Services services;
    services.add("shop", "app", {{"auth", "app"}});
    services.add("auth", "app", {{"shop", "app", true}});
    auto const problems = dependency_problems(services.all);
    ASSERT_EQ(problems.size(), 1U);
    EXPECT_EQ(problems[0].message, "dependencies form a ring: shop/app -> auth/app -> shop/app");
}

TEST(DependencyProblems, AServiceMayNotNeedItself) {
    Services services;
    services.add("shop", "db", {{"shop", "db"}});
    auto const problems = dependency_problems(services.all);
    ASSERT_EQ(problems.size(), 1U);
    EXPECT_EQ(problems[0].message, "dependencies form a ring: db -> db");
}

TEST(DependencyProblems, NameATargetThatDoesNotExistEvenAnOptionalOne) {
    Services services;
    services.add("shop", "web", {{"shop", "db"}, {"shop", "cach", true}, {"shup", "db"}});
    services.add("shop", "db");
    auto const problems = dependency_problems(services.all);
    ASSERT_EQ(problems.size(), 2U);
    EXPECT_EQ(problems[0],
              (DependencyProblem{Kind::unknown_target, 0, 1,
                                 "shop/web depends on shop/cach, which does not exist"}));
    EXPECT_EQ(problems[1].message, "shop/web depends on shup/db, which does not exist");
}

TEST(DependencyProblems, NameATargetThatIsThereTwice) {
    Services services;
    services.add("shop", "web", {{"shop", "db"}, {"shop", "db", true}});
    services.add("shop", "db");
    auto const problems = dependency_problems(services.all);
    ASSERT_EQ(problems.size(), 1U);
    EXPECT_EQ(problems[0].kind, Kind::twice);
    EXPECT_EQ(problems[0].message, "shop/web depends on shop/db twice");
}

TEST(DependencyProblems, TellEachOfSeveralRingsOnceAndInOrder) {
    Services services;
    services.add("p", "a", {{"p", "b"}});
    services.add("p", "b", {{"p", "a"}, {"p", "c"}});
    services.add("p", "c", {{"p", "d"}, {"p", "none"}});
    services.add("p", "d", {{"p", "c"}});
    auto const problems = dependency_problems(services.all);
    ASSERT_EQ(problems.size(), 3U);
    EXPECT_EQ(problems[0].message, "dependencies form a ring: a -> b -> a");
    EXPECT_EQ(problems[1].message, "p/c depends on p/none, which does not exist");
    EXPECT_EQ(problems[2].message, "dependencies form a ring: c -> d -> c");
}

void add_chain(Services& services, std::size_t edges) {
    for (std::size_t at = 0; at < edges; ++at) {
        services.add("p", "s" + std::to_string(at), {{"p", "s" + std::to_string(at + 1)}});
    }
    services.add("p", "s" + std::to_string(edges));
}

TEST(DependencyProblems, BoundTheLengthOfAChain) {
    Services longest;
    add_chain(longest, DependencyGraph::kDeepest);
    EXPECT_TRUE(dependency_problems(longest.all).empty());
    Services longer;
    add_chain(longer, DependencyGraph::kDeepest + 1);
    auto const problems = dependency_problems(longer.all);
    ASSERT_EQ(problems.size(), 1U);
    EXPECT_EQ(problems[0].kind, Kind::too_deep);
    EXPECT_EQ(problems[0].message,
              "p/s0 depends on p/s1, and the chain behind that is 256 services deep: at most 256 "
              "may follow each other");
}

TEST(DependencyProblems, OfTwentyThousandServicesInOneChainAreFoundWithoutRecursion) {
    Services services;
    add_chain(services, 20'000);
    EXPECT_EQ(dependency_problems(services.all).size(), 20'000U / (DependencyGraph::kDeepest + 1));
}

/// Whatever is refused, what is left has no ring: every walk along it ends.
RC_GTEST_PROP(DependencyGraphProperty, NeverHoldsARingAndLosesNoOtherEdge, ()) {
    auto const size = *rc::gen::inRange<std::size_t>(1, 12);
    Services services;
    for (std::size_t at = 0; at < size; ++at) {
        std::vector<Dependency> needs;
        for (auto left = *rc::gen::inRange(0, 4); left > 0; --left) {
            needs.push_back({"p", "s" + std::to_string(*rc::gen::inRange<std::size_t>(0, size + 1)),
                             *rc::gen::arbitrary<bool>()});
        }
        services.add("p", "s" + std::to_string(at), needs);
    }
    DependencyGraph const graph(services.all);
    std::size_t kept = 0;
    for (std::size_t start = 0; start < size; ++start) {
        kept += graph.needs(start).size();
        // Naively: all that can be reached; the start must not be among it.
        std::vector<bool> reached(size, false);
        std::vector<std::size_t> left{start};
        while (!left.empty()) {
            auto const at = left.back();
            left.pop_back();
            for (auto const& edge : graph.needs(at)) {
                RC_ASSERT(edge.to != start);
                if (!reached[edge.to]) {
                    reached[edge.to] = true;
                    left.push_back(edge.to);
                }
            }
        }
    }
    std::size_t given = 0;
    for (auto const& needs : services.needs) {
        given += needs.size();
    }
    RC_ASSERT(kept + dependency_problems(services.all).size() == given);
}

}  // namespace
}  // namespace muster
