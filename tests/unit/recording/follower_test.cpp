#include <muster/recording/follower.hpp>

#include <deque>
#include <map>
#include <set>
#include <string>
#include <vector>

#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include <muster/memory/memory_journal.hpp>
#include <muster/memory/simulated_loop.hpp>
#include <muster/testing/journal_samples.hpp>
#include <muster/testing/remembering_log.hpp>

namespace muster {
namespace {

/// A store of one hub that counts how often it took each record.
class FakeStore final : public ResultStore {
public:
    Result<Cursor> cursor(std::string const& hub_id) override {
        EXPECT_EQ(hub_id, "hub-main");
        ++questions;
        if (away) {
            return failure(Errc::unavailable, "nobody listens");
        }
        return at;
    }

    Result<void> append(StoreBatch const& batch) override {
        ++batches;
        largest = std::max(largest, batch.records.size());
        if (away) {
            return failure(Errc::unavailable, "nobody listens");
        }
        if (batch.expected != at) {
            return failure(Errc::conflict, "the cursor is elsewhere");
        }
        for (auto const& record : batch.records) {
            if (poison.contains(record.position.seq)) {
                return failure(Errc::invalid, "value out of range");
            }
        }
        std::optional<Errc> error;
        bool apply = true;
        if (!answers.empty()) {
            error = answers.front().error;
            apply = answers.front().apply;
            answers.pop_front();
        }
        if (apply) {
            take(batch);
        }
        if (error) {
            return failure(*error, "told to");
        }
        return {};
    }

    void keep_since(KeptSince const& /*kept*/) override {}
    std::uint64_t too_old() const override { return 0; }

    Result<void> bury(StoreBatch const& batch, std::string const& reason) override {
        if (batch.expected != at) {
            return failure(Errc::conflict, "the cursor is elsewhere");
        }
        EXPECT_EQ(batch.records.size(), 1U);
        buried[batch.records.front().position.seq] = reason;
        at = batch.next;
        return {};
    }

    Result<RollupState> rollup_state(std::string const& /*hub_id*/) override {
        return RollupState{};
    }
    Result<void> roll_up(RollupBatch const& /*batch*/) override { return {}; }
    Result<void> note_alive(std::string const& /*hub_id*/, WallTime /*at*/) override { return {}; }
    Result<bool> forget(Retention const& /*retention*/) override { return false; }

    /// The next appends: apply or not, and what to say.
    struct Answer {
        bool apply;
        std::optional<Errc> error;
    };
    std::deque<Answer> answers;
    bool away{false};
    std::set<std::uint64_t> poison;

    Cursor at;
    std::map<std::uint64_t, int> taken;
    std::map<std::uint64_t, std::string> buried;
    int questions{0};
    int batches{0};
    std::size_t largest{0};

private:
    void take(StoreBatch const& batch) {
        for (auto const& record : batch.records) {
            ++taken[record.position.seq];
        }
        at = batch.next;
    }
};

class StoreFollowerTest : public ::testing::Test {
protected:
    StoreFollowerTest() { make_follower(); }

    void make_follower(StoreFollower::Options options = {}) {
        options.hub_id = "hub-main";
        follower_.reset();
        follower_ = std::make_unique<StoreFollower>(journal_, journal_.reader(), store_, lane_,
                                                    loop_, loop_, log_, options);
        follower_->on_gap([this](Gap gap) {
            EXPECT_LT(follower_->position(), gap.from) << "told before it is passed";
            gaps_.push_back(std::move(gap));
        });
    }

    void write_through(std::uint64_t seq) {
        ASSERT_TRUE(testing::write_through(journal_, seq));
        follower_->wrote(seq);
    }

    void expect_each_once(std::uint64_t first, std::uint64_t last) const {
        EXPECT_EQ(store_.taken.size(), last - first + 1);
        for (auto seq = first; seq <= last; ++seq) {
            auto const found = store_.taken.find(seq);
            ASSERT_NE(found, store_.taken.end()) << seq;
            EXPECT_EQ(found->second, 1) << seq;
        }
    }

