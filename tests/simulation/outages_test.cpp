// Store and bus as servers of their own that go away, fall silent and come back, for an hour too:
// the hub watches on, tells the truth within two seconds, and afterwards everything is there once.

#include <algorithm>
#include <string>
#include <utility>
#include <vector>

#include <gtest/gtest.h>

#include "simulated_machine.hpp"
#include "told.hpp"

namespace muster::simulation {
namespace {

constexpr std::uint64_t kJournalLimit = std::uint64_t{16} << 20U;  // of the journal

class Outages : public ::testing::Test {
protected:
    Outages()
        : machine({.seed = 21,
                   .projects = 0,
                   .journal_limit = kJournalLimit,
                   .bus = {.remembers = true},
                   .shared = true,
                   .longest_lane = Millis(20)}) {
        machine.store.heal();  // what it does is told here; the bus is in doubt now and then
    }

    /// So many services, each checked once a second; the first changes every five minutes.
    void begin(int services) {
        machine.wanted = plain_projects(services, 0);
        for (auto& project : machine.wanted) {
            project.services.front().policy.interval = 1s;
        }
        for (int number = 1; number <= services; ++number) {
            machine.targets().always(target_of_project(number), passing_answer(40ms));
        }
        start();
        machine.run_for(1min);
        EXPECT_TRUE(condition().store.working);
        EXPECT_TRUE(condition().bus.working);
    }

    void start() { ASSERT_TRUE(machine.start_hub()); }

    [[nodiscard]] HubCondition const& condition() const { return machine.picture.condition(); }

    void store_is_away(bool away) {
        machine.rows.fail_with(away ? MemoryStore::Fault::unavailable : MemoryStore::Fault::none);
    }

