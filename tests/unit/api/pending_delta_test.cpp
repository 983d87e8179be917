#include <muster/api/pending_delta.hpp>

#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include <unit/api/deltas.hpp>

namespace muster {
namespace {

TEST(PendingDelta, HandsOverWhatItWasGiven) {
    PendingDelta pending;
    EXPECT_TRUE(pending.empty());
    pending.add(delta_of(project_view(1, "shop")));
    EXPECT_FALSE(pending.empty());
    EXPECT_EQ(pending.take().projects.size(), 1U);
    EXPECT_TRUE(pending.empty());
    EXPECT_TRUE(pending.take().empty());
}

TEST(PendingDelta, KeepsOneRowAnObject) {
    PendingDelta pending;
    for (int round = 0; round < 1000; ++round) {
        auto delta = delta_of(project_view(1, "shop"));
        delta.seq = static_cast<std::uint64_t>(round);
        delta.services.push_back(service_view(2, 1, "app"));
        delta.metrics.push_back({ProjectId{1}, WallTime(Millis(round)), {}});
        delta.urgent = round == 3;
        pending.add(std::move(delta));
    }
    auto const merged = pending.take();
    EXPECT_EQ(merged.projects.size(), 1U);
    EXPECT_EQ(merged.services.size(), 1U);
    ASSERT_EQ(merged.metrics.size(), 1U);
    EXPECT_EQ(merged.metrics.front().at, WallTime(Millis(999)));
    EXPECT_EQ(merged.seq, 999U);
    EXPECT_TRUE(merged.urgent);
}

TEST(PendingDelta, KeepsTheNewestTransitionsAlsoOverAReset) {
    PendingDelta pending;
    for (std::size_t round = 0; round < PendingDelta::kMaxTransitions + 5; ++round) {
        FleetDelta delta;
        delta.transitions.emplace_back().service = ServiceId{static_cast<std::int64_t>(round)};
        pending.add(std::move(delta));
    }
    FleetDelta reset;
    reset.reset = true;
    pending.add(std::move(reset));
    EXPECT_EQ(pending.lost_transitions(), 5U);
    auto const merged = pending.take();
    ASSERT_EQ(merged.transitions.size(), PendingDelta::kMaxTransitions);
    EXPECT_EQ(merged.transitions.front().service, ServiceId{5});
    EXPECT_TRUE(merged.reset);
}

RC_GTEST_PROP(PendingDelta, MergingChangesNothing, ()) {
    NaivePicture at_once;
    NaivePicture merged;
    PendingDelta pending;
    for (auto const& delta : arbitrary_life()) {
        at_once.apply(delta);
        pending.add(delta);
        if (*rc::gen::inRange(0, 4) == 0) {
            merged.apply(pending.take());
        }
    }
    merged.apply(pending.take());
    RC_ASSERT(merged.projects == at_once.projects);
    RC_ASSERT(merged.services == at_once.services);
    RC_ASSERT(merged.metrics == at_once.metrics);
    RC_ASSERT(merged.registered == at_once.registered);
}

}  // namespace
}  // namespace muster
