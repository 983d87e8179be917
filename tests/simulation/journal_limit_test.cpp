// A store that stays away until the journal is at its byte limit: what is told only once outlives
// it, and what does not is told as a gap.

#include <algorithm>
#include <set>

#include <gtest/gtest.h>

#include "simulated_machine.hpp"
#include "told.hpp"

namespace muster::simulation {
namespace {

constexpr std::uint64_t kLimit = 30'000;  // five hundred results, about

class FullJournal : public ::testing::Test {
protected:
    FullJournal() : machine({.seed = 11, .projects = 0, .journal_limit = kLimit}) {
        machine.wanted = plain_projects(kProjects, 0);
        for (int number = 1; number <= kProjects; ++number) {
            machine.targets().always(target_of_project(number), passing_answer(40ms));
        }
        machine.heal();
        EXPECT_TRUE(machine.start_hub());
        machine.run_for(5min);
    }

    /// The first service fails for five minutes of every ten.
    void live_on(int times) {
        for (int time = 0; time < times; ++time) {
            machine.targets().always(target_of_project(1),
                                     failing_answer("connection refused", 300us));
            machine.run_for(5min);
            machine.targets().always(target_of_project(1), passing_answer(40ms));
            machine.run_for(5min);
        }
    }

    void store_is_away(bool away) {
        machine.rows.fail_with(away ? MemoryStore::Fault::unavailable : MemoryStore::Fault::none);
    }

    /// Every number that the journal gave out is in the store or in a gap.
    void expect_all_accounted_for() {
        std::set<std::uint64_t> known;
        for (auto const& record : machine.rows.applied()) {
            EXPECT_TRUE(known.insert(record.position.seq).second ||
                        std::holds_alternative<Gap>(record.body));
        }
        for (auto const& gap : told<Gap>(machine)) {
            if (gap.follower == "limit" || gap.follower == "store") {
                for (auto seq = gap.from; seq <= gap.to; ++seq) {
                    known.insert(seq);
                }
            }
        }
        auto const last = machine.rows.applied().back().position.seq;
        EXPECT_EQ(known.size(), last);
    }

    void end() {
        machine.run_for(5min);
        machine.stop_hub();
        for (auto const& complaint : machine.picture.complaints()) {
            ADD_FAILURE() << complaint;
        }
    }

    static constexpr int kProjects = 3;
    SimulatedMachine machine;
};

TEST_F(FullJournal, KeepsEveryTransitionWhileResultsGiveWay) {
    store_is_away(true);
    live_on(4);
    auto const& figures = machine.hub()->figures();
    EXPECT_GT(figures.last_seq, 600U) << "more than fits";
    store_is_away(false);
    end();
    auto const transitions = told<Transition>(machine);
    EXPECT_EQ(std::count_if(transitions.begin(), transitions.end(),
                            [](auto const& one) { return one.to == HealthStatus::down; }),
              4);
    auto const gaps = told<Gap>(machine);
    ASSERT_FALSE(gaps.empty());
    EXPECT_TRUE(std::all_of(gaps.begin(), gaps.end(),
                            [](Gap const& gap) { return gap.follower == "limit"; }));
    expect_all_accounted_for();
}

TEST_F(FullJournal, OutlivesKillsAndPowerLossesMeanwhile) {
    store_is_away(true);
    for (int life = 0; life < 4; ++life) {
        live_on(1);
        if (life % 2 == 0) {
            machine.kill_hub();
        } else {
            machine.lose_power();
        }
        machine.run_for(10s);
        ASSERT_TRUE(machine.start_hub());
        machine.run_for(1min);
    }
    store_is_away(false);
    end();
    auto const transitions = told<Transition>(machine);
    EXPECT_EQ(std::count_if(transitions.begin(), transitions.end(),
                            [](auto const& one) { return one.to == HealthStatus::down; }),
              4);
    expect_all_accounted_for();
}

}  // namespace
}  // namespace muster::simulation