    /// Packets vanish: what is under way is over, what is asked next fails in the end.
    void store_hangs(bool hangs) {
        machine.slow_down_store(hangs ? Millis(5'000) : Millis(2), Millis(2));
        machine.run_for(100ms);
        store_is_away(hangs);
    }

    void bus_hangs(bool hangs) {
        machine.slow_down_bus(hangs ? Millis(5'000) : Millis(1), Millis(1));
        machine.run_for(100ms);
        machine.bus.set_away(hangs);
    }

    /// The hub lives on, and what waits in its memory stays small. Checks are counted.
    void live_on(std::chrono::minutes length) {
        for (auto end = machine.loop.now().steady + length; machine.loop.now().steady < end;) {
            auto const before = machine.hub()->figures().checks.checks;
            down_ = !down_;
            machine.targets().always(
                target_of_project(1),
                down_ ? failing_answer("connection refused", 300us) : passing_answer(40ms));
            machine.run_for(std::min<SteadyTime::duration>(5min, end - machine.loop.now().steady));
            auto const waiting = machine.hub()->waiting();
            EXPECT_GT(machine.hub()->figures().checks.checks, before + 200) << "it watches on";
            EXPECT_LE(waiting.unwritten_bytes, 4'096U);
            EXPECT_LE(waiting.journal_marks, 512U);
            EXPECT_LE(machine.most_pending(), 6U);
            EXPECT_LE(machine.loop.waiting(), 300U);
            EXPECT_LE(machine.journal_bytes(), kJournalLimit);
            machine.picture.compare(*machine.hub(), machine.loop.now().wall);
        }
    }

    /// Everything that the journal ever numbered is in the store and in the stream once, and the
    /// store was told of every outage.
    void end() {
        machine.run_for(2min);
        EXPECT_TRUE(condition().store.working);
        EXPECT_TRUE(condition().bus.working);
        machine.stop_hub();
        std::uint64_t before = 0;
        for (auto const& record : machine.rows.applied()) {
            ASSERT_EQ(record.position.seq, ++before);
        }
        EXPECT_EQ(before, machine.last_seq());
        // What is written after the last batch of a life is streamed by the next.
        EXPECT_GE(machine.bus.streamed() + 20, before);
        EXPECT_TRUE(told<Gap>(machine).empty());
        for (auto const* const some : {&std::as_const(machine.complaints),
                                       &machine.picture.complaints(), &machine.bus.complaints()}) {
            for (auto const& complaint : *some) {
                ADD_FAILURE() << complaint;
            }
        }
    }

    /// What the store holds of the coming and going of a part: `down`, or `up`, and its reason.
    std::vector<std::string> told_of(std::string const& part) {
        std::vector<std::string> story;
        for (auto const& problem : told<HubProblem>(machine)) {
            if (problem.what == part) {
                story.push_back((problem.over ? "up: " : "down: ") + problem.description);
            }
        }
        return story;
    }

    SimulatedMachine machine;

private:
    bool down_{false};
};

using Story = std::vector<std::string>;

/// The moments lie anywhere between two looks of the hub.
TEST_F(Outages, AreToldWithinTwoSecondsAndSoIsTheirEndWhateverTheirKind) {
    begin(2);
    for (auto const into_second : {0ms, 130ms, 370ms, 510ms, 770ms}) {
        machine.run_for(10s + into_second);
        store_is_away(true);
        machine.run_for(2s);
        EXPECT_FALSE(condition().store.working);
        EXPECT_TRUE(condition().bus.working);
        machine.run_for(1min);
        store_is_away(false);
        machine.run_for(2s);
        EXPECT_TRUE(condition().store.working) << "back-off may be at five seconds by then";

        machine.run_for(10s);
        machine.bus.set_away(true);
        machine.run_for(2s);
        EXPECT_FALSE(condition().bus.working);
        EXPECT_TRUE(condition().store.working);
        machine.run_for(1min);
        machine.bus.set_away(false);
        machine.run_for(2s);
        EXPECT_TRUE(condition().bus.working);

        machine.run_for(10s);
        bus_hangs(true);
        store_hangs(true);
        auto const silent_from = machine.loop.now().steady;
        machine.run_for(2s);
        EXPECT_FALSE(condition().store.working);
        EXPECT_FALSE(condition().bus.working);
        ASSERT_TRUE(condition().store.since);
        EXPECT_LE(*condition().store.since, silent_from)
            << "so that /ready is 503 two seconds after it was last heard of";
        machine.run_for(1min);
        EXPECT_FALSE(condition().store.working);
        EXPECT_FALSE(condition().bus.working);
        store_hangs(false);
        bus_hangs(false);
        machine.run_for(45s);  // until what hangs has failed
        EXPECT_TRUE(condition().store.working);
        EXPECT_TRUE(condition().bus.working);
    }
    end();
    auto const stores = told_of("store");
    // Each outage is one story with one end; what was asked just before the end of a silence may
    // stay silent a little longer.
    ASSERT_GE(stores.size(), 20U);
    EXPECT_LE(stores.size(), 24U) << ::testing::PrintToString(stores);
    for (std::size_t index = 0; index < stores.size(); ++index) {
        EXPECT_EQ(stores[index].rfind(index % 2 == 0 ? "down: " : "up: ", 0), 0U) << stores[index];
    }
    EXPECT_EQ(stores.size() % 2, 0U);
    EXPECT_EQ(stores[0], "down: the store is away");
    EXPECT_EQ(stores[1].rfind("up: store works again", 0), 0U) << stores[1];
    EXPECT_EQ(stores[2], "down: has not answered for 1250ms");
    EXPECT_GE(told_of("bus").size(), 20U);
    EXPECT_LE(told_of("bus").size(), 24U);
}

/// An idle hub has nothing to write, and its store is asked all the same.
TEST_F(Outages, AreToldWhereNothingIsWritten) {
    start();
    machine.run_for(1min);
    store_is_away(true);
    machine.run_for(2s);
    EXPECT_FALSE(condition().store.working);
    store_is_away(false);
    machine.run_for(2s);
    EXPECT_TRUE(condition().store.working);
    end();
}

TEST_F(Outages, AStoreThatIsOnlySlowIsNotAway) {
    begin(2);
    machine.slow_down_store(Millis(600), Millis(600));
    live_on(5min);
    EXPECT_TRUE(condition().store.working);
    machine.slow_down_store(Millis(2), Millis(2));
    end();
    EXPECT_EQ(told_of("store"), Story{});
}

/// The store for an hour, the bus for an hour, half an hour of it together; the hub dies in each
/// part.
TEST_F(Outages, OfAnHourLoseNothingAndDoubleNothingAtFullLoad) {
    begin(4);
    store_is_away(true);
    live_on(30min);
    machine.kill_hub();
    start();
    machine.bus.set_away(true);
    live_on(15min);
    machine.kill_hub();
    start();
    live_on(15min);
    store_is_away(false);
    live_on(15min);
    machine.kill_hub();
    start();
    live_on(15min);
    auto const most = machine.journal_bytes();
    EXPECT_GT(most, std::uint64_t{1} << 20U) << "an hour of checks waits in the journal";
    machine.bus.set_away(false);
    live_on(5min);
    EXPECT_LT(machine.journal_bytes(), most) << "what everybody has goes";
    end();
    auto const times = machine.rows.times_applied();
    EXPECT_GT(times.size(), 4U * 60U * 90U);
    EXPECT_TRUE(std::all_of(times.begin(), times.end(),
                            [](auto const& entry) { return entry.second == 1; }));
}

/// The other way round, each silent instead of gone, with transactions that nobody tells the end
/// of, and the power going meanwhile.
TEST_F(Outages, OfTheBusFirstInSilenceAndInDoubtLoseNothing) {
    begin(3);
    bus_hangs(true);
    live_on(5min);
    store_hangs(true);
    live_on(5min);
    machine.kill_hub();
    start();
    bus_hangs(true);
    store_hangs(true);
    live_on(5min);
    bus_hangs(false);
    live_on(5min);
    store_hangs(false);
    for (int time = 0; time < 60; ++time) {
        machine.rows.fail_once(time % 2 == 0 ? MemoryStore::Fault::in_doubt_applied
                                             : MemoryStore::Fault::in_doubt_lost);
        machine.run_for(3s);
    }
    end();
}

}  // namespace
}  // namespace muster::simulation
