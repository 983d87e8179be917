#include <filesystem>
#include <fstream>
#include <memory>
#include <set>
#include <string>

#include <gtest/gtest.h>

#include <muster/journal/file_journal.hpp>
#include <muster/testing/journal_samples.hpp>
#include <muster/testing/temporary_folder.hpp>

namespace muster::testing {
namespace {

namespace fs = std::filesystem;

class Opening : public ::testing::Test {
protected:
    Result<std::unique_ptr<FileJournal>> open(std::string const& name = "journal") {
        FileJournal::Options options;
        options.folder = folder_.path() / name;
        options.segment_bytes = 1000;
        return FileJournal::open(options, kSampleTime);
    }

    /// Several segments of about a dozen records.
    void write_sixty(std::string const& name = "journal") {
        auto const journal = open(name);
        ASSERT_TRUE(journal);
        for (std::uint64_t seq = 10; seq <= 60; seq += 10) {
            ASSERT_TRUE(write_through(**journal, seq, 4));
        }
    }

    [[nodiscard]] std::vector<fs::path> segments(std::string const& name = "journal") const {
        std::set<fs::path> found;
        for (auto const& entry : fs::directory_iterator(folder_.path() / name)) {
            found.insert(entry.path());
        }
        return {found.begin(), found.end()};
    }

    static void overwrite(fs::path const& path, std::streamoff at, std::string const& with) {
        std::fstream file(path, std::ios::in | std::ios::out | std::ios::binary);
        file.seekp(at);
        file << with;
    }

