// A store that comes back after longer than history is kept.

#include <algorithm>

#include <gtest/gtest.h>

#include "simulated_machine.hpp"
#include "told.hpp"

namespace muster::simulation {
namespace {

TEST(Retention, WhatIsPastItWhenTheStoreIsBackIsCountedAndNotWritten) {
    SimulatedMachine machine({.seed = 13, .projects = 0});
    machine.wanted = plain_projects(1, 0);
    machine.wanted[0].services[0].policy.interval = 60s;
    machine.targets().always(target_of_project(1), passing_answer(40ms));
    machine.heal();
    ASSERT_TRUE(machine.start_hub());
    machine.run_for(10min);
    machine.rows.fail_with(MemoryStore::Fault::unavailable);
    machine.run_for(24h * 9);
    machine.rows.fail_with(MemoryStore::Fault::none);
    auto const back_at = machine.loop.now().wall;
    machine.run_for(5min);
    machine.stop_hub();

    constexpr std::uint64_t kPerDay = 24 * 60;
    EXPECT_GT(machine.rows.too_old(), 2 * kPerDay - 60);
    EXPECT_LT(machine.rows.too_old(), 2 * kPerDay + 60);
    auto const& checks = machine.rows.history()->checks;
    EXPECT_GT(checks.size(), 7 * kPerDay - 60);
    auto const written_of_the_gap =
        std::count_if(checks.begin(), checks.end(), [back_at](MemoryHistory::Check const& check) {
            return check.result.accepted_at < back_at - 24h * 7 - 15min;
        });
    EXPECT_EQ(written_of_the_gap, 0) << "but what was there was removed by now";
}

}  // namespace
}  // namespace muster::simulation
