#include <muster/recording/rollup_follower.hpp>

#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include <muster/memory/memory_journal.hpp>
#include <muster/memory/memory_store.hpp>
#include <muster/memory/simulated_loop.hpp>
#include <muster/recording/journal_record.hpp>
#include <muster/testing/record_story.hpp>
#include <muster/testing/remembering_log.hpp>

namespace muster {
namespace {

using testing::kStart;

/// A journal of checks, one every ten seconds, and a follower that rolls them up into a store.
class RollupFollowerRun {
public:
    RollupFollowerRun() { make_follower(); }

    /// As after a crash of the hub.
    void make_follower() {
        follower.reset();
        RollupFollower::Options options;
        options.hub_id = "hub-main";
        options.max_records = 50;
        follower = std::make_unique<RollupFollower>(journal, journal.reader(), store, lane, loop,
                                                    loop, log, options);
        follower->on_gap([this](Gap gap) { gaps.push_back(std::move(gap)); });
        follower->start();
    }

    void check(std::int64_t times) {
        Bytes frames;
        for (std::int64_t time = 0; time < times; ++time) {
            auto const at = kStart + std::chrono::seconds(10 * checks++);
            append_frame(frames, {1, ++seq}, testing::passed_check(ServiceId{1 + checks % 3}, at));
        }
        ASSERT_TRUE(journal.write(frames, {1, seq}, kStart));
        follower->wrote(seq);
    }

    [[nodiscard]] static std::uint64_t sum_of(MemoryHistory::Rollups const& rollups) {
        std::uint64_t sum = 0;
        for (auto const& entry : rollups) {
            sum += entry.second.checks;
        }
        return sum;
    }

    SimulatedLoop loop;
    SimulatedLane lane{loop, {1000us, 500us, 16}};
    MemoryDisk disk;
    MemoryJournal journal{disk};
    MemoryStore store;
    testing::RememberingLog log;
    std::uint64_t seq{0};
    std::int64_t checks{0};
    std::vector<Gap> gaps;
    std::unique_ptr<RollupFollower> follower;
};

TEST(RollupFollowerTest, RollsUpEveryCheckOnceWithACursorOfItsOwn) {
    RollupFollowerRun run;
    run.check(120);
    run.loop.run_for(20s);
    EXPECT_EQ(run.follower->position(), 120U);
    EXPECT_EQ(RollupFollowerRun::sum_of(run.store.history()->minutes), 120U);
    EXPECT_EQ(RollupFollowerRun::sum_of(run.store.history()->hours), 120U);
    EXPECT_EQ(*run.store.cursor("hub-main"), Cursor{}) << "the raw follower's is another";
}

TEST(RollupFollowerTest, LingersSoThatABatchHoldsManyChecks) {
    RollupFollowerRun run;
    run.loop.run_for(1s);
    run.check(5);
    run.loop.run_for(5s);
    EXPECT_EQ(run.follower->position(), 0U);
    run.loop.run_for(6s);
    EXPECT_EQ(run.follower->position(), 5U);
}

TEST(RollupFollowerTest, PassesWhatItCannotReadAndTellsTheGap) {
    RollupFollowerRun run;
    run.check(10);
    run.disk.damage(5);
    run.loop.run_for(60s);  // what is left of the batch lingers again
    EXPECT_EQ(run.follower->position(), 10U);
    EXPECT_EQ(RollupFollowerRun::sum_of(run.store.history()->minutes), 9U);
    ASSERT_EQ(run.gaps.size(), 1U);
    EXPECT_EQ(run.gaps[0].from, 5U);
    EXPECT_EQ(run.gaps[0].to, 5U);
    EXPECT_EQ(run.gaps[0].follower, "rollup");
}

RC_GTEST_PROP(RollupFollowerProperty, LosesNothingAndCountsNothingTwice, ()) {
    RollupFollowerRun run;
    auto const steps = *rc::gen::inRange(1, 30);
    for (int step = 0; step < steps; ++step) {
        switch (*rc::gen::inRange(0, 6)) {
            case 0:
                run.store.fail_once(MemoryStore::Fault::in_doubt_applied);
                break;
            case 1:
                run.store.fail_once(MemoryStore::Fault::in_doubt_lost);
                break;
            case 2:
                run.store.fail_once(MemoryStore::Fault::unavailable);
                break;
            case 3:
                run.make_follower();  // whatever was under way is done by the lane, unseen
                break;
            default:
                run.check(*rc::gen::inRange(1, 120));
        }
        run.loop.run_for(Millis(*rc::gen::inRange(0, 15'000)));
    }
    run.check(1);
    run.loop.run_for(60s);
    RC_ASSERT(run.follower->position() == std::optional(run.seq));
    auto const& history = *run.store.history();
    RC_ASSERT(RollupFollowerRun::sum_of(history.minutes) == static_cast<std::uint64_t>(run.checks));
    RC_ASSERT(RollupFollowerRun::sum_of(history.hours) == static_cast<std::uint64_t>(run.checks));
}

}  // namespace
}  // namespace muster
