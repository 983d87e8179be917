// What goes wrong with the hub, its machine or its network is never held against a target, and is
// told as the hub's own problem (semantics: faults 19 to 22).

#include <string>
#include <vector>

#include <gtest/gtest.h>

#include "simulated_machine.hpp"
#include "told.hpp"

namespace muster::simulation {
namespace {

/// A hub that has watched five healthy targets for ten minutes.
class OwnTroubles : public ::testing::Test {
protected:
    explicit OwnTroubles(std::vector<MaintenanceSpec> windows = {})
        : machine({.seed = 7, .projects = 0, .maintenance = std::move(windows)}) {}

    void begin(std::uint32_t retries) {
        machine.wanted = plain_projects(kProjects, retries);
        for (int number = 1; number <= kProjects; ++number) {
            auto answer = passing_answer(40ms);
            answer.outcome.phases.dns = 1ms;
            machine.targets().always(target_of_project(number), answer);
        }
        ASSERT_TRUE(machine.start_hub());
        machine.run_for(10min);
    }

    /// Ends the story; what reached the store can then be asked for.
    void end() {
        machine.heal();
        machine.run_for(1min);
        machine.stop_hub();
        for (auto const& complaint : machine.picture.complaints()) {
            ADD_FAILURE() << complaint;
        }
    }

    void expect_nobody_was_blamed() {
        for (auto const& transition : told<Transition>(machine)) {
            EXPECT_EQ(transition.from, HealthStatus::unknown) << describe(transition);
            EXPECT_EQ(transition.to, HealthStatus::up) << describe(transition);
        }
        for (auto const& result : told<CheckResult>(machine)) {
            EXPECT_EQ(result.after.failures, 0U) << result.outcome.error;
            EXPECT_EQ(result.uptime_percent, 100);
        }
    }

    /// Of the journal's and the store's own troubles nothing is asked here.
    std::vector<std::string> problems_told() {
        std::vector<std::string> problems;
        for (auto const& problem : told<HubProblem>(machine)) {
            if (problem.what != "store" && problem.what != "journal" && problem.what != "bus") {
                problems.push_back(problem.what + (problem.over ? " over" : ""));
            }
        }
        return problems;
    }

    [[nodiscard]] double least_coverage() {
        double least = 100;
        machine.hub()->each([&](Service const&, Tracker const& tracker) {
            auto const now = machine.loop.now().wall;
            least = std::min(least, tracker.availability.over_last_day(now).coverage_percent);
        });
        return least;
    }

    static constexpr int kProjects = 5;
    SimulatedMachine machine;
};

TEST_F(OwnTroubles, AHubThatStoodStillBlamesNobodyAndShowsTheTimeAsUnobserved) {
    begin(0);
    auto const coverage = least_coverage();
    for (auto const length : {90s, 4s, 600s}) {
        // Probes are under way, and their answers come to nobody.
        machine.set_weather(Weather::black_hole);
        machine.run_for(11s - 7s);
        machine.stop_for(length);
        machine.set_weather(Weather::fine);
        machine.run_for(2min);
    }
    EXPECT_LT(least_coverage(), coverage);
    end();
    expect_nobody_was_blamed();
}

TEST_F(OwnTroubles, AMachineThatSleptBlamesNobody) {
    begin(0);
    machine.set_weather(Weather::black_hole);
    machine.run_for(4s);
    machine.fall_asleep_for(8h);
    machine.set_weather(Weather::fine);
    machine.run_for(10min);
    EXPECT_LT(least_coverage(), 10) << "the night was not observed";
    end();
    expect_nobody_was_blamed();
}

TEST_F(OwnTroubles, AClockThatIsSetBlamesNobodyAndKeepsTheRhythm) {
    begin(0);
    for (auto const step : {1h, -1h, -1h, 1h}) {
        machine.loop.step_wall_clock(step);
        machine.run_for(10min);
    }
    machine.loop.step_wall_clock(1s);  // a leap second, taken at once
    machine.run_for(10min);
    end();
    expect_nobody_was_blamed();
    // Every service was checked every ten seconds throughout, and order is by position.
    EXPECT_NEAR(static_cast<double>(told<CheckResult>(machine).size()), kProjects * 61 * 6,
                kProjects * 12);
    std::uint64_t before = 0;
    for (auto const& record : machine.rows.applied()) {
        EXPECT_EQ(record.position.seq, before + 1);
        before = record.position.seq;
    }
}

TEST_F(OwnTroubles, WithoutARouteNoCheckCountsAndTheHubSaysSoOnce) {
    begin(0);
    machine.set_weather(Weather::no_route);
    machine.run_for(20min);
    machine.set_weather(Weather::fine);
    machine.run_for(10min);
    end();
    expect_nobody_was_blamed();
    EXPECT_EQ(problems_told(), (std::vector<std::string>{"network", "network over"}));
}

TEST_F(OwnTroubles, WhenNoHostIsReachedItIsTheNetworkAndNobodyGoesDown) {
    for (auto const weather : {Weather::unreachable, Weather::black_hole}) {
        SimulatedMachine other({.seed = 8, .projects = 0});
        other.wanted = plain_projects(kProjects, 3);
        for (int number = 1; number <= kProjects; ++number) {
            other.targets().always(target_of_project(number), passing_answer(40ms));
        }
        ASSERT_TRUE(other.start_hub());
        other.run_for(10min);
        other.set_weather(weather);
        other.run_for(20min);
        other.set_weather(Weather::fine);
        other.heal();
        other.run_for(5min);
        other.stop_hub();
        for (auto const& transition : told<Transition>(other)) {
            EXPECT_EQ(transition.to, HealthStatus::up) << describe(transition);
        }
        int told_of = 0;
        for (auto const& problem : told<HubProblem>(other)) {
            told_of += problem.what == "network" ? (problem.over ? -1 : 101) : 0;
        }
        EXPECT_EQ(told_of, 100) << "told once, and once that it is over";
    }
}

TEST_F(OwnTroubles, AHostThatIsAwayAloneIsDown) {
    begin(0);
    auto gone = failing_answer("host unreachable", 900ms);
    gone.outcome.own_fault = OwnFault::network;
    machine.targets().always(target_of_project(1), gone);
    machine.targets().always(target_of_project(2), silent_answer());
    machine.run_for(10min);
    end();
    std::vector<std::string> down;
    for (auto const& transition : told<Transition>(machine)) {
        if (transition.to == HealthStatus::down) {
            down.push_back(transition.project);
        }
    }
    std::sort(down.begin(), down.end());
    EXPECT_EQ(down, (std::vector<std::string>{"p1", "p2"}));
    EXPECT_TRUE(problems_told().empty());
}

TEST_F(OwnTroubles, WithoutAResolverNoCheckCountsAndTheHubSaysSoOnce) {
    begin(0);
    machine.set_weather(Weather::no_resolver);
    machine.run_for(10min);
    machine.set_weather(Weather::fine);
    machine.run_for(2min);
    end();
    expect_nobody_was_blamed();
    EXPECT_EQ(problems_told(), (std::vector<std::string>{"resolver", "resolver over"}));
}

}  // namespace
}  // namespace muster::simulation
