#include <muster/sharding/handover.hpp>

#include <cstdint>
#include <string>
#include <thread>
#include <utility>
#include <vector>

#include <gtest/gtest.h>

#include <muster/memory/simulated_inbox.hpp>
#include <muster/runtime/loop.hpp>

namespace muster {
namespace {

using Batches = std::vector<std::vector<int>>;

Handover<int>::Take into(Batches& batches) {
    return [&batches](std::vector<int>& values) { batches.push_back(values); };
}

TEST(Handover, GivesWhatWaitsInOneBatchAndInOrder) {
    SimulatedLoop loop;
    SimulatedInbox inbox(loop, [] { return 5ms; });
    Handover<int> handover(inbox);
    Batches batches;
    handover.open(into(batches));
    handover.put(1);
    loop.run_for(3ms);
    handover.put(2);
    EXPECT_EQ(handover.waiting(), 2U);
    EXPECT_EQ(loop.waiting(), 1U) << "a loop that is woken already is not woken again";
    loop.run_for(3ms);
    EXPECT_EQ(batches, (Batches{{1, 2}}));
    EXPECT_EQ(handover.waiting(), 0U);
    handover.put(3);
    loop.run_for(5ms);
    EXPECT_EQ(batches, (Batches{{1, 2}, {3}}));
}

TEST(Handover, KeepsValuesForWhoOpensLater) {
    SimulatedLoop loop;
    SimulatedInbox inbox(loop, [] { return 0ms; });
    Handover<int> handover(inbox);
    handover.put(1);
    loop.run_for(1ms);
    handover.put(2);
    loop.run_for(1ms);
    EXPECT_EQ(handover.waiting(), 2U);
    Batches batches;
    handover.open(into(batches));
    loop.run_for(1ms);
    EXPECT_EQ(batches, (Batches{{1, 2}}));
}

TEST(Handover, WhatIsPutWhileABatchIsTakenComesWithTheNext) {
    SimulatedLoop loop;
    SimulatedInbox inbox(loop, [] { return 0ms; });
    Handover<int> handover(inbox);
    Batches batches;
    handover.open([&](std::vector<int>& values) {
        batches.push_back(values);
        if (values.front() < 3) {
            handover.put(values.front() + 1);
        }
    });
    handover.put(1);
    loop.run_for(1ms);
    EXPECT_EQ(batches, (Batches{{1}, {2}, {3}}));
}

TEST(Handover, GivesNothingOnceItIsClosedOrGone) {
    SimulatedLoop loop;
    SimulatedInbox inbox(loop, [] { return 1ms; });
    Batches batches;
    {
        Handover<int> handover(inbox);
        handover.open(into(batches));
        handover.put(1);
        handover.close();
        loop.run_for(1ms);
        EXPECT_EQ(batches, Batches{});
        handover.put(2);
    }
    loop.run_for(1ms);  // a wake-up that was on its way finds nobody
    EXPECT_EQ(batches, Batches{});
}

/// Real threads: nothing is lost, nothing comes twice, each thread's values keep their order.
TEST(Handover, LosesNothingOfSeveralThreads) {
    constexpr std::uint32_t kThreads = 3;
    constexpr std::uint32_t kEach = 20'000;
    Loop loop;
    Handover<std::pair<std::uint32_t, std::uint32_t>> handover(loop);
    std::vector<std::uint32_t> next(kThreads, 0);
    std::uint32_t wrong = 0;
    std::uint32_t taken = 0;
    handover.open([&](std::vector<std::pair<std::uint32_t, std::uint32_t>>& values) {
        for (auto const& [thread, number] : values) {
            wrong += next[thread]++ == number ? 0 : 1;
        }
        taken += static_cast<std::uint32_t>(values.size());
        if (taken == kThreads * kEach) {
            loop.finish();
        }
    });
    std::vector<std::thread> threads;
    for (std::uint32_t thread = 0; thread < kThreads; ++thread) {
        threads.emplace_back([&handover, thread] {
            for (std::uint32_t number = 0; number < kEach; ++number) {
                handover.put({thread, number});
            }
        });
    }
    loop.run();
    for (auto& thread : threads) {
        thread.join();
    }
    EXPECT_EQ(taken, kThreads * kEach);
    EXPECT_EQ(wrong, 0U);
    EXPECT_EQ(handover.waiting(), 0U);
}

}  // namespace
}  // namespace muster
