#include <muster/redis/stream_ledger.hpp>

#include <gtest/gtest.h>

namespace muster {
namespace {

StreamFacts facts(std::uint64_t added, std::uint64_t length) {
    return {length, added, std::nullopt};
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

TEST(StreamLedger, KnowsAStreamThatBeganAnew) {
    StreamLedger ledger;
    ledger.begin(facts(0, 0));
    for (std::uint64_t number = 1; number <= 10; ++number) {
        ledger.add_read({number, 0});
    }
    EXPECT_EQ(ledger.settle(facts(3, 3)), std::nullopt);
    ledger.begin(facts(3, 3));
    EXPECT_EQ(ledger.last, StreamId{});
    EXPECT_EQ(ledger.read, 10U);
    EXPECT_EQ(ledger.lost, 0U);
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