    SimulatedLoop loop_;
    SimulatedLane lane_{loop_, {1000us, 500us, 16}};
    MemoryDisk disk_;
    MemoryJournal journal_{disk_};
    FakeStore store_;
    testing::RememberingLog log_;
    std::vector<Gap> gaps_;
    std::unique_ptr<StoreFollower> follower_;
};

TEST_F(StoreFollowerTest, CarriesEveryRecordOnceAndMovesTheCursor) {
    follower_->start();
    EXPECT_FALSE(follower_->position());
    for (std::uint64_t seq = 100; seq <= 5000; seq += 100) {
        write_through(seq);
        loop_.run_for(30ms);
    }
    loop_.run_for(200ms);
    expect_each_once(1, 5000);
    EXPECT_EQ(follower_->position(), 5000U);
    EXPECT_EQ(store_.at, (Cursor{journal_.state().id, 5000}));
    EXPECT_LE(store_.batches, 16) << "batches are coalesced";
    EXPECT_TRUE(follower_->condition().working);
}

TEST_F(StoreFollowerTest, CutsABacklogIntoBatches) {
    write_through(7000);
    follower_->start();
    loop_.run_for(1s);
    expect_each_once(1, 7000);
    EXPECT_EQ(store_.largest, 2000U);
    EXPECT_EQ(store_.batches, 4);
}

TEST_F(StoreFollowerTest, KeepsABatchWithinItsBytes) {
    StoreFollower::Options options;
    options.max_bytes = 1000;
    make_follower(options);
    write_through(100);
    follower_->start();
    loop_.run_for(5s);
    expect_each_once(1, 100);
    EXPECT_LE(store_.largest, 20U);
}

TEST_F(StoreFollowerTest, AsksUntilTheCursorIsKnown) {
    store_.away = true;
    follower_->start();
    loop_.run_for(1s);
    EXPECT_FALSE(follower_->position());
    EXPECT_FALSE(follower_->condition().working);
    EXPECT_EQ(follower_->condition().problem, "nobody listens");
    EXPECT_GE(store_.questions, 3);
    store_.away = false;
    loop_.run_for(5s);
    EXPECT_EQ(follower_->position(), 0U);
    EXPECT_TRUE(follower_->condition().working);
    EXPECT_FALSE(follower_->condition().since);
}

TEST_F(StoreFollowerTest, OutlivesAStoreThatIsAway) {
    follower_->start();
    loop_.run_for(1s);
    store_.away = true;
    for (std::uint64_t seq = 10; seq <= 1000; seq += 10) {
        write_through(seq);
        loop_.run_for(1s);
    }
    EXPECT_FALSE(follower_->condition().working);
    EXPECT_LE(store_.batches, 30) << "it backs off";
    EXPECT_EQ(log_.count("is away"), 1U) << "told once";
    store_.away = false;
    loop_.run_for(6s);
    expect_each_once(1, 1000);
    EXPECT_EQ(log_.count("works again"), 1U);
}

TEST_F(StoreFollowerTest, WaitsWhenTheStoreIsFull) {
    follower_->start();
    store_.answers = {{false, Errc::full}, {false, Errc::full}};
    write_through(10);
    loop_.run_for(150ms);
    EXPECT_FALSE(follower_->condition().working);
    loop_.run_for(1s);
    expect_each_once(1, 10);
}

TEST_F(StoreFollowerTest, NeverStoresTwiceWhatMayHaveHappened) {
    follower_->start();
    store_.answers = {{true, Errc::in_doubt}, {false, Errc::in_doubt}, {true, Errc::in_doubt}};
    for (std::uint64_t seq = 10; seq <= 50; seq += 10) {
        write_through(seq);
        loop_.run_for(1s);
    }
    expect_each_once(1, 50);
    EXPECT_TRUE(follower_->condition().working);
}

TEST_F(StoreFollowerTest, ReadsTheCursorAgainAfterAConflict) {
    follower_->start();
    write_through(10);
    loop_.run_for(1s);
    store_.at.seq = 4;  // a database restored from a copy: rows and cursor went back together
    for (std::uint64_t seq = 5; seq <= 10; ++seq) {
        store_.taken.erase(seq);
    }
    write_through(20);
    loop_.run_for(1s);
    expect_each_once(1, 20);
}

TEST_F(StoreFollowerTest, BuriesTheRecordsThatCanNeverBeStored) {
    follower_->start();
    store_.poison = {17, 18, 900};
    write_through(1000);
    loop_.run_for(10s);
    EXPECT_EQ(store_.taken.size(), 997U);
    EXPECT_EQ(store_.buried.size(), 3U);
    EXPECT_EQ(store_.buried[900], "value out of range");
    EXPECT_LE(store_.batches, 60) << "found by halving";
    EXPECT_EQ(follower_->position(), 1000U);
    EXPECT_TRUE(follower_->condition().working);
}

TEST_F(StoreFollowerTest, TellsWhatWasForgottenBeforeItRead) {
    write_through(10);
    ASSERT_TRUE(testing::sync_now(journal_));
    ASSERT_TRUE(journal_.trim(6, testing::kSampleTime));
    follower_->start();
    loop_.run_for(1s);
    expect_each_once(7, 10);
    ASSERT_EQ(gaps_.size(), 1U);
    EXPECT_EQ(gaps_[0].from, 1U);
    EXPECT_EQ(gaps_[0].to, 6U);
    EXPECT_EQ(gaps_[0].follower, "store");
    EXPECT_FALSE(gaps_[0].why.empty());
    EXPECT_EQ(follower_->lost(), 6U);
    EXPECT_GT(gaps_[0].at, loop_.now().wall - 1s);
}

TEST_F(StoreFollowerTest, TellsWhatWasForgottenUpToItsEnd) {
    write_through(10);
    ASSERT_TRUE(testing::sync_now(journal_));
    ASSERT_TRUE(journal_.trim(10, testing::kSampleTime));
    follower_->start();
    loop_.run_for(1s);
    ASSERT_EQ(gaps_.size(), 1U);
    EXPECT_EQ(gaps_[0].to, 10U);
    write_through(12);
    loop_.run_for(1s);
    expect_each_once(11, 12);
    EXPECT_EQ(follower_->position(), 12U);
}

TEST(StoreFollowerAtTheLimit, CarriesWhatStandsInForResultsAndCountsThem) {
    SimulatedLoop loop;
    SimulatedLane lane(loop, {1000us, 500us, 16});
    MemoryDisk disk;
    MemoryJournal::Options limited;
    limited.limit_bytes = 10'000;
    MemoryJournal journal(disk, limited);
    FakeStore store;
    testing::RememberingLog log;
    StoreFollower::Options options;
    options.hub_id = "hub-main";
    StoreFollower follower(journal, journal.reader(), store, lane, loop, loop, log, options);
    int gaps = 0;
    follower.on_gap([&gaps](Gap const&) { ++gaps; });
    while (journal.state().bytes < 9'500) {
        ASSERT_TRUE(testing::write_through(journal, journal.state().last_seq + 1));
    }
    ASSERT_TRUE(testing::sync_now(journal));
    auto job = journal.shrink_job();
    ASSERT_TRUE(job);
    journal.shrunk(job());
    auto const last = journal.state().last_seq;
    follower.wrote(last);
    follower.start();
    loop.run_for(1s);
    EXPECT_EQ(follower.position(), last);
    EXPECT_EQ(gaps, 0) << "the stand-in is a record of the gap";
    EXPECT_GT(follower.lost(), 1U);
    EXPECT_EQ(follower.lost(), journal.state().given_up);
    EXPECT_EQ(store.taken.size() + follower.lost(), last + 1);
}

TEST_F(StoreFollowerTest, StepsOverDamageAndTellsIt) {
    write_through(10);
    disk_.damage(4);
    disk_.damage(5);
    disk_.damage(10);
    follower_->start();
    loop_.run_for(1s);
    EXPECT_EQ(store_.taken.size(), 7U);
    ASSERT_EQ(gaps_.size(), 2U);
    EXPECT_EQ(gaps_[0].from, 4U);
    EXPECT_EQ(gaps_[0].to, 5U);
    EXPECT_EQ(gaps_[1].from, 10U);
    EXPECT_EQ(gaps_[1].to, 10U);
}

TEST_F(StoreFollowerTest, WaitsForAJournalThatCannotBeRead) {
    write_through(10);
    disk_.fail_reads(Error{Errc::unavailable, "input/output error"});
    follower_->start();
    loop_.run_for(1s);
    EXPECT_EQ(follower_->condition().problem, "input/output error");
    disk_.fail_reads(std::nullopt);
    loop_.run_for(5s);
    expect_each_once(1, 10);
    EXPECT_TRUE(gaps_.empty());
}

TEST_F(StoreFollowerTest, TriesAgainWhenItsLaneIsFull) {
    SimulatedLane::Options full;
    full.queue_limit = 0;
    lane_.set_options(full);
    follower_->start();
    write_through(10);
    loop_.run_for(1s);
    EXPECT_EQ(store_.questions, 0);
    lane_.set_options({});
    loop_.run_for(1s);
    expect_each_once(1, 10);
}

TEST_F(StoreFollowerTest, DrainsAtOnce) {
    follower_->start();
    loop_.run_for(1s);
    write_through(10);
    bool drained = false;
    follower_->drain([&] { drained = true; }, loop_.now().steady + 10s);
    EXPECT_FALSE(drained) << "never inside the call";
    loop_.run_for(2ms);
    EXPECT_TRUE(drained);
    expect_each_once(1, 10);
}

TEST_F(StoreFollowerTest, EndsDrainingAtTheDeadline) {
    follower_->start();
    loop_.run_for(1s);
    store_.away = true;
    write_through(10);
    int drained = 0;
    follower_->drain([&] { ++drained; }, loop_.now().steady + 10s);
    loop_.run_for(9s);
    EXPECT_EQ(drained, 0);
    loop_.run_for(2s);
    EXPECT_EQ(drained, 1);
}

TEST_F(StoreFollowerTest, DrainsNothingAtOnceToo) {
    follower_->start();
    loop_.run_for(1s);
    bool drained = false;
    follower_->drain([&] { drained = true; }, loop_.now().steady + 10s);
    EXPECT_FALSE(drained);
    loop_.run_for(0ms);
    EXPECT_TRUE(drained);
}

TEST_F(StoreFollowerTest, StopsForGood) {
    follower_->start();
    write_through(10);
    follower_->stop();
    loop_.run_for(10s);
    EXPECT_TRUE(store_.taken.empty());
}

TEST_F(StoreFollowerTest, MayBeDestroyedWhileAJobIsUnderWay) {
    follower_->start();
    loop_.run_for(1s);
    write_through(5000);
    loop_.run_for(1ms);
    follower_.reset();
    loop_.run_for(1s);
    EXPECT_EQ(store_.taken.size(), 2000U);
}

/// The process dies between any two moments of a run in which the store misbehaves in every way;
/// the next life goes on from the store's cursor.
RC_GTEST_PROP(StoreFollowerLife, StoresEachRecordOnceWhateverHappens, ()) {
    SimulatedLoop loop;
    MemoryDisk disk;
    FakeStore store;
    testing::RememberingLog log;
    std::uint64_t written = 0;
    for (auto lives = *rc::gen::inRange(1, 5); lives > 0; --lives) {
        MemoryJournal journal(disk);
        SimulatedLane lane(
            loop, {Micros(*rc::gen::inRange(0, 3000)), Micros(*rc::gen::inRange(0, 3000)), 4});
        StoreFollower::Options options;
        options.hub_id = "hub-main";
        options.max_records = *rc::gen::inRange<std::size_t>(1, 40);
        StoreFollower follower(journal, journal.reader(), store, lane, loop, loop, log, options);
        follower.start();
        for (auto steps = *rc::gen::inRange(1, 12); steps > 0; --steps) {
            auto const error = *rc::gen::element(Errc::in_doubt, Errc::unavailable, Errc::full,
                                                 Errc::timed_out, Errc::internal);
            bool const applied = error == Errc::in_doubt && *rc::gen::arbitrary<bool>();
            if (*rc::gen::arbitrary<bool>()) {
                store.answers.push_back({applied, error});
            }
            written += *rc::gen::inRange<std::uint64_t>(1, 60);
            RC_ASSERT(testing::write_through(journal, written).has_value());
            follower.wrote(written);
            loop.run_for(Micros(*rc::gen::inRange(0, 300'000)));
        }
        disk.crash_process();
    }
    store.answers.clear();
    MemoryJournal journal(disk);
    SimulatedLane lane(loop);
    StoreFollower::Options options;
    options.hub_id = "hub-main";
    StoreFollower follower(journal, journal.reader(), store, lane, loop, loop, log, options);
    follower.start();
    loop.run_for(1min);
    RC_ASSERT(follower.position() == written);
    RC_ASSERT(store.taken.size() == written);
    for (auto const& [seq, times] : store.taken) {
        RC_ASSERT(times == 1);
    }
}

}  // namespace
}  // namespace muster
