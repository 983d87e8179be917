#include <muster/recording/recorder.hpp>

#include <memory>
#include <string>
#include <variant>
#include <vector>

#include <gtest/gtest.h>

#include <muster/memory/memory_journal.hpp>
#include <muster/memory/simulated_loop.hpp>
#include <muster/recording/journal_record.hpp>
#include <muster/testing/journal_samples.hpp>
#include <muster/testing/remembering_log.hpp>

namespace muster {
namespace {

using testing::passing_result;
using testing::sample_transition;

class RecorderTest : public ::testing::Test {
protected:
    RecorderTest() { make_recorder({}); }

    void make_recorder(Recorder::Options options) {
        recorder_ = std::make_unique<Recorder>(journal_, loop_, loop_, lane_, log_, options);
        recorder_->on_written([this](std::uint64_t seq) { written_.push_back(seq); });
        recorder_->on_durable([this](std::uint64_t seq) { durable_.push_back(seq); });
        recorder_->start_epoch(5);
    }

    std::vector<Record> journalled() {
        auto const chunk = journal_.reader()->read(0, journal_.state().last_seq, 1U << 30U);
        EXPECT_TRUE(chunk);
        auto const records = decode_frames(chunk->frames);
        EXPECT_TRUE(records);
        std::uint64_t expected = 0;
        for (auto const& record : *records) {
            EXPECT_EQ(record.position.seq, ++expected) << "seqs are contiguous";
        }
        return *records;
    }

    void fill_disk() { disk_.fail_writes(Error{Errc::full, "no space left on device"}); }
    void clear_disk() { disk_.fail_writes(std::nullopt); }

