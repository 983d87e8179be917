// The real hub, its journal logic, followers and views, in simulated time, from a seed. A seed that
// fails is printed and replays exactly: MUSTER_SEED=<seed> runs it alone.

#include <cstdlib>
#include <map>
#include <string>
#include <vector>

#include <gtest/gtest.h>

#include <muster/base/bytes.hpp>
#include <muster/base/crc32c.hpp>
#include <muster/recording/journal_record.hpp>

#include "checks_of_history.hpp"
#include "simulated_machine.hpp"

namespace muster::simulation {
namespace {

/// A checksum of everything that happened: two runs that agree did the same.
std::uint32_t trace_of(SimulatedMachine& machine) {
    Bytes bytes;
    for (auto const& record : machine.rows.applied()) {
        append_frame(bytes, record.position, record.body);
    }
    ByteWriter writer(bytes);
    writer.number(static_cast<std::uint64_t>(machine.picture.deltas()));
    writer.number(machine.disk.writes());
    writer.number(machine.disk.syncs());
    return crc32c(bytes);
}

/// The simulated days begin on Tuesday, 14 November 2023, 22:13:20 UTC.
std::vector<MaintenanceSpec> nightly_windows() {
    MaintenanceSpec evening;
    evening.match.projects = {"project-1", "project-2"};
    evening.weekly = WeeklyWindow{Weekday::tue, 22 * 60 + 45, 30, "UTC"};
    MaintenanceSpec morning = evening;
    morning.match.projects = {"project-2", "project-3"};
    morning.weekly = WeeklyWindow{Weekday::wed, 7 * 60, 9 * 60, "UTC"};
    return {evening, morning};
}

/// The same by the hands of the clock.
bool maintained(ServiceSpec const& service, WallTime at) {
    auto const since = at - WallTime(Millis(1'700'000'000'000));
    bool const evening = since >= 31min + 40s && since < 2h + 16min + 40s;
    bool const morning = since >= 8h + 46min + 40s && since < 10h + 46min + 40s;
    return (evening && (service.project == "project-1" || service.project == "project-2")) ||
           (morning && (service.project == "project-2" || service.project == "project-3"));
}

/// Every check that counts is in one minute and one hour of its service, once, as far as the rollup
/// follower came before the stop's deadline: the next life goes on from there.
void expect_rollups_tell_the_same(SimulatedMachine const& machine) {
    auto const& history = *machine.rows.history();
    auto const through = history.rolled_up.at("hub-main").cursor.seq;
    EXPECT_LE(machine.rows.applied().back().position.seq, through + 500);
    std::map<ServiceId, std::uint64_t> checks;
    for (auto const& record : machine.rows.applied()) {
        auto const* const result = std::get_if<CheckResult>(&record.body);
        if (result != nullptr && result->outcome.verdict != Verdict::not_counted &&
            record.position.seq <= through) {
            ++checks[result->service];
        }
    }
    for (auto const* const rollups : {&history.minutes, &history.hours}) {
        std::map<ServiceId, std::uint64_t> rolled;
        for (auto const& [place, rollup] : *rollups) {
            if (rollup.checks > 0) {
                rolled[place.first.second] += rollup.checks;
            }
            EXPECT_LE(rollup.down_time, rollup.observed);
        }
        EXPECT_EQ(rolled, checks);
    }
}

void expect_all_is_well(SimulatedMachine& machine, WallTime start) {
    for (auto const& complaint : machine.complaints) {
        ADD_FAILURE() << complaint;
    }
    for (auto const& complaint : machine.picture.complaints()) {
        ADD_FAILURE() << complaint;
    }
    auto const applied = machine.rows.applied();
    for (auto const& complaint : check_history(applied, machine.last_seq(), start, maintained)) {
        ADD_FAILURE() << complaint;
    }
    EXPECT_LE(machine.most_in_flight, 200U);
    expect_rollups_tell_the_same(machine);
}

void expect_figures_in_range(Hub const& hub, WallTime now) {
    hub.each([now](Service const& service, Tracker const& tracker) {
        auto const figures = tracker.availability.over_last_day(now);
        EXPECT_GE(figures.uptime_percent, 0) << service.spec.name;
        EXPECT_LE(figures.uptime_percent, 100) << service.spec.name;
        EXPECT_GE(figures.coverage_percent, 0) << service.spec.name;
        EXPECT_LE(figures.coverage_percent, 100) << service.spec.name;
    });
}

enum class Death { kill, power };

/// A day: the hub dies at a moment drawn from the seed, is away for a while, comes back, and is
/// stopped properly in the end.
std::uint32_t live_through_a_day(std::uint64_t seed, SteadyTime::duration length, Death death) {
    SCOPED_TRACE("MUSTER_SEED=" + std::to_string(seed));
    SimulatedMachine machine({.seed = seed, .length = length, .maintenance = nightly_windows()});
    auto const start = machine.loop.now().wall;
    Random random(seed ^ 0xdea7ULL);
    EXPECT_TRUE(machine.start_hub());

    auto const half = length / 2;
    machine.run_for(half / 2 + std::chrono::seconds(random.between(0, half / 2s)));
    machine.picture.compare(*machine.hub(), machine.loop.now().wall);
    expect_figures_in_range(*machine.hub(), machine.loop.now().wall);
    machine.run_events(random.between(0, 200));
    death == Death::kill ? machine.kill_hub() : machine.lose_power();
    machine.run_for(std::chrono::seconds(random.between(1, 1800)));

    EXPECT_TRUE(machine.start_hub());
    auto const end = SteadyTime{} + length;
    machine.loop.run_until(end - 10min);
    machine.picture.compare(*machine.hub(), machine.loop.now().wall);
    expect_figures_in_range(*machine.hub(), machine.loop.now().wall);
    machine.heal();
    machine.loop.run_until(end);
    EXPECT_TRUE(machine.picture.condition().store.working);
    machine.stop_hub();
    expect_all_is_well(machine, start);
    EXPECT_GT(machine.checks, 0U);
    if (length >= 24h) {
        // A day without a fault would prove nothing.
        auto const& faults = machine.store.figures();
        EXPECT_GT(faults.away, 0U);
        EXPECT_GT(faults.in_doubt_applied, 0U);
        EXPECT_GT(faults.in_doubt_lost, 0U);
        EXPECT_GT(machine.picture.transitions(), 20U);
    }
    return trace_of(machine);
}

/// The seed that somebody asks for, or `usual`.
std::uint64_t seed_or(std::uint64_t usual) {
    char const* const asked = std::getenv("MUSTER_SEED");
    return asked == nullptr ? usual : std::strtoull(asked, nullptr, 10);
}

TEST(HubSimulation, LosesNothingOverADayWithACrash) {
    live_through_a_day(seed_or(1), 24h, Death::kill);
}

TEST(HubSimulation, LosesNothingDurableOverADayWithAPowerLoss) {
    live_through_a_day(seed_or(2), 24h, Death::power);
}

TEST(HubSimulation, DoesTheSameAgainFromTheSameSeed) {
    auto const seed = seed_or(3);
    auto const first = live_through_a_day(seed, 4h, Death::kill);
    EXPECT_EQ(live_through_a_day(seed, 4h, Death::kill), first);
    EXPECT_NE(live_through_a_day(seed + 1, 4h, Death::kill), first);
}

TEST(HubSimulation, KeepsItsPromisesFromManySeeds) {
    for (std::uint64_t seed = 100; seed < 120; ++seed) {
        live_through_a_day(seed, 2h, seed % 2 == 0 ? Death::kill : Death::power);
    }
}

/// A service with retries 3 whose third check failed goes down on the next one, even if the hub was
/// killed in between.
TEST(HubSimulation, AnEpochThatWasShownIsNotGivenAgainAfterAPowerLoss) {
    SimulatedMachine machine({.seed = 3, .projects = 2});
    std::uint64_t shown = 0;
    for (int life = 0; life < 4; ++life) {
        ASSERT_TRUE(machine.start_hub());
        EXPECT_GT(machine.hub()->figures().epoch, shown) << "life " << life;
        shown = machine.hub()->figures().epoch;
        machine.run_for(150ms);  // all within one second, and before the first fsync is due
        machine.lose_power();
    }
    for (auto const& complaint : machine.picture.complaints()) {
        ADD_FAILURE() << complaint;
    }
}

TEST(HubSimulation, AFailureCountSurvivesKill) {
    SimulatedMachine machine({.seed = 5, .projects = 0});
    auto project = project_of("shop", *parse_url("http://10.9.9.9:1"));
    project.services.front().policy.failure_threshold = 4;
    machine.wanted = {project};
    // The target of this project answers nothing from the beginning.
    machine.targets().always("http://10.9.9.9:1/health", failing_answer());
    ASSERT_TRUE(machine.start_hub());
    std::uint32_t failures = 0;
    while (failures < 3) {
        machine.run_events(1);
        machine.hub()->each([&failures](Service const&, Tracker const& tracker) {
            failures = tracker.health.failures;
        });
    }
    machine.run_for(10ms);  // written
    machine.kill_hub();
    ASSERT_TRUE(machine.start_hub());
    machine.run_for(100ms);
    machine.hub()->each([](Service const&, Tracker const& tracker) {
        EXPECT_EQ(tracker.health.failures, 4U);
        EXPECT_EQ(tracker.health.status, HealthStatus::down);
    });
    machine.stop_hub();
}

/// What the file no longer names is not watched any more; what it names again has its old id.
TEST(HubSimulation, ARestartWithOtherProjectsKeepsWhatItCan) {
    SimulatedMachine machine({.seed = 6, .projects = 4});
    ASSERT_TRUE(machine.start_hub());
    machine.run_for(10min);
    machine.stop_hub();
    auto const all = machine.wanted;
    machine.wanted.pop_back();
    ASSERT_TRUE(machine.start_hub());
    machine.run_for(10min);
    machine.picture.compare(*machine.hub(), machine.loop.now().wall);
    machine.kill_hub();
    machine.wanted = all;
    ASSERT_TRUE(machine.start_hub());
    machine.run_for(10min);
    machine.picture.compare(*machine.hub(), machine.loop.now().wall);
    machine.heal();
    machine.run_for(1min);
    machine.stop_hub();
    for (auto const& complaint : machine.picture.complaints()) {
        ADD_FAILURE() << complaint;
    }
}

}  // namespace
}  // namespace muster::simulation
