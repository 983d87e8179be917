#include <filesystem>
#include <fstream>
#include <memory>
#include <string>

#include <gtest/gtest.h>

#include <sys/mount.h>

#include <muster/journal/file_checkpoint_store.hpp>
#include <muster/journal/file_journal.hpp>
#include <muster/memory/simulated_loop.hpp>
#include <muster/recording/recorder.hpp>
#include <muster/testing/journal_samples.hpp>
#include <muster/testing/remembering_log.hpp>
#include <muster/testing/temporary_folder.hpp>

namespace muster::testing {
namespace {

/// A file system of one megabyte. Only root may mount.
class FullDisk : public ::testing::Test {
protected:
    void SetUp() override {
        mounted_ = ::mount("tmpfs", folder_.path().c_str(), "tmpfs", 0, "size=1m") == 0;
        if (!mounted_) {
            GTEST_SKIP() << "this process may not mount a small file system";
        }
    }
    ~FullDisk() override {
        if (mounted_) {
            ::umount2(folder_.path().c_str(), MNT_DETACH);
        }
    }

    /// Takes all the room but for some kilobytes.
    void fill(std::uintmax_t leave) {
        auto const room = std::filesystem::space(folder_.path()).available;
        std::ofstream(folder_.path() / "filling") << std::string(room - leave, 'x');
    }
    void clear() { std::filesystem::remove(folder_.path() / "filling"); }

    std::unique_ptr<FileJournal> open() {
        FileJournal::Options options;
        options.folder = folder_.path() / "journal";
        options.segment_bytes = 100'000;
        auto opened = FileJournal::open(options, kSampleTime);
        EXPECT_TRUE(opened) << opened.error().message;
        return opened ? std::move(*opened) : nullptr;
    }

    TemporaryFolder folder_;
    bool mounted_{false};
};

TEST_F(FullDisk, IsToldAndSurvivedByTheRecorder) {
    auto journal = open();
    SimulatedLoop loop;
    SimulatedLane lane(loop);
    RememberingLog log;
    Recorder recorder(*journal, loop, loop, lane, log, {});
    recorder.start_epoch(1);
    auto const record = [&](int times) {
        for (int step = 0; step < times; ++step) {
            recorder.record(passing_result());
            recorder.commit();
            loop.run_for(10ms);
        }
    };
    record(100);
    ASSERT_TRUE(recorder.healthy());
    fill(4096);
    record(3000);
    EXPECT_FALSE(recorder.healthy());
    EXPECT_NE(recorder.problem().find("No space left"), std::string::npos) << recorder.problem();
    clear();
    loop.run_for(3s);
    record(100);
    EXPECT_TRUE(recorder.healthy());
    EXPECT_EQ(recorder.lost(), 0U);
    EXPECT_EQ(journal->state().last_seq, 3200U);
    loop.run_for(1s);
    EXPECT_EQ(journal->state().durable_seq, 3200U);

    journal.reset();
    auto const again = open();
    EXPECT_EQ(again->state().last_seq, 3200U);
    std::uint64_t after = 0;
    while (after < 3200) {
        auto const chunk = again->reader()->read(after, 3200, 1U << 20U);
        ASSERT_TRUE(chunk) << chunk.error().message;
        ASSERT_EQ(chunk->first_seq, after + 1);
        after = chunk->last_seq;
    }
}

TEST_F(FullDisk, LeavesTheOldCheckpoint) {
    FileCheckpointStore store(folder_.path() / "checkpoint");
    Bytes const old(10'000, std::byte{1});
    ASSERT_TRUE(store.save(old));
    fill(4096);
    auto const saved = store.save(Bytes(100'000, std::byte{2}));
    ASSERT_FALSE(saved);
    EXPECT_EQ(saved.error().code, Errc::full);
    EXPECT_EQ(**store.load(), old);
    EXPECT_FALSE(std::filesystem::exists(folder_.path() / "checkpoint.new"));
}

TEST_F(FullDisk, RefusesAJournalThatCannotBeMade) {
    fill(0);
    FileJournal::Options options;
    options.folder = folder_.path() / "journal";
    auto const refused = FileJournal::open(options, kSampleTime);
    ASSERT_FALSE(refused);
    EXPECT_EQ(refused.error().code, Errc::full) << refused.error().message;
    clear();
    EXPECT_TRUE(FileJournal::open(options, kSampleTime));
}

}  // namespace
}  // namespace muster::testing
