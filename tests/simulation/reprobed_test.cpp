// A service that is probed in another way from now on: what was found out before is no evidence
// about what is probed now, while the hub lives and after it died.

#include <optional>

#include <gtest/gtest.h>

#include "simulated_machine.hpp"
#include "told.hpp"

namespace muster::simulation {
namespace {

enum class Death { none, after_the_change, before_the_change };

class Reprobed : public ::testing::TestWithParam<Death> {
protected:
    Reprobed() : machine({.seed = 5, .projects = 0}) {
        machine.wanted = plain_projects(1, 3);
        machine.targets().always(target_of_project(1), passing_answer(40ms));
        machine.targets().always(target_of_project(2), failing_answer("connection refused", 300us));
        machine.heal();
        EXPECT_TRUE(machine.start_hub());
        machine.run_for(5min);
    }

    [[nodiscard]] HealthState state() {
        HealthState state;
        machine.hub()->each(
            [&state](Service const&, Tracker const& tracker) { state = tracker.health; });
        return state;
    }

    /// One more failure and it would be down.
    void fail_three_times() {
        machine.targets().always(target_of_project(1), failing_answer("connection refused", 300us));
        for (int step = 0; step < 200 && state().failures < 3; ++step) {
            machine.run_for(100ms);
        }
        ASSERT_EQ(state(), (HealthState{HealthStatus::up, 3, 0}));
    }

    void point_at_another_target() {
        auto other = plain_projects(2, 3)[1];
        other.name = machine.wanted[0].name;
        for (auto& service : other.services) {
            service.project = other.name;
        }
        machine.wanted[0] = std::move(other);
    }

    void change_as_told() {
        if (GetParam() == Death::before_the_change) {
            machine.kill_hub();
            point_at_another_target();
            ASSERT_TRUE(machine.start_hub());
            return;
        }
        point_at_another_target();
        auto const report = machine.hub()->reload(machine.wanted, {});
        ASSERT_TRUE(report) << report.error().message;
        if (GetParam() == Death::after_the_change) {
            machine.kill_hub();
            ASSERT_TRUE(machine.start_hub());
        }
    }

    SimulatedMachine machine;
};

TEST_P(Reprobed, StartsCountingAnew) {
    fail_three_times();
    auto const changed_at = machine.loop.now().wall;
    change_as_told();
    EXPECT_EQ(state(), (HealthState{HealthStatus::up, 0, 0}));
    for (int step = 0; step < 200 && state().failures == 0; ++step) {
        machine.run_for(10ms);
    }
    EXPECT_EQ(state(), (HealthState{HealthStatus::up, 1, 0})) << "not down by old failures";
    machine.run_for(1min);
    EXPECT_EQ(state().status, HealthStatus::down);
    machine.picture.compare(*machine.hub(), machine.loop.now().wall);
    machine.stop_hub();

    auto const transitions = told<Transition>(machine);
    ASSERT_FALSE(transitions.empty());
    auto const& fell = transitions.back();
    EXPECT_EQ(fell.to, HealthStatus::down);
    EXPECT_EQ(fell.reason.count, 4U);
    ASSERT_EQ(fell.reason.deciding.size(), 4U);
    EXPECT_GE(fell.reason.deciding.front().at, changed_at);
    for (auto const& complaint : machine.picture.complaints()) {
        ADD_FAILURE() << complaint;
    }
}

INSTANTIATE_TEST_SUITE_P(Deaths, Reprobed,
                         ::testing::Values(Death::none, Death::after_the_change,
                                           Death::before_the_change));

}  // namespace
}  // namespace muster::simulation
