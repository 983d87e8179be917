#include <algorithm>
#include <csignal>
#include <filesystem>
#include <fstream>
#include <set>
#include <string>
#include <utility>
#include <variant>
#include <vector>

#include <gtest/gtest.h>

#include <sys/resource.h>

#include <integration/journal/child.hpp>

#include <muster/journal/file_journal.hpp>
#include <muster/recording/shrinking.hpp>
#include <muster/testing/journal_samples.hpp>
#include <muster/testing/temporary_folder.hpp>

/// The files of a journal at its byte limit, and what a crash leaves of their shrinking. Every
/// tenth record is a transition.
namespace muster::testing {
namespace {

namespace fs = std::filesystem;

FileJournal::Options near_its_limit(fs::path const& folder) {
    FileJournal::Options options;
    options.folder = folder;
    options.segment_bytes = 2'000;
    options.limit_bytes = 40'000;
    options.keep_bytes = 0;
    options.keep_age = Millis(0);
    return options;
}

Result<void> write_mixed(Journal& journal, std::uint64_t through) {
    Bytes frames;
    for (auto seq = journal.state().last_seq + 1; seq <= through; ++seq) {
        append_frame(
            frames, {1, seq},
            seq % 10 == 0 ? RecordBody(sample_transition()) : RecordBody(passing_result()));
    }
    return journal.write(frames, {1, through}, kSampleTime);
}

bool shrink(Journal& journal) {
    auto job = journal.shrink_job();
    if (!job) {
        return false;
    }
    auto result = job();
    bool const done = result.has_value();
    journal.shrunk(std::move(result));
    return done;
}

/// Every number from the first on is told of; what stands in for results hides no transition.
void expect_whole(Journal& journal) {
    auto const state = journal.state();
    auto const reader = journal.reader();
    auto after = state.first_seq - 1;
    while (after < state.last_seq) {
        auto const chunk = reader->read(after, state.last_seq, 1U << 20U);
        ASSERT_TRUE(chunk) << chunk.error().message;
        ASSERT_EQ(chunk->first_seq, after + 1);
        auto const records = decode_frames(chunk->frames);
        ASSERT_TRUE(records) << records.error().message;
        for (auto const& record : *records) {
            if (is_stand_in(record)) {
                auto const& gap = std::get<Gap>(record.body);
                ASSERT_EQ(gap.from, after + 1);
                EXPECT_EQ((gap.from - 1) / 10, gap.to / 10) << "a transition is gone";
            } else {
                ASSERT_EQ(record.position.seq, after + 1);
            }
            after = record.position.seq;
        }
    }
}

class ShrinkingFiles : public ::testing::Test {
protected:
    void open() {
        journal.reset();
        auto opened = FileJournal::open(near_its_limit(path), kSampleTime);
        ASSERT_TRUE(opened) << opened.error().message;
        EXPECT_TRUE((*opened)->problems().empty());
        journal = std::move(*opened);
    }

    void fill() {
        open();
        while (journal->state().bytes < 36'000) {
            ASSERT_TRUE(write_mixed(*journal, journal->state().last_seq + 5));
        }
        ASSERT_TRUE(sync_now(*journal));
    }

    [[nodiscard]] std::set<std::string> files() const {
        std::set<std::string> names;
        for (auto const& entry : fs::directory_iterator(path)) {
            names.insert(entry.path().filename().string());
        }
        return names;
    }

