#include <filesystem>
#include <fstream>
#include <string>

#include <gtest/gtest.h>

#include <muster/journal/file_journal.hpp>
#include <muster/testing/journal_samples.hpp>
#include <muster/testing/temporary_folder.hpp>

namespace muster::testing {
namespace {

/// A journal of ten records in one segment whose end is changed behind its back.
class TornTail : public ::testing::Test {
protected:
    void SetUp() override {
        write_ten();
        size_ = std::filesystem::file_size(segment_);
        frame_ = frames_of(9, 10).size();
    }

    void write_ten() {
        std::filesystem::remove_all(folder_.path() / "journal");
        auto const journal = open();
        ASSERT_TRUE(write_through(*journal, 10));
    }

    std::unique_ptr<FileJournal> open() {
        FileJournal::Options options;
        options.folder = folder_.path() / "journal";
        auto opened = FileJournal::open(options, kSampleTime);
        EXPECT_TRUE(opened) << opened.error().message;
        return opened ? std::move(*opened) : nullptr;
    }

    void append(std::string const& rubbish) {
        std::ofstream(segment_, std::ios::app | std::ios::binary) << rubbish;
    }

    /// The journal holds records up to `last`, is as long as they are, and goes on.
    void expect_last(std::uint64_t last) {
        auto const journal = open();
        ASSERT_NE(journal, nullptr);
        ASSERT_EQ(journal->state().last_seq, last);
        ASSERT_EQ(std::filesystem::file_size(segment_), size_ - (10 - last) * frame_);
        ASSERT_TRUE(write_through(*journal, last + 3));
        auto const chunk = journal->reader()->read(0, last + 3, 1U << 20U);
        ASSERT_TRUE(chunk);
        ASSERT_EQ(chunk->frames, frames_of(0, last + 3));
    }

    TemporaryFolder folder_;
    std::filesystem::path segment_ =
        folder_.path() / "journal" / "00000000000000000001-000.journal";
    std::uintmax_t size_{0};
    std::uintmax_t frame_{0};
};

TEST_F(TornTail, IsCutWhereverItWasTorn) {
    for (std::uintmax_t missing = 1; missing <= 2 * frame_; ++missing) {
        write_ten();
        std::filesystem::resize_file(segment_, size_ - missing);
        expect_last(missing <= frame_ ? 9 : 8);
    }
}

TEST_F(TornTail, IsCutWhereAPowerLossLeftZeros) {
    append(std::string(5000, '\0'));
    expect_last(10);
}

TEST_F(TornTail, IsCutWhereItIsRubbish) {
    append(std::string(5000, '\xa5'));
    expect_last(10);
    EXPECT_TRUE(open()->problems().empty());
}

TEST_F(TornTail, IsCutDownToTheHeader) {
    std::filesystem::resize_file(segment_, size_ - 10 * frame_ + 3);
    expect_last(0);
}

/// Records behind damage are whole: they stay, and the damage is told.
TEST_F(TornTail, IsNotCutBeforeRecordsThatCanBeRead) {
    std::fstream file(segment_, std::ios::in | std::ios::out | std::ios::binary);
    file.seekp(static_cast<std::streamoff>(size_ - 5 * frame_ + 30));
    file << "XXXX";
    file.close();
    auto const journal = open();
    EXPECT_EQ(journal->state().last_seq, 10U);
    ASSERT_EQ(journal->problems().size(), 1U);
    EXPECT_NE(journal->problems()[0].find("records 6 to 6 are lost"), std::string::npos)
        << journal->problems()[0];
    EXPECT_EQ(std::filesystem::file_size(segment_), size_);
}

}  // namespace
}  // namespace muster::testing
