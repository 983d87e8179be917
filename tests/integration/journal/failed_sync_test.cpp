#include <algorithm>
#include <csignal>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include <gtest/gtest.h>

#include <sys/resource.h>

#include <integration/journal/child.hpp>

#include <muster/journal/file_journal.hpp>
#include <muster/testing/journal_samples.hpp>
#include <muster/testing/temporary_folder.hpp>

namespace muster::testing {
namespace {

/// No device here fails an fsync on request: the journal is told that it did.
class FailedSync : public ::testing::Test {
protected:
    void open() {
        journal_.reset();
        auto opened = FileJournal::open(options_, kSampleTime);
        ASSERT_TRUE(opened) << opened.error().message;
        journal_ = std::move(*opened);
    }

    Result<void> fail_sync() {
        static_cast<void>(journal_->sync_job());
        return journal_->synced(failure(Errc::unavailable, "input/output error"));
    }

    [[nodiscard]] std::vector<std::string> segments() const {
        std::vector<std::string> names;
        for (auto const& entry : std::filesystem::directory_iterator(options_.folder)) {
            names.push_back(entry.path().filename().string());
        }
        std::sort(names.begin(), names.end());
        return names;
    }

    void expect_all_through(std::uint64_t last) {
        auto const reader = journal_->reader();
        Bytes all;
        for (std::uint64_t after = 0; after < last;) {
            auto const chunk = reader->read(after, last, 1U << 20U);
            ASSERT_TRUE(chunk) << chunk.error().message;
            ASSERT_EQ(chunk->first_seq, after + 1);
            all.insert(all.end(), chunk->frames.begin(), chunk->frames.end());
            after = chunk->last_seq;
        }
        EXPECT_EQ(all, frames_of(0, last));
    }

    TemporaryFolder folder_;
    FileJournal::Options options_{folder_.path() / "journal"};
    std::unique_ptr<FileJournal> journal_;
};

TEST_F(FailedSync, WritesWhatIsNotDurableIntoANewSegment) {
    open();
    ASSERT_TRUE(write_through(*journal_, 10));
    ASSERT_TRUE(sync_now(*journal_));
    ASSERT_TRUE(write_through(*journal_, 20));
    auto const old_size = std::filesystem::file_size(options_.folder / segments().back());
    ASSERT_TRUE(fail_sync());
    EXPECT_EQ(segments(), (std::vector<std::string>{"00000000000000000001-000.journal",
                                                    "00000000000000000011-000.journal"}));
    ASSERT_TRUE(write_through(*journal_, 25));
    EXPECT_EQ(std::filesystem::file_size(options_.folder / segments().front()), old_size)
        << "the old one is not touched again";
    expect_all_through(25);
    ASSERT_TRUE(sync_now(*journal_));
    EXPECT_EQ(journal_->state().durable_seq, 25U);
    open();
    expect_all_through(25);
}

/// What the old segment still holds of the records that were written again does not count.
TEST_F(FailedSync, ReadsNothingMoreFromTheOldSegment) {
    open();
    ASSERT_TRUE(write_through(*journal_, 10));
    ASSERT_TRUE(sync_now(*journal_));
    ASSERT_TRUE(write_through(*journal_, 20));
    ASSERT_TRUE(fail_sync());
    auto const old = options_.folder / segments().front();
    auto const frames_begin = std::filesystem::file_size(old) - frames_of(0, 20).size();
    std::fstream file(old, std::ios::in | std::ios::out | std::ios::binary);
    file.seekp(static_cast<std::streamoff>(frames_begin + frames_of(0, 10).size() - 4));
    file << "XXXXXXXX";  // the end of record 10, the beginning of 11
    file.close();
    auto const reader = journal_->reader();
    EXPECT_EQ(reader->read(9, 20, 1000).error().code, Errc::corrupt);
    EXPECT_EQ(reader->next_readable(9, 20), 11U);
    EXPECT_EQ(seqs_of(reader->read(10, 20, 1000)->frames).size(), 10U);
}

TEST_F(FailedSync, TakesTheTailOfSeveralSegmentsTogether) {
    options_.segment_bytes = 700;
    open();
    for (std::uint64_t last = 10; last <= 60; last += 10) {
        ASSERT_TRUE(write_through(*journal_, last));
    }
    ASSERT_GE(segments().size(), 6U);
    ASSERT_TRUE(fail_sync());
    EXPECT_EQ(segments(), (std::vector<std::string>{"00000000000000000001-000.journal",
                                                    "00000000000000000001-001.journal"}));
    ASSERT_TRUE(fail_sync());
    expect_all_through(60);
    open();
    expect_all_through(60);
}

/// kill -9 in the middle of writing again: here the kernel's, who lets no file grow beyond a limit.
TEST_F(FailedSync, HidesNothingBeforeAllOfItIsWrittenAgain) {
    Child child([this](Child::Tell const& tell) {
        open();
        for (std::uint64_t last = 10; last <= 30; last += 10) {
            if (!write_through(*journal_, last) || (last == 10 && !sync_now(*journal_))) {
                return;
            }
        }
        std::signal(SIGXFSZ, SIG_DFL);
        struct rlimit const limit{frames_of(10, 20).size() + 100, RLIM_INFINITY};
        if (::setrlimit(RLIMIT_FSIZE, &limit) == 0) {
            tell(30);
            static_cast<void>(fail_sync());
            tell(31);
        }
    });
    EXPECT_EQ(child.next(), 30U);
    EXPECT_EQ(child.next(), std::nullopt) << "it was not killed";
    open();
    EXPECT_EQ(segments(), std::vector<std::string>{"00000000000000000001-000.journal"});
    EXPECT_EQ(journal_->state().last_seq, 30U);
    expect_all_through(30);
}

TEST_F(FailedSync, SaysWhichRecordsItCannotWriteAgain) {
    options_.unsynced_copy_bytes = 1000;
    open();
    for (std::uint64_t last = 10; last <= 60; last += 10) {
        ASSERT_TRUE(write_through(*journal_, last));
    }
    auto const told = fail_sync();
    ASSERT_FALSE(told);
    EXPECT_NE(told.error().message.find("records 1 to 40"), std::string::npos)
        << told.error().message;
    expect_all_through(60);
    ASSERT_TRUE(write_through(*journal_, 70));
    ASSERT_TRUE(sync_now(*journal_));
    EXPECT_EQ(journal_->state().durable_seq, 70U);
    open();
    expect_all_through(70);
}

std::ptrdiff_t open_descriptors() {
    return std::distance(std::filesystem::directory_iterator("/proc/self/fd"), {});
}

TEST_F(FailedSync, HoldsNoDescriptorOfWhatIsDurable) {
    options_.segment_bytes = 700;
    open();
    auto const before = open_descriptors();
    for (std::uint64_t last = 10; last <= 300; last += 10) {
        ASSERT_TRUE(write_through(*journal_, last));
        ASSERT_TRUE(last != 50 || fail_sync());
        ASSERT_TRUE(last % 30 != 0 || sync_now(*journal_));
    }
    ASSERT_TRUE(sync_now(*journal_));
    EXPECT_LE(open_descriptors(), before);
}

}  // namespace
}  // namespace muster::testing
