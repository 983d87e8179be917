#include <muster/recording/journal_record.hpp>

#include <string>
#include <utility>
#include <vector>

#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include <muster/base/crc32c.hpp>
#include <muster/base/utf8.hpp>
#include <muster/testing/arbitrary_record.hpp>
#include <muster/testing/journal_samples.hpp>

namespace muster {
namespace {

using Found = FrameScanner::Found;
using testing::failing_result;
using testing::frames_of;
using testing::passing_result;

std::vector<RecordBody> one_of_each_kind() {
    ProjectSpec const spec = project_of("shop", *parse_url("http://127.0.0.1:3010"));
    Service service;
    service.id.value = 7;
    service.spec = spec.services.front();
    Project project;
    project.id.value = 3;
    project.spec = spec;
    project.spec.services.clear();
    auto const at = testing::kSampleTime;
    ProjectMetrics metrics;
    metrics.at = at;
    metrics.sample.api_usage = {{"sendgrid_emails", 450}};
    return {
        passing_result(),
        testing::sample_transition(),
        metrics,
        ProjectChanged{project, true},
        ProjectRemoved{{3}, "shop", at},
        ServiceChanged{service, true},
        ServiceRemoved{{7}, "shop", "app", at},
        HubStarted{"hub-main", "0.1.0", at},
        HubStopped{at},
        Gap{1, 2, "store", "forgotten", at},
        HubProblem{"store", "away", false, at},
        OverlayChanged{{7}, "shop", "app", Overlay::unreachable, true, "db is down", "shop/db", at},
        MaintenanceChanged{Maintenance{}, true, at},
        MaintenanceRemoved{{2}, at},
        ConfigReloaded{1, 2, 3, at}};
}

/// The frame's length and checksum, made right again after something was changed in it.
void seal(Bytes& frame) {
    auto const body = ByteView(frame).subspan(8);
    auto const put = [&frame](std::size_t at, std::uint32_t value) {
        for (std::size_t index = 0; index < 4; ++index) {
            frame[at + index] = static_cast<std::byte>(value >> (8 * index));
        }
    };
    put(0, static_cast<std::uint32_t>(body.size()));
    put(4, crc32c(body));
}

FrameView only_frame(ByteView bytes) {
    FrameScanner scanner(bytes);
    EXPECT_EQ(scanner.next(), Found::frame);
    return scanner.frame();
}

RC_GTEST_PROP(JournalRecord, ReadsEveryRecordAsItWasWritten, ()) {
    std::vector<Record> written;
    Bytes bytes;
    auto const count = *rc::gen::inRange(1, 6);
    for (int index = 0; index < count; ++index) {
        Position const position{testing::any<std::uint64_t>(), testing::any<std::uint64_t>()};
        written.push_back({position, testing::any_body()});
        append_frame(bytes, position, written.back().body);
    }
    auto const read = decode_frames(bytes);
    RC_ASSERT(read.has_value());
    RC_ASSERT(*read == written);
}

TEST(JournalRecord, KeepsTheNumbersOfKindsForEver) {
    std::vector<int> kinds;
    for (auto const& body : one_of_each_kind()) {
        kinds.push_back(static_cast<int>(kind_of(body)));
    }
    EXPECT_EQ(kinds, (std::vector<int>{1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15}));
    EXPECT_EQ(kinds.size(), std::variant_size_v<RecordBody>);
}

/// The format to the byte: what is on people's disks must stay readable.
TEST(JournalRecord, KeepsTheFormatOfAResult) {
    Bytes bytes;
    append_frame(bytes, {2, 513}, failing_result(5, WallTime(Millis(1000))));
    std::vector<int> numbers;
    for (auto const byte : bytes) {
        numbers.push_back(std::to_integer<int>(byte));
    }
    std::vector<int> expected{55,          0,    0, 0,              // length
                              0,           0,    0, 0,              // checksum, below
                              2,           0,    0, 0, 0, 0, 0, 0,  // epoch
                              1,           2,    0, 0, 0, 0, 0, 0,  // seq
                              1,                                    // kind: check result
                              2,                                    // version
                              10,                                   // service 5
                              0xd0,        0x0f,                    // started at 1000 ms
                              24,                                   // accepted 12 ms later
                              0b0110'0001,        // failed, no word, fresh, down, uptime below 100
                              0b0010'0000,        // no phases, an error
                              0xf2,        0x06,  // 441 us
                              7,           0,     // failures, passes
                              18};                // length of the error
    for (char const character : std::string("connection refused")) {
        expected.push_back(character);
    }
    expected.insert(expected.end(), {0, 0, 0, 0, 0, 0xd0, 0x58, 0x40});  // 99.25
    auto const crc = crc32c(ByteView(bytes).subspan(8));
    for (unsigned index = 0; index < 4; ++index) {
        expected[4 + index] = static_cast<int>((crc >> (8 * index)) & 0xffU);
    }
    EXPECT_EQ(numbers, expected);
}

TEST(JournalRecord, ReadsAResultOfTheFirstVersion) {
    Bytes frame;
    auto const result = failing_result(5, WallTime(Millis(1000)));
    append_frame(frame, {2, 513}, result);
    frame[kFrameHeaderBytes] = std::byte{1};  // the version; nothing else differs
    seal(frame);
    auto const read = decode_frame(only_frame(frame));
    ASSERT_TRUE(read.has_value());
    EXPECT_EQ(std::get<CheckResult>(read->body), result);
}

TEST(JournalRecord, ReadsATransitionOfTheFirstVersion) {
    Bytes frame;
    auto const transition = testing::sample_transition();
    append_frame(frame, {2, 513}, transition);
    frame[kFrameHeaderBytes] = std::byte{1};  // its reason had nothing behind `deciding`
    seal(frame);
    auto const read = decode_frame(only_frame(frame));
    ASSERT_TRUE(read.has_value());
    EXPECT_EQ(std::get<Transition>(read->body), transition);
}

TEST(JournalRecord, SpendsFewBytesOnAResult) {
    Bytes bytes;
    append_frame(bytes, {1'700'000'000, 1'000'000}, passing_result(54'321));
    EXPECT_LE(bytes.size(), 56U);
}

TEST(JournalRecord, BoundsTheTextOfAnOutcomeAtACharactersBorder) {
    auto result = failing_result();
    result.outcome.error = std::string(1023, 'x') + "\xc3\xa9";  // é across the limit
    result.outcome.note = std::string(5000, 'y');
    Bytes bytes;
    append_frame(bytes, {1, 1}, result);
    auto const read = decode_frames(bytes);
    ASSERT_TRUE(read) << read.error().message;
    auto const& outcome = std::get<CheckResult>(read->front().body).outcome;
    EXPECT_EQ(outcome.error, std::string(1023, 'x'));
    EXPECT_EQ(outcome.note.size(), 1024U);
}

TEST(JournalRecord, NeverMakesAFrameThatItWouldNotRead) {
    Service service;
    service.spec.probe =
        HttpProbeSpec{{"http", std::string(1U << 20U, 'h'), 80, std::string(1U << 20U, 't'), ""}};
    service.spec.tags.assign(5000, std::string(5000, 't'));
    ProjectMetrics metrics;
    for (int index = 0; index < 5000; ++index) {
        metrics.sample.api_usage[std::string(5000, 'n') + std::to_string(index)] = index;
    }
    Bytes bytes;
    append_frame(bytes, {1, 1}, ServiceChanged{service, true});
    append_frame(bytes, {1, 2}, metrics);
    auto const read = decode_frames(bytes);
    ASSERT_TRUE(read) << read.error().message;
    EXPECT_EQ(std::get<ServiceChanged>(read->at(0).body).service.spec.tags.size(), 1000U);
}

TEST(JournalRecord, LeavesOutKindsAndVersionsThatItDoesNotKnow) {
    Bytes bytes = frames_of(0, 1);
    Bytes unknown_kind = frames_of(1, 2);
    unknown_kind[24] = std::byte{200};
    seal(unknown_kind);
    Bytes newer = frames_of(2, 3);
    newer[25] = std::byte{9};
    newer.push_back(std::byte{1});
    seal(newer);
    EXPECT_EQ(decode_frame(only_frame(unknown_kind)).error().code, Errc::unsupported);
    EXPECT_EQ(decode_frame(only_frame(newer)).error().code, Errc::unsupported);

    bytes.insert(bytes.end(), unknown_kind.begin(), unknown_kind.end());
    bytes.insert(bytes.end(), newer.begin(), newer.end());
    auto const last = frames_of(3, 4);
    bytes.insert(bytes.end(), last.begin(), last.end());
    auto const read = decode_frames(bytes);
    ASSERT_TRUE(read);
    ASSERT_EQ(read->size(), 2U);
    EXPECT_EQ(read->back().position.seq, 4U);
}

TEST(JournalRecord, RefusesAPayloadThatIsNotWhatItsKindSays) {
    Bytes frame = frames_of(0, 1);
    frame.pop_back();
    seal(frame);
    EXPECT_EQ(decode_frame(only_frame(frame)).error().code, Errc::corrupt);
    frame = frames_of(0, 1);
    frame.push_back(std::byte{0});
    seal(frame);
    EXPECT_EQ(decode_frame(only_frame(frame)).error().code, Errc::corrupt);
}

TEST(FrameScanner, SaysTornAtEveryTruncation) {
    for (auto const& body : one_of_each_kind()) {
        Bytes bytes = frames_of(0, 1);
        auto const first = bytes.size();
        append_frame(bytes, {1, 2}, body);
        for (auto size = first + 1; size < bytes.size(); ++size) {
            FrameScanner scanner(ByteView(bytes).first(size));
            ASSERT_EQ(scanner.next(), Found::frame);
            ASSERT_EQ(scanner.next(), Found::torn) << size;
            EXPECT_EQ(scanner.offset(), first);
            ASSERT_EQ(scanner.next(), Found::torn);
        }
    }
}

TEST(FrameScanner, NeverTakesAFrameWithAFlippedBit) {
    for (auto const& body : one_of_each_kind()) {
        Bytes bytes;
        append_frame(bytes, {1, 2}, body);
        auto const intact = bytes.size();
        auto const next = frames_of(2, 3);
        bytes.insert(bytes.end(), next.begin(), next.end());
        for (std::size_t bit = 0; bit < 8 * intact; ++bit) {
            auto flipped = bytes;
            flipped[bit / 8] ^= static_cast<std::byte>(1U << (bit % 8));
            FrameScanner scanner(flipped);
            auto const found = scanner.next();
            ASSERT_TRUE(found == Found::corrupt || found == Found::torn) << bit;
            ASSERT_EQ(scanner.offset(), 0U);
            ASSERT_EQ(decode_frames(flipped).error().code, Errc::corrupt);
        }
    }
}

TEST(FrameScanner, EndsWithTheLastFrame) {
    EXPECT_EQ(FrameScanner(ByteView{}).next(), Found::end);
    auto const bytes = frames_of(0, 3);
    EXPECT_EQ(testing::seqs_of(bytes), (std::vector<std::uint64_t>{1, 2, 3}));
}

RC_GTEST_PROP(FrameScanner, SurvivesAnyBytes, (std::vector<std::uint8_t> const& noise)) {
    Bytes bytes;
    for (auto const byte : noise) {
        bytes.push_back(static_cast<std::byte>(byte));
    }
    FrameScanner scanner(bytes);
    while (scanner.next() == Found::frame) {
        static_cast<void>(decode_frame(scanner.frame()));
    }
    RC_ASSERT(scanner.offset() <= bytes.size());
}

TEST(FindFrame, GoesOnBehindEveryDamage) {
    auto const bytes = frames_of(10, 14);
    auto const frame = bytes.size() / 4;
    for (std::size_t at = frame; at < 3 * frame; ++at) {
        auto damaged = bytes;
        damaged[at] ^= std::byte{0xff};
        std::uint64_t const hit = 11 + at / frame;  // the record that is damaged: 12 or 13
        auto const found = find_frame(damaged, (hit - 11) * frame, hit - 1);
        ASSERT_TRUE(found) << at;
        EXPECT_EQ(found->position.seq, hit + 1);
        EXPECT_EQ(found->offset, (hit - 10) * frame);
    }
}

TEST(FindFrame, FindsNothingBehindTheLastFrame) {
    auto bytes = frames_of(10, 11);
    bytes[30] ^= std::byte{1};
    EXPECT_FALSE(find_frame(bytes, 0, 10));
    EXPECT_FALSE(find_frame(ByteView{}, 0, 0));
}

TEST(FindFrame, DoesNotTakeWhatLiesInsideAText) {
    // A frame inside a note: whole, checksummed, but far above what could stand here.
    Bytes inner = frames_of(1'000'000, 1'000'001);
    auto result = failing_result();
    result.outcome.note = std::string(reinterpret_cast<char const*>(inner.data()), inner.size());
    Bytes bytes;
    append_frame(bytes, {1, 11}, result);
    append_frame(bytes, {1, 12}, result);
    bytes[4] ^= std::byte{1};
    auto const found = find_frame(bytes, 0, 10);
    ASSERT_TRUE(found);
    EXPECT_EQ(found->position.seq, 12U);
}

}  // namespace
}  // namespace muster
