#include <muster/redis/stream_ledger.hpp>

#include <gtest/gtest.h>

namespace muster {
namespace {

StreamFacts facts(std::uint64_t added, std::uint64_t length) {
    return {length, added, std::nullopt, std::nullopt, std::nullopt};
}

TEST(StreamLedger, CountsWhatWasTrimmedUnread) {
    StreamLedger ledger;
    ledger.begin(facts(1000, 300));  // 700 were gone before we came: none of ours
    for (std::uint64_t number = 1; number <= 200; ++number) {
        ledger.add_read({number, 0});
    }
    ledger.add_gone({201, 0});
    EXPECT_EQ(ledger.settle(facts(1000, 0)), 99U);
    EXPECT_EQ(ledger.read, 200U);
    EXPECT_EQ(ledger.lost, 100U);
    EXPECT_EQ(ledger.last, (StreamId{201, 0}));
    EXPECT_EQ(ledger.settle(facts(1000, 0)), 0U) << "counted once";
    EXPECT_EQ(ledger.settle(facts(1005, 0)), 5U);
}

StreamFacts facts(std::uint64_t added, StreamId oldest, StreamId newest, std::uint64_t length) {
    return {length, added, oldest, newest, newest};
}

StreamLedger ledger_of(std::uint64_t read) {
    StreamLedger ledger;
    ledger.begin(facts(0, 0));
    for (std::uint64_t number = 1; number <= read; ++number) {
        ledger.add_read({number, 0});
    }
    return ledger;
}

TEST(StreamLedger, KnowsAStreamThatBeganAnew) {
    auto const ledger = ledger_of(10);
    EXPECT_FALSE(ledger.is_another_stream(facts(10, 0)));
    EXPECT_FALSE(ledger.is_another_stream(facts(30, {5, 0}, {30, 0}, 26)));
    EXPECT_FALSE(ledger.is_another_stream(facts(30, {21, 0}, {30, 0}, 10))) << "trimmed unread";
    EXPECT_FALSE(ledger.is_another_stream(facts(30, {11, 0}, {30, 0}, 20))) << "all that was read";
    EXPECT_TRUE(ledger.is_another_stream(facts(9, 0))) << "smaller";
    EXPECT_TRUE(ledger.is_another_stream(facts(30, {21, 0}, {50, 0}, 30))) << "larger";
    EXPECT_TRUE(ledger.is_another_stream(facts(30, {21, 0}, {50, 0}, 21))) << "larger, trimmed";
    EXPECT_TRUE(ledger.is_another_stream(facts(30, {1, 0}, {9, 0}, 30))) << "an older clock";
}

TEST(StreamLedger, CountsFromWhereItFoundThatAStreamIsAnother) {
    auto ledger = ledger_of(10);
    ledger.add_read({11, 0});
    EXPECT_EQ(ledger.settle(facts(3, {9, 0}, {11, 0}, 3)), std::nullopt);
    EXPECT_EQ(ledger.last, (StreamId{11, 0})) << "where a group is made again";
    EXPECT_EQ(ledger.recreated, 1U);
    EXPECT_EQ(ledger.settle(facts(3, {9, 0}, {11, 0}, 3)), 0U);
    ledger.add_read({12, 0});
    EXPECT_EQ(ledger.settle(facts(4, {9, 0}, {12, 0}, 4)), 0U);
    EXPECT_EQ(ledger.read, 12U);
    EXPECT_EQ(ledger.lost, 0U);
    EXPECT_EQ(ledger.settle(facts(4, {4, 0}, {7, 0}, 4)), std::nullopt);
    EXPECT_EQ(ledger.last, (StreamId{7, 0})) << "of an older copy all was read, too";
}

TEST(StreamLedger, BeginsToCountWhereItFindsAGroupOfOthers) {
    StreamLedger ledger;
    ledger.add_read({5, 0});
    EXPECT_EQ(ledger.settle(facts(100, 1)), 0U);
    EXPECT_EQ(ledger.base, 99U);
    EXPECT_EQ(ledger.settle(facts(102, 1)), 2U);
}

TEST(StreamLedger, ReadsBackFromItsText) {
    StreamLedger ledger;
    EXPECT_EQ(to_text(ledger), "1 0-0 0 0 0 - 0");
    EXPECT_EQ(parse_stream_ledger(to_text(ledger)), ledger);
    ledger.begin(facts(9, 2));
    ledger.add_read({1526919030474, 55});
    ledger.add_gone({1526919030475, 0});
    ledger.recreated = 3;
    EXPECT_EQ(parse_stream_ledger(to_text(ledger)), ledger);
    for (auto const* text : {"", "1", "2 0-0 0 0 0 - 0", "1 0-0 0 0 0 - 0 0", "1 0 0 0 0 - 0",
                             "1 0-0 x 0 0 - 0", "1 0-0 0 0 0 -- 0", "1 0-0 0 0 0 - 0 "}) {
        EXPECT_FALSE(parse_stream_ledger(text)) << text;
    }
}

}  // namespace
}  // namespace muster
