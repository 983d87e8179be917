#include <gtest/gtest.h>

#include <muster/memory/memory_checkpoint_store.hpp>
#include <muster/memory/memory_journal.hpp>
#include <muster/testing/journal_samples.hpp>

/// What a power loss does can only be modelled: the simulation relies on this model.
namespace muster::testing {
namespace {

TEST(MemoryDisk, KeepsOnlyWhatWasSyncedWhenThePowerFails) {
    MemoryDisk disk;
    {
        MemoryJournal journal(disk);
        ASSERT_TRUE(write_through(journal, 10, 3));
        ASSERT_TRUE(sync_now(journal));
        ASSERT_TRUE(write_through(journal, 20, 4));
    }
    disk.lose_power();
    MemoryJournal journal(disk);
    EXPECT_EQ(journal.state().last_seq, 10U);
    EXPECT_EQ(journal.state().last_epoch, 3U);
    ASSERT_TRUE(write_through(journal, 15, 5));
    EXPECT_EQ(seqs_of(journal.reader()->read(8, 15, 1000)->frames),
              (std::vector<std::uint64_t>{9, 10, 11, 12, 13, 14, 15}));
}

TEST(MemoryDisk, CountsAnUnansweredSyncOnlyOnceItRan) {
    MemoryDisk disk;
    MemoryJournal journal(disk);
    ASSERT_TRUE(write_through(journal, 10));
    auto ran = journal.sync_job();
    ASSERT_TRUE(ran());
    ASSERT_TRUE(write_through(journal, 20));
    auto never_ran = journal.sync_job();
    disk.lose_power();
    EXPECT_FALSE(never_ran()) << "its process is dead";
    EXPECT_EQ(MemoryJournal(disk).state().last_seq, 10U);
}

TEST(MemoryDisk, KeepsWhatWasWrittenWhenTheProcessDies) {
    MemoryDisk disk;
    {
        MemoryJournal journal(disk);
        ASSERT_TRUE(write_through(journal, 20));
    }
    disk.crash_process();
    EXPECT_EQ(MemoryJournal(disk).state().last_seq, 20U);
}

TEST(MemoryDisk, ShrinksAsAWholeOrNotAtAllWhenThePowerFails) {
    MemoryDisk disk;
    MemoryJournal::Options options;
    options.limit_bytes = frames_of(0, 20).size() + 10;
    auto const count = [&disk, &options] {
        MemoryJournal const journal(disk, options);
        return seqs_of(journal.reader()->read(0, 20, 10'000)->frames).size();
    };
    MemoryJournal journal(disk, options);
    ASSERT_TRUE(write_through(journal, 20));
    ASSERT_TRUE(sync_now(journal));
    auto never_ran = journal.shrink_job();
    ASSERT_TRUE(never_ran);
    auto ran = journal.shrink_job();
    disk.lose_power();
    EXPECT_FALSE(never_ran()) << "its process is dead";
    EXPECT_EQ(count(), 20U);

    MemoryJournal again(disk, options);
    ran = again.shrink_job();
    ASSERT_TRUE(ran());
    disk.lose_power();
    EXPECT_LT(count(), 20U);
    EXPECT_EQ(MemoryJournal(disk, options).state().last_seq, 20U);
}

TEST(MemoryDisk, KeepsItsCheckpoint) {
    MemoryDisk disk;
    Bytes const bytes{std::byte{1}, std::byte{2}};
    ASSERT_TRUE(MemoryCheckpointStore(disk).save(bytes));
    disk.lose_power();
    EXPECT_EQ(*MemoryCheckpointStore(disk).load(), bytes);
}

}  // namespace
}  // namespace muster::testing
