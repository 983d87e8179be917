#include <muster/recording/shrinking.hpp>

#include <utility>
#include <variant>
#include <vector>

#include <gtest/gtest.h>

#include <muster/testing/journal_samples.hpp>

namespace muster {
namespace {

using testing::kSampleTime;
using testing::passing_result;
using testing::sample_transition;

/// Records (after, after + bodies], a second apart.
Bytes frames_of(std::uint64_t after, std::vector<RecordBody> const& bodies) {
    Bytes frames;
    for (auto const& body : bodies) {
        append_frame(frames, {3, ++after}, body);
    }
    return frames;
}

Bytes shrink(ByteView frames, std::uint64_t first, std::uint64_t last,
             std::uint64_t* given_up = nullptr) {
    Shrinking shrinking(first);
    FrameScanner scanner(frames);
    while (scanner.next() == FrameScanner::Found::frame) {
        auto const& frame = scanner.frame();
        shrinking.take(frame, frames.subspan(frame.offset, frame.size));
    }
    shrinking.finish(last);
    if (given_up != nullptr) {
        *given_up = shrinking.given_up();
    }
    return shrinking.frames();
}

Gap const& gap_of(Record const& record) {
    return std::get<Gap>(record.body);
}

TEST(Shrinking, KeepsWhatIsToldOnceWhereItStoodAndStandInsForTheRest) {
    auto const frames =
        frames_of(10, {passing_result(1, kSampleTime), passing_result(1, kSampleTime + 1s),
                       sample_transition(), HubStopped{kSampleTime}, ProjectMetrics{},
                       passing_result(1, kSampleTime + 9s)});
    std::uint64_t given_up = 0;
    auto const records = decode_frames(shrink(frames, 11, 16, &given_up));
    ASSERT_TRUE(records) << records.error().message;
    ASSERT_EQ(records->size(), 4U);
    EXPECT_EQ(given_up, 4U);

    EXPECT_EQ((*records)[0].position, (Position{3, 12}));
    EXPECT_EQ(gap_of((*records)[0]),
              (Gap{11, 12, "limit", "2 results and metrics gave way at the journal's limit",
                   kSampleTime + 1s + 12ms}));
    EXPECT_TRUE(is_stand_in((*records)[0]));
    EXPECT_EQ((*records)[1].position, (Position{3, 13}));
    EXPECT_EQ((*records)[1].body, RecordBody(sample_transition()));
    EXPECT_FALSE(is_stand_in((*records)[1]));
    EXPECT_EQ((*records)[2].position, (Position{3, 14}));
    EXPECT_EQ((*records)[3].position, (Position{3, 16}));
    EXPECT_EQ(gap_of((*records)[3]).from, 15U);
}

TEST(Shrinking, ChangesNothingTheSecondTime) {
    auto const once = shrink(
        frames_of(0, {passing_result(), sample_transition(), passing_result(), passing_result()}),
        1, 4);
    std::uint64_t given_up = 9;
    EXPECT_EQ(shrink(once, 1, 4, &given_up), once);
    EXPECT_EQ(given_up, 0U);
}

TEST(Shrinking, TellsOfDamageToo) {
    auto frames = frames_of(0, {passing_result()});
    auto const behind = frames_of(4, {sample_transition(), passing_result()});
    frames.insert(frames.end(), behind.begin(), behind.end());
    std::uint64_t given_up = 0;
    auto const records = decode_frames(shrink(frames, 1, 9, &given_up));
    ASSERT_TRUE(records);
    ASSERT_EQ(records->size(), 3U);
    EXPECT_EQ(gap_of((*records)[0]).from, 1U);
    EXPECT_EQ(gap_of((*records)[0]).to, 4U);
    EXPECT_EQ(gap_of((*records)[0]).why,
              "1 results and metrics gave way at the journal's limit, 3 records were damaged");
    EXPECT_EQ((*records)[1].position.seq, 5U);
    EXPECT_EQ(gap_of((*records)[2]).from, 6U);
    EXPECT_EQ(gap_of((*records)[2]).to, 9U);
    EXPECT_EQ(given_up, 8U);
}

TEST(Shrinking, WhatStandsInIsOfTheLifeWhoseRecordsGaveWay) {
    Bytes frames;
    append_frame(frames, {3, 1}, passing_result());
    append_frame(frames, {3, 2}, passing_result());
    append_frame(frames, {4, 3}, HubStarted{"hub-main", "1", kSampleTime});
    append_frame(frames, {4, 4}, passing_result());
    append_frame(frames, {5, 6}, HubStarted{"hub-main", "1", kSampleTime});
    auto const records = decode_frames(shrink(frames, 1, 6));
    ASSERT_TRUE(records) << records.error().message;
    std::vector<Position> positions;
    for (auto const& record : *records) {
        positions.push_back(record.position);
    }
    EXPECT_EQ(positions, (std::vector<Position>{{3, 2}, {4, 3}, {4, 5}, {5, 6}}));
}

TEST(Shrinking, DamageBeforeAllThatCanBeReadIsOfTheNearestLife) {
    Bytes frames;
    append_frame(frames, {7, 3}, sample_transition());
    auto const records = decode_frames(shrink(frames, 1, 3));
    ASSERT_TRUE(records);
    ASSERT_EQ(records->size(), 2U);
    EXPECT_EQ((*records)[0].position, (Position{7, 2}));
}

TEST(Shrinking, AGapOfSomebodyElseIsKeptAndStandsInForNothing) {
    auto const frames = frames_of(
        0, {Gap{1, 2, "bus", "away", kSampleTime}, Gap{1, 2, "journal", "no room", kSampleTime}});
    EXPECT_EQ(shrink(frames, 1, 2), frames);
    FrameScanner scanner(frames);
    for (std::uint64_t seq = 1; seq <= 2; ++seq) {
        ASSERT_EQ(scanner.next(), FrameScanner::Found::frame);
        EXPECT_EQ(first_told(scanner.frame()), seq);
    }
}

/// A frame behind damage is only believed where it cannot be further away than the bytes between;
/// what stands in for many is believed by where these begin.
TEST(Shrinking, WhatStandsInIsFoundBehindDamage) {
    std::vector<RecordBody> bodies{sample_transition(), sample_transition()};
    bodies.insert(bodies.end(), 1'000, passing_result());
    auto frames = shrink(frames_of(0, bodies), 1, 1'002);
    frames[frame_size(frames) + kFrameHeaderBytes] ^= std::byte{1};
    auto const found = find_frame(frames, frame_size(frames), 1);
    ASSERT_TRUE(found);
    EXPECT_EQ(found->position.seq, 1'002U);
    EXPECT_EQ(first_told(*found), 3U);
}

}  // namespace
}  // namespace muster