    SimulatedLoop loop_;
    SimulatedLane lane_{loop_, {2000us, 1000us, 16}};
    MemoryDisk disk_;
    MemoryJournal journal_{disk_};
    testing::RememberingLog log_;
    std::vector<std::uint64_t> written_;
    std::vector<std::uint64_t> durable_;
    std::unique_ptr<Recorder> recorder_;
};

TEST_F(RecorderTest, NumbersAtOnceAndWritesABatchACommit) {
    EXPECT_EQ(recorder_->record(passing_result()), (Position{5, 1}));
    EXPECT_EQ(recorder_->record(sample_transition()), (Position{5, 2}));
    EXPECT_EQ(journal_.state().last_seq, 0U);
    recorder_->commit();
    EXPECT_EQ(disk_.writes(), 1U);
    EXPECT_EQ(written_, std::vector<std::uint64_t>{2});
    EXPECT_EQ(recorder_->written_seq(), 2U);
    auto const records = journalled();
    ASSERT_EQ(records.size(), 2U);
    EXPECT_EQ(records[0].body, RecordBody(passing_result()));
    EXPECT_EQ(records[1], (Record{{5, 2}, sample_transition()}));
    recorder_->commit();
    EXPECT_EQ(disk_.writes(), 1U) << "nothing to write";
}

TEST_F(RecorderTest, GoesOnBehindTheJournalsLastRecord) {
    ASSERT_TRUE(testing::write_through(journal_, 7));
    make_recorder({});
    EXPECT_EQ(recorder_->record(passing_result()), (Position{5, 8}));
}

TEST_F(RecorderTest, SyncsAQuarterOfASecondAfterTheFirstUnsyncedWrite) {
    recorder_->record(passing_result());
    recorder_->commit();
    loop_.run_for(100ms);
    recorder_->record(passing_result());
    recorder_->commit();
    loop_.run_for(149ms);
    EXPECT_EQ(disk_.syncs(), 0U);
    loop_.run_for(4ms);
    EXPECT_EQ(disk_.syncs(), 1U);
    EXPECT_EQ(journal_.state().durable_seq, 2U);
    EXPECT_EQ(durable_, std::vector<std::uint64_t>{2});
    loop_.run_for(10s);
    EXPECT_EQ(disk_.syncs(), 1U) << "nothing is unsynced";
}

TEST_F(RecorderTest, SyncsNoMoreThanFourTimesASecondUnderLoad) {
    for (int step = 0; step < 1000; ++step) {
        recorder_->record(passing_result());
        recorder_->commit();
        loop_.run_for(10ms);
    }
    EXPECT_LE(disk_.syncs(), 40U);
    EXPECT_GE(disk_.syncs(), 38U);
}

TEST_F(RecorderTest, SyncsWhatWasWrittenDuringASync) {
    lane_.set_options({400ms, 0us, 16});
    recorder_->record(passing_result());
    recorder_->commit();
    loop_.run_for(300ms);
    recorder_->record(passing_result());
    recorder_->commit();
    loop_.run_for(2s);
    EXPECT_EQ(journal_.state().durable_seq, 2U);
    EXPECT_EQ(disk_.syncs(), 2U);
}

TEST_F(RecorderTest, TriesLaterWhenTheSyncLaneIsFull) {
    SimulatedLane::Options options;
    options.queue_limit = 0;
    lane_.set_options(options);
    recorder_->record(passing_result());
    recorder_->commit();
    loop_.run_for(1s);
    EXPECT_EQ(disk_.syncs(), 0U);
    lane_.set_options({});
    loop_.run_for(1s);
    EXPECT_EQ(journal_.state().durable_seq, 1U);
    EXPECT_TRUE(recorder_->healthy());
}

TEST_F(RecorderTest, KeepsWhatCannotBeWrittenAndTriesAgain) {
    fill_disk();
    auto const position = recorder_->record(sample_transition());
    recorder_->commit();
    EXPECT_FALSE(recorder_->healthy());
    EXPECT_EQ(recorder_->problem(), "no space left on device");
    EXPECT_EQ(recorder_->condition().since, loop_.now().steady);
    loop_.run_for(10s);
    recorder_->record(passing_result());
    recorder_->commit();
    clear_disk();
    loop_.run_for(2s);
    EXPECT_TRUE(recorder_->healthy());
    EXPECT_TRUE(recorder_->problem().empty());
    auto const records = journalled();
    ASSERT_EQ(records.size(), 2U);
    EXPECT_EQ(records[0], (Record{position, sample_transition()}));
    EXPECT_EQ(recorder_->lost(), 0U);
    EXPECT_EQ(log_.count("cannot be written"), 1U);
    EXPECT_EQ(written_, std::vector<std::uint64_t>{2});
}

TEST_F(RecorderTest, DropsResultsBeforeTransitionsAndTellsItWithOneGap) {
    Recorder::Options options;
    options.buffer_limit = 2000;
    make_recorder(options);
    fill_disk();
    recorder_->record(passing_result());
    recorder_->commit();
    std::vector<Position> transitions;
    std::uint64_t refused = 0;
    for (int step = 0; step < 1000; ++step) {
        auto const before = recorder_->last();
        if (recorder_->record(passing_result()) == before) {
            ++refused;
        }
        if (step == 100 || step == 200) {
            transitions.push_back(recorder_->record(sample_transition()));
        }
        recorder_->commit();
    }
    EXPECT_EQ(recorder_->lost(), refused);
    clear_disk();
    loop_.run_for(3s);

    auto const records = journalled();
    for (auto const& position : transitions) {
        EXPECT_EQ(records.at(position.seq - 1), (Record{position, sample_transition()}))
            << "positions that were given out stay true";
    }
    auto const& gap = std::get<Gap>(records.back().body);
    EXPECT_EQ(gap.follower, "journal");
    EXPECT_EQ(gap.to, records.back().position.seq);
    EXPECT_LT(gap.from, transitions[0].seq);
    EXPECT_NE(gap.why.find(std::to_string(refused) + " results"), std::string::npos) << gap.why;
    EXPECT_NE(gap.why.find("no space left"), std::string::npos);

    recorder_->record(passing_result());
    recorder_->commit();
    EXPECT_TRUE(std::holds_alternative<CheckResult>(journalled().back().body));
}

TEST_F(RecorderTest, BoundsItsBufferEvenForTransitions) {
    Recorder::Options options;
    options.buffer_limit = 2000;
    make_recorder(options);
    fill_disk();
    for (int step = 0; step < 1000; ++step) {
        recorder_->record(sample_transition());
        recorder_->commit();
    }
    EXPECT_GT(recorder_->lost(), 900U);
    clear_disk();
    loop_.run_for(3s);
    auto const records = journalled();
    EXPECT_LT(records.size(), 50U);
    EXPECT_TRUE(std::holds_alternative<Gap>(records.back().body));
}

TEST_F(RecorderTest, WritesByItselfBeforeItsBufferOverflows) {
    Recorder::Options options;
    options.buffer_limit = 2000;
    make_recorder(options);
    for (int step = 0; step < 1000; ++step) {
        recorder_->record(passing_result());
    }
    recorder_->commit();
    EXPECT_EQ(recorder_->lost(), 0U);
    EXPECT_EQ(journalled().size(), 1000U);
}

TEST_F(RecorderTest, WritesALargeBatchInPieces) {
    Recorder::Options options;
    options.buffer_limit = std::size_t{64} << 20;
    make_recorder(options);
    for (int step = 0; step < 60'000; ++step) {
        recorder_->record(passing_result(step));
    }
    recorder_->commit();
    EXPECT_GE(disk_.writes(), 3U);
    EXPECT_EQ(journalled().size(), 60'000U);
}

TEST_F(RecorderTest, SaysWhenAnFsyncFailsAndWhenItWorksAgain) {
    disk_.fail_syncs(Error{Errc::unavailable, "input/output error"});
    recorder_->record(passing_result());
    recorder_->commit();
    loop_.run_for(300ms);
    EXPECT_FALSE(recorder_->healthy());
    EXPECT_EQ(recorder_->problem(), "input/output error");
    EXPECT_EQ(journal_.state().durable_seq, 0U);
    disk_.fail_syncs(std::nullopt);
    loop_.run_for(3s);
    EXPECT_TRUE(recorder_->healthy());
    EXPECT_EQ(journal_.state().durable_seq, 1U);
}

TEST_F(RecorderTest, FlushesAndSyncsAtOnce) {
    recorder_->record(passing_result());
    bool done = false;
    recorder_->flush_and_sync([&] { done = true; });
    EXPECT_FALSE(done) << "never inside the call";
    loop_.run_for(3ms);
    EXPECT_TRUE(done);
    EXPECT_EQ(journal_.state().durable_seq, 1U);
}

TEST_F(RecorderTest, SyncsWithinTheCallAtAStart) {
    recorder_->record(passing_result());
    recorder_->sync_here();
    EXPECT_EQ(journal_.state().durable_seq, 1U);
    EXPECT_EQ(written_, std::vector<std::uint64_t>{1});
    EXPECT_EQ(durable_, std::vector<std::uint64_t>{1});
    recorder_->sync_here();
    loop_.run_for(10s);
    EXPECT_EQ(disk_.syncs(), 1U) << "nothing is left to do";
}

TEST_F(RecorderTest, TriesAgainWhereSyncingWithinTheCallFailed) {
    disk_.fail_syncs(Error{Errc::unavailable, "input/output error"});
    recorder_->record(passing_result());
    recorder_->sync_here();
    EXPECT_FALSE(recorder_->healthy());
    EXPECT_EQ(recorder_->problem(), "input/output error");
    disk_.fail_syncs(std::nullopt);
    loop_.run_for(1s);
    EXPECT_TRUE(recorder_->healthy());
    EXPECT_EQ(durable_, std::vector<std::uint64_t>{1});
}

TEST_F(RecorderTest, FlushesWithNothingToFlush) {
    int done = 0;
    recorder_->flush_and_sync([&] { ++done; });
    EXPECT_EQ(done, 0);
    loop_.run_for(0ms);
    EXPECT_EQ(done, 1);
    loop_.run_for(1s);
    EXPECT_EQ(done, 1);
}

TEST_F(RecorderTest, WaitsForASecondSyncWhereOneIsUnderWay) {
    recorder_->record(passing_result());
    recorder_->commit();
    loop_.run_for(251ms);  // the first is under way
    recorder_->record(passing_result());
    std::vector<std::uint64_t> durable_then;
    for (int waiter = 0; waiter < 2; ++waiter) {
        recorder_->flush_and_sync([&] { durable_then.push_back(journal_.state().durable_seq); });
    }
    loop_.run_for(10ms);
    EXPECT_EQ(durable_then, (std::vector<std::uint64_t>{2, 2}));
}

TEST_F(RecorderTest, EndsAFlushThatFails) {
    fill_disk();
    recorder_->record(passing_result());
    int done = 0;
    recorder_->flush_and_sync([&] { ++done; });
    loop_.run_for(10ms);
    EXPECT_EQ(done, 1);
    EXPECT_FALSE(recorder_->healthy());

    clear_disk();
    disk_.fail_syncs(Error{Errc::unavailable, "input/output error"});
    recorder_->flush_and_sync([&] { ++done; });
    loop_.run_for(10ms);
    EXPECT_EQ(done, 2);
    EXPECT_FALSE(recorder_->healthy());
}

TEST_F(RecorderTest, MayBeDestroyedDuringASync) {
    recorder_->record(passing_result());
    recorder_->flush_and_sync([] { FAIL() << "it is gone"; });
    recorder_.reset();
    loop_.run_for(1s);
}

/// Power may fail at any moment: at most what was written in the last quarter of a second, and
/// during the fsync, is gone.
TEST_F(RecorderTest, LosesAtMostAQuarterOfASecondWithThePower) {
    for (int step = 0; step < 500; ++step) {
        recorder_->record(passing_result());
        recorder_->commit();
        loop_.run_for(1ms);
    }
    disk_.lose_power();
    MemoryJournal const after(disk_);
    EXPECT_GE(after.state().last_seq, 500U - 254U);
}

}  // namespace
}  // namespace muster
