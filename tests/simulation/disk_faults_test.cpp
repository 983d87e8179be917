// The journal's disk fails under a hub that works: monitoring goes on, what could not be written is
// written later or told as lost, and nobody is judged by it.

#include <optional>
#include <set>

#include <gtest/gtest.h>

#include "simulated_machine.hpp"
#include "told.hpp"

namespace muster::simulation {
namespace {

class DiskFaults : public ::testing::Test {
protected:
    DiskFaults() : machine({.seed = 9, .projects = 0}), start(machine.loop.now().wall) {
        machine.wanted = plain_projects(kProjects, 0);
        for (int number = 1; number <= kProjects; ++number) {
            machine.targets().always(target_of_project(number), passing_answer(40ms));
        }
        EXPECT_TRUE(machine.start_hub());
        machine.run_for(5min);
    }

    void fill_disk() {
        machine.disk.fail_writes(Error{Errc::full, "no space left on device"});
        machine.picture.disk_takes_nothing(true);
    }

    /// The next write brings everything that is kept.
    void make_room() {
        machine.disk.fail_writes(std::nullopt);
        machine.run_for(30s);
        machine.picture.disk_takes_nothing(false);
    }

    /// Whether the hub says that its journal works.
    [[nodiscard]] bool journal_works() { return machine.picture.condition().journal.working; }

    /// Ends the story: everything that the journal holds is in the store, once and in order.
    void end() {
        machine.heal();
        machine.run_for(5min);
        machine.stop_hub();
        for (auto const& complaint : machine.picture.complaints()) {
            ADD_FAILURE() << complaint;
        }
        std::set<Position> seen;
        for (auto const& record : machine.rows.applied()) {
            EXPECT_TRUE(seen.insert(record.position).second) << record.position.seq;
        }
        EXPECT_EQ(machine.rows.applied().back().position.seq, machine.last_seq());
    }

    /// Checks of the first service between two times.
    [[nodiscard]] std::size_t checks_between(WallTime from, WallTime until) {
        std::size_t count = 0;
        for (auto const& result : told<CheckResult>(machine)) {
            count += result.service.value == 1 && result.accepted_at >= from &&
                             result.accepted_at < until
                         ? 1
                         : 0;
        }
        return count;
    }

    static constexpr int kProjects = 3;
    SimulatedMachine machine;
    WallTime const start;
};

TEST_F(DiskFaults, AFullDiskIsToldAndWhatWasSeenMeanwhileIsWrittenLater) {
    auto const from = machine.loop.now().wall;
    fill_disk();
    machine.targets().always(target_of_project(1), failing_answer("connection refused", 300us));
    machine.run_for(10min);
    EXPECT_FALSE(journal_works());
    std::optional<HealthStatus> status;
    machine.hub()->each([&status](Service const& service, Tracker const& tracker) {
        status = service.spec.project == "p1" ? tracker.health.status
                                              : status.value_or(tracker.health.status);
    });
    EXPECT_EQ(status, HealthStatus::down) << "monitoring goes on";

    make_room();
    machine.run_for(30s);
    EXPECT_TRUE(journal_works());
    auto const until = machine.loop.now().wall;
    end();
    EXPECT_EQ(checks_between(from, until), 66U) << "every 10 s for 11 minutes";
    auto const transitions = told<Transition>(machine);
    ASSERT_FALSE(transitions.empty());
    EXPECT_EQ(transitions.back().to, HealthStatus::down);
    EXPECT_LT(transitions.back().at, from + 11s) << "as of when it was seen";
    EXPECT_TRUE(told<Gap>(machine).empty()) << "nothing was lost";
}

TEST_F(DiskFaults, AFailedSyncIsRepeatedElsewhereAndAPowerLossAfterwardsTakesNothing) {
    machine.disk.fail_syncs(Error{Errc::unavailable, "input/output error"});
    machine.run_for(2min);
    EXPECT_FALSE(journal_works());
    machine.disk.fail_syncs(std::nullopt);
    machine.run_for(30s);
    EXPECT_TRUE(journal_works());
    auto const safe_until = machine.loop.now().wall - 1s;  // fsync comes within 250 ms
    machine.lose_power();
    machine.run_for(20s);
    ASSERT_TRUE(machine.start_hub());
    machine.run_for(1min);
    end();
    EXPECT_EQ(checks_between(start + 1min, safe_until), (safe_until - start - 1min) / 10s + 1);
}

TEST_F(DiskFaults, AKillWhileTheDiskIsFullCostsOnlyWhatWasNeverWritten) {
    fill_disk();
    machine.run_for(3min);
    auto const written = machine.last_seq();
    machine.kill_hub();
    make_room();
    ASSERT_TRUE(machine.start_hub());
    EXPECT_GT(machine.last_seq(), written);
    machine.run_for(5min);
    for (auto const& transition : told<Transition>(machine)) {
        EXPECT_EQ(transition.to, HealthStatus::up) << "nobody is blamed for what was not seen";
    }
    end();
}

}  // namespace
}  // namespace muster::simulation