    TemporaryFolder folder_;
};

TEST_F(Opening, RemovesASegmentThatWasNeverFinished) {
    write_sixty();
    auto const unfinished = folder_.path() / "journal" / "00000000000000000061-000.journal";
    for (auto const size : {0, 10, 75, 200}) {
        std::ofstream(unfinished) << std::string(static_cast<std::size_t>(size), '\0');
        auto const journal = open();
        ASSERT_TRUE(journal) << journal.error().message;
        EXPECT_EQ((*journal)->state().last_seq, 60U);
        EXPECT_FALSE(fs::exists(unfinished));
    }
    fs::remove_all(folder_.path() / "journal");
    fs::create_directory(folder_.path() / "journal");
    std::ofstream(folder_.path() / "journal" / "00000000000000000001-000.journal");
    ASSERT_TRUE(open()) << "a crash while the journal was made";
}

/// Written again after a failed fsync, and then the power went before that was durable.
TEST_F(Opening, OfTwoOfTheSameRecordsTheOneCountsThatReachesFurther) {
    write_sixty();
    auto const last = segments().back();
    auto name = last.filename().string();
    auto const again = last.parent_path() / name.replace(name.find("-000"), 4, "-001");
    fs::copy_file(last, again);
    fs::resize_file(again, fs::file_size(again) - 10);
    {
        auto const journal = open();
        ASSERT_TRUE(journal) << journal.error().message;
        EXPECT_TRUE((*journal)->problems().empty());
        EXPECT_EQ((*journal)->state().last_seq, 60U);
        EXPECT_FALSE(fs::exists(again));
    }
    fs::copy_file(last, again);
    auto const journal = open();
    ASSERT_TRUE(journal) << journal.error().message;
    EXPECT_EQ((*journal)->state().last_seq, 60U);
    EXPECT_FALSE(fs::exists(last)) << "of equal ones the newer";
    EXPECT_TRUE(fs::exists(again));
}

/// Written again and again while fsyncs failed; the power loss left the names of all of them.
TEST_F(Opening, RemovesCopiesOfWhichOnlyTheNameIsThere) {
    write_sixty();
    for (auto const& segment : {segments().front(), segments().back()}) {
        auto const numbered = [&segment](std::string const& number) {
            auto name = segment.filename().string();
            return segment.parent_path() / name.replace(name.find("-000"), 4, number);
        };
        std::ofstream(numbered("-001"));
        std::ofstream(numbered("-002")) << std::string(200, '\0');
        fs::copy_file(segment, numbered("-003"));
        std::ofstream(numbered("-004")) << std::string(75, '\0');
        auto const journal = open();
        ASSERT_TRUE(journal) << journal.error().message;
        EXPECT_TRUE((*journal)->problems().empty()) << (*journal)->problems().front();
        EXPECT_EQ((*journal)->state().last_seq, 60U);
        auto const chunk = (*journal)->reader()->read(0, 60, 1U << 20U);
        ASSERT_TRUE(chunk);
        EXPECT_EQ(seqs_of(chunk->frames).size(), chunk->last_seq);
        for (auto const* const number : {"-001", "-002", "-004"}) {
            EXPECT_FALSE(fs::exists(numbered(number))) << number;
        }
    }
}

TEST_F(Opening, KeepsTheEpochOfASegmentWithoutRecords) {
    write_sixty();
    auto const newest = segments().back();
    fs::resize_file(newest, 76);
    auto const journal = open();
    ASSERT_TRUE(journal);
    EXPECT_LT((*journal)->state().last_seq, 60U);
    EXPECT_EQ((*journal)->state().last_epoch, 4U);
}

TEST_F(Opening, LeavesFilesOfOthersAlone) {
    write_sixty();
    std::ofstream(folder_.path() / "journal" / "notes.txt") << "mine";
    std::ofstream(folder_.path() / "journal" / "1.journal") << "mine";
    ASSERT_TRUE(open());
    EXPECT_TRUE(fs::exists(folder_.path() / "journal" / "notes.txt"));
    EXPECT_TRUE(fs::exists(folder_.path() / "journal" / "1.journal"));
}

TEST_F(Opening, ReadsASegmentWithADamagedHeaderByItsName) {
    write_sixty();
    overwrite(segments()[1], 20, "XXXX");
    auto const journal = open();
    ASSERT_TRUE(journal) << journal.error().message;
    ASSERT_EQ((*journal)->problems().size(), 1U);
    EXPECT_NE((*journal)->problems()[0].find("header"), std::string::npos);
    auto const reader = (*journal)->reader();
    EXPECT_EQ(reader->next_readable(0, 60), 1U);
    std::uint64_t after = 0;
    while (after < 60) {
        auto const chunk = reader->read(after, 60, 1000);
        ASSERT_TRUE(chunk) << chunk.error().message;
        ASSERT_EQ(chunk->first_seq, after + 1);
        after = chunk->last_seq;
    }
}

TEST_F(Opening, RefusesAJournalThatNobodyCanName) {
    {
        auto const journal = open();
        ASSERT_TRUE(write_through(**journal, 5));
    }
    overwrite(segments()[0], 20, "XXXX");
    auto const refused = open();
    ASSERT_FALSE(refused);
    EXPECT_EQ(refused.error().code, Errc::corrupt);
    EXPECT_EQ(segments().size(), 1U) << "nothing is thrown away";
}

TEST_F(Opening, RefusesSegmentsOfTwoJournals) {
    write_sixty();
    write_sixty("other");
    fs::copy_file(segments("other")[1], segments()[1], fs::copy_options::overwrite_existing);
    auto const refused = open();
    ASSERT_FALSE(refused);
    EXPECT_EQ(refused.error().code, Errc::corrupt);
    EXPECT_NE(refused.error().message.find("another journal"), std::string::npos);
}

TEST_F(Opening, TellsReadersOfASegmentThatIsMissing) {
    write_sixty();
    fs::remove(segments()[1]);
    auto const journal = open();
    ASSERT_TRUE(journal);
    EXPECT_EQ((*journal)->state().last_seq, 60U);
    auto const reader = (*journal)->reader();
    auto const before = reader->read(0, 60, 1000);
    ASSERT_TRUE(before);
    auto const missing = reader->read(before->last_seq, 60, 1000);
    ASSERT_FALSE(missing);
    EXPECT_EQ(missing.error().code, Errc::corrupt);
    auto const behind = reader->next_readable(before->last_seq, 60);
    ASSERT_TRUE(behind);
    EXPECT_GT(*behind, before->last_seq + 1);
    EXPECT_EQ(reader->read(*behind - 1, 60, 1000)->first_seq, *behind);
}

/// What a failed fsync left: two segments of the same records, of which the later one counts.
TEST_F(Opening, PrefersTheSegmentThatWasWrittenAgain) {
    {
        auto const journal = open();
        ASSERT_TRUE(write_through(**journal, 5));
        ASSERT_TRUE((*journal)->synced(failure(Errc::unavailable, "input/output error")));
        ASSERT_TRUE(write_through(**journal, 8));
    }
    ASSERT_EQ(segments().size(), 2U);
    EXPECT_EQ(segments()[1].filename(), "00000000000000000001-001.journal");
    overwrite(segments()[0], 100, "XXXX");
    auto const journal = open();
    ASSERT_TRUE(journal);
    EXPECT_EQ((*journal)->reader()->read(0, 8, 1U << 20U)->frames, frames_of(0, 8));
}

TEST_F(Opening, SaysWhyAFolderCannotBeUsed) {
    std::ofstream(folder_.path() / "journal") << "a file";
    auto const refused = open();
    ASSERT_FALSE(refused);
    EXPECT_EQ(refused.error().code, Errc::invalid);
}

}  // namespace
}  // namespace muster::testing
