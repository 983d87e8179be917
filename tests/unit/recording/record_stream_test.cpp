#include <muster/recording/record_stream.hpp>

#include <string>
#include <vector>

#include <gtest/gtest.h>

#include <muster/base/crc32c.hpp>
#include <muster/recording/shrinking.hpp>
#include <muster/testing/journal_samples.hpp>

namespace muster {
namespace {

using testing::kSampleTime;
using testing::passing_result;
using testing::sample_transition;

/// A frame whose checksum is right, of a kind that no program has written yet.
Bytes frame_of_another_age(std::uint64_t seq) {
    Bytes frame;
    append_frame(frame, {1, seq}, HubStopped{kSampleTime});
    frame[24] = std::byte{200};  // behind length, checksum, epoch and number
    auto const crc = crc32c(ByteView(frame).subspan(8));
    for (std::size_t byte = 0; byte < 4; ++byte) {
        frame[4 + byte] = static_cast<std::byte>(crc >> (8 * byte));
    }
    return frame;
}

class RecordStreamTest : public ::testing::Test {
protected:
    /// Records 11 to 16: two results that gave way to a stand-in, a transition, a result, one that
    /// nobody understands, and a transition.
    RecordStreamTest() {
        Bytes gone;
        append_frame(gone, {1, 11}, passing_result());
        append_frame(gone, {1, 12}, passing_result());
        Shrinking shrinking(11);
        FrameScanner scanner(gone);
        while (scanner.next() == FrameScanner::Found::frame) {
            auto const& frame = scanner.frame();
            shrinking.take(frame, ByteView(gone).subspan(frame.offset, frame.size));
        }
        shrinking.finish(12);
        frames_ = shrinking.frames();
        append_frame(frames_, {1, 13}, sample_transition());
        append_frame(frames_, {1, 14}, passing_result());
        auto const strange = frame_of_another_age(15);
        frames_.insert(frames_.end(), strange.begin(), strange.end());
        append_frame(frames_, {1, 16}, sample_transition());
    }

    [[nodiscard]] RecordStream stream(std::uint64_t after = 10) {
        return {frames_, after, [this](Error const& error) { left_out_.push_back(error.code); }};
    }

    Bytes frames_;
    std::vector<Errc> left_out_;
};

using Seqs = std::vector<std::uint64_t>;

TEST_F(RecordStreamTest, GivesEachRecordInItsOrderAndTellsWhatItLeavesOut) {
    auto records = stream();
    Seqs seqs;
    while (auto const* const record = records.next()) {
        seqs.push_back(record->position.seq);
    }
    EXPECT_EQ(seqs, (Seqs{12, 13, 14, 16}));
    EXPECT_EQ(records.passed(), 4U);
    EXPECT_EQ(records.gone(), 2U);
    EXPECT_EQ(left_out_, std::vector<Errc>{Errc::unsupported});
    EXPECT_EQ(records.next(), nullptr) << "it stays at the end";
}

TEST_F(RecordStreamTest, PassesOverWhatTheNextCheckTellsAgainAndCountsIt) {
    auto records = stream();
    Seqs seqs;
    while (auto const* const record = records.next_lasting()) {
        seqs.push_back(record->position.seq);
    }
    EXPECT_EQ(seqs, (Seqs{12, 13, 16}));
    EXPECT_EQ(records.passed(), 4U);
    EXPECT_EQ(records.gone(), 2U);
}

TEST_F(RecordStreamTest, GivesOrPassesAllThatAreLeft) {
    auto records = stream();
    ASSERT_NE(records.next(), nullptr);
    auto const rest = records.rest();
    ASSERT_EQ(rest.size(), 3U);
    EXPECT_EQ(rest.front().position.seq, 13U);
    EXPECT_EQ(rest.back().position.seq, 16U);

    auto passed = stream();
    passed.pass_rest();
    EXPECT_EQ(passed.passed(), 4U);
    EXPECT_EQ(passed.gone(), 2U);
    EXPECT_EQ(passed.next(), nullptr);
}

TEST_F(RecordStreamTest, CountsOfAStandInOnlyWhatLiesBehindItsBeginning) {
    auto records = stream(11);
    records.pass_rest();
    EXPECT_EQ(records.gone(), 1U);
}

}  // namespace
}  // namespace muster