    TemporaryFolder folder;
    fs::path const path = folder.path() / "journal";
    std::unique_ptr<FileJournal> journal;
};

TEST_F(ShrinkingFiles, TheShrunkenTakesTheOldOnesPlace) {
    fill();
    auto const before = journal->state().bytes;
    ASSERT_TRUE(shrink(*journal));
    EXPECT_LT(journal->state().bytes, before);
    EXPECT_FALSE(files().contains("00000000000000000001-000.journal"));
    EXPECT_TRUE(files().contains("00000000000000000001-001.journal"));
    std::uintmax_t on_disk = 0;
    for (auto const& entry : fs::directory_iterator(path)) {
        on_disk += entry.file_size();
    }
    EXPECT_EQ(on_disk, journal->state().bytes);
    expect_whole(*journal);
}

/// kill -9 (or a power loss) between the new file's rename and the old one's end.
TEST_F(ShrinkingFiles, OfBothTheShrunkenCountsAndTheOtherGoes) {
    fill();
    auto const old = path / "00000000000000000001-000.journal";
    fs::copy_file(old, folder.path() / "copy");
    ASSERT_TRUE(shrink(*journal));
    auto const state = journal->state();
    fs::copy_file(folder.path() / "copy", old);
    open();
    EXPECT_FALSE(fs::exists(old));
    EXPECT_EQ(journal->state().bytes, state.bytes);
    EXPECT_EQ(journal->state().last_seq, state.last_seq);
    expect_whole(*journal);
}

/// The same, and of the segment behind it nothing had come to the disk.
TEST_F(ShrinkingFiles, OfBothTheShrunkenCountsAlsoAsTheNewest) {
    fill();
    auto const old = path / "00000000000000000001-000.journal";
    fs::copy_file(old, folder.path() / "copy");
    ASSERT_TRUE(shrink(*journal));
    journal.reset();
    auto const shrunken = path / "00000000000000000001-001.journal";
    for (auto const& name : files()) {
        if (path / name != shrunken) {
            std::ofstream(path / name, std::ios::trunc);
        }
    }
    fs::copy_file(folder.path() / "copy", old);
    open();
    EXPECT_FALSE(fs::exists(old));
    EXPECT_EQ(files(), std::set<std::string>{shrunken.filename().string()});
    EXPECT_EQ(journal->state().bytes, fs::file_size(shrunken));
    expect_whole(*journal);
}

TEST_F(ShrinkingFiles, WhatWasNotFinishedIsRemovedAndMissedByNobody) {
    fill();
    auto const unfinished = path / "00000000000000000001-001.journal.unfinished";
    auto const frames = journal->reader()->read(0, 1, 1)->frames;
    std::ofstream(unfinished) << "half of a header";
    open();
    EXPECT_FALSE(fs::exists(unfinished));
    EXPECT_EQ(journal->reader()->read(0, 1, 1)->frames, frames);
    expect_whole(*journal);
}

TEST_F(ShrinkingFiles, AFullDiskChangesNothing) {
    std::signal(SIGXFSZ, SIG_IGN);
    fill();
    auto const before = files();
    struct rlimit limit {};
    ASSERT_EQ(::getrlimit(RLIMIT_FSIZE, &limit), 0);
    auto small = limit;
    small.rlim_cur = 100;
    ASSERT_EQ(::setrlimit(RLIMIT_FSIZE, &small), 0);
    auto job = journal->shrink_job();
    auto result = job ? job() : Result<void>{};
    ::setrlimit(RLIMIT_FSIZE, &limit);
    ASSERT_FALSE(result);
    EXPECT_EQ(result.error().code, Errc::full);
    journal->shrunk(std::move(result));
    EXPECT_EQ(files(), before);
    expect_whole(*journal);
    EXPECT_TRUE(shrink(*journal)) << "once there is room";
}

TEST_F(ShrinkingFiles, ASegmentThatWentMeanwhileDoesNotComeBack) {
    fill();
    auto job = journal->shrink_job();
    ASSERT_TRUE(job);
    auto result = job();
    while (journal->state().first_seq == 1) {
        ASSERT_TRUE(write_mixed(*journal, journal->state().last_seq + 5));
    }
    journal->shrunk(std::move(result));
    EXPECT_FALSE(files().contains("00000000000000000001-001.journal"));
    expect_whole(*journal);
    open();
    EXPECT_GT(journal->state().first_seq, 1U);
}

/// The job waited for its turn meanwhile: that is no failure, after which nobody would shrink
/// anything for a while.
TEST_F(ShrinkingFiles, ASegmentThatIsGoneNeedsNoShrinking) {
    fill();
    auto job = journal->shrink_job();
    ASSERT_TRUE(job);
    while (journal->state().first_seq == 1) {
        ASSERT_TRUE(write_mixed(*journal, journal->state().last_seq + 5));
    }
    auto const given_up = journal->state().given_up;
    auto result = job();
    EXPECT_TRUE(result) << result.error().message;
    journal->shrunk(std::move(result));
    EXPECT_EQ(journal->state().given_up, given_up);
    EXPECT_FALSE(files().contains("00000000000000000001-001.journal"));
    expect_whole(*journal);
    ASSERT_TRUE(sync_now(*journal));
    EXPECT_TRUE(shrink(*journal)) << "the next one";
}

/// What this thread has read so far, from wherever.
std::uint64_t bytes_read() {
    std::ifstream figures("/proc/thread-self/io");
    std::string name;
    std::uint64_t bytes = 0;
    figures >> name >> bytes;
    EXPECT_EQ(name, "rchar:");
    return bytes;
}

/// Behind what a segment holds may lie what was written again elsewhere, after a failed fsync.
TEST_F(ShrinkingFiles, AStaleTailIsNotReadForEachOfItsFrames) {
    auto options = near_its_limit(path);
    options.segment_bytes = 400'000;
    options.limit_bytes = 400'000;  // segments of a quarter
    auto opened = FileJournal::open(options, kSampleTime);
    ASSERT_TRUE(opened) << opened.error().message;
    journal = std::move(*opened);
    ASSERT_TRUE(write_mixed(*journal, 20));
    ASSERT_TRUE(sync_now(*journal));
    auto const first = path / "00000000000000000001-000.journal";
    while (fs::file_size(first) < 60'000) {
        ASSERT_TRUE(write_mixed(*journal, journal->state().last_seq + 5));
    }
    static_cast<void>(journal->sync_job());
    ASSERT_TRUE(journal->synced(failure(Errc::unavailable, "input/output error")));
    while (journal->state().bytes < 360'000) {
        ASSERT_TRUE(write_mixed(*journal, journal->state().last_seq + 5));
    }
    ASSERT_TRUE(sync_now(*journal));
    auto const size = fs::file_size(first);
    auto const before = bytes_read();
    ASSERT_TRUE(shrink(*journal));
    EXPECT_LT(bytes_read() - before, 3 * size);
    EXPECT_TRUE(files().contains("00000000000000000001-001.journal"));
    expect_whole(*journal);
}

TEST_F(ShrinkingFiles, SurviveKillsAtAnyMoment) {
    std::uint64_t told = 0;
    for (int kill = 1; kill <= 10; ++kill) {
        Child child([this](Child::Tell const& tell) {
            auto opened = FileJournal::open(near_its_limit(path), kSampleTime);
            if (!opened) {
                return;
            }
            auto& own = **opened;
            for (;;) {
                auto const last = own.state().last_seq + 5;
                if (!write_mixed(own, last) || !sync_now(own)) {
                    return;
                }
                tell(last);
                while (shrink(own)) {}
            }
        });
        for (int reports = 0; reports < 100 + 37 * kill; ++reports) {
            auto const last = child.next();
            ASSERT_TRUE(last) << "the writer ended by itself";
            told = *last;
        }
        child.kill();
        while (auto const last = child.next()) {
            told = *last;
        }
        open();
        EXPECT_GE(journal->state().last_seq, told);
        EXPECT_LE(journal->state().bytes, 40'000U);
        for (auto const& name : files()) {
            EXPECT_EQ(name.find("unfinished"), std::string::npos);
        }
        expect_whole(*journal);
        journal.reset();
    }
    EXPECT_GT(told, 1'000U);
}

}  // namespace
}  // namespace muster::testing
