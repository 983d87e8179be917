// The reader of a stream in a story of faults, the same in every run: what was added is read once,
// or counted as lost.

#include <memory>
#include <random>
#include <set>
#include <string>

#include <muster/redis/stream_reader.hpp>

#include "integration/redis/redis_test.hpp"

namespace muster::testing {
namespace {

class StreamStory : public RedisTest {
protected:
    StreamStory() : RedisTest(RedisServer::Options{true, {}}) {}

    void be_born() {
        RedisStreamReader::Options options;
        options.address = address();
        options.stream = "events";
        options.group = "readers";
        options.consumer = "reader";
        options.max_entries = 7;
        options.wait = Millis(1);
        options.most_deliveries = 1'000'000;
        auto const text = ask({"GET", "snapshot"});
        StreamLedger durable;
        if (text.is(RedisReply::Kind::text)) {
            durable = parse_stream_ledger(text.text).value();
        }
        reader = std::make_unique<RedisStreamReader>(options, durable, clock_, log_);
    }

    /// What is committed had its effect; the rest had none.
    bool read_once(bool dies) {
        auto const batch = reader->read();
        if (!batch) {
            return false;
        }
        if (!batch->changed) {
            return true;
        }
        if (dies) {
            be_born();
            return false;
        }
        auto const committed = reader->commit({{"snapshot", to_text(batch->after)}});
        EXPECT_TRUE(committed) << committed.error().message;
        for (auto const& entry : batch->entries) {
            EXPECT_TRUE(seen.insert(*entry.field("n")).second) << "twice: " << *entry.field("n");
        }
        return false;
    }

    std::unique_ptr<RedisStreamReader> reader;
    std::set<std::string> seen;
};

TEST_F(StreamStory, EveryEntryIsReadOnceOrCountedAsLost) {
    std::mt19937 random(20'261'127);  // NOLINT: the same story in every run
    be_born();
    EXPECT_FALSE(read_once(false)) << "where it begins is committed too";
    std::uint64_t added = 0;
    for (int step = 0; step < 600; ++step) {
        auto const chance = random() % 100;
        if (chance < 35) {
            for (auto count = random() % 20; count > 0; --count) {
                (void)ask({"XADD", "events", "*", "n", std::to_string(++added)});
            }
        } else if (chance < 80) {
            (void)read_once(chance >= 70);
        } else if (chance < 86) {
            be_born();
        } else if (chance < 92) {
            (void)ask({"CLIENT", "KILL", "TYPE", "normal", "SKIPME", "yes"});
        } else if (chance < 96) {
            (void)ask({"XTRIM", "events", "MAXLEN", std::to_string(random() % 15)});
        } else if (chance < 98) {
            (void)ask({"XGROUP", "DESTROY", "events", "readers"});
        } else if (chance < 99) {
            server_.kill();
            (void)reader->read();
            server_.start();
        }
    }
    ASSERT_TRUE(comes_true([&] { return read_once(false); }));
    ASSERT_TRUE(comes_true([&] { return read_once(false); }));
    auto const& ledger = reader->ledger();
    EXPECT_EQ(ledger.read, seen.size());
    EXPECT_EQ(ledger.read + ledger.lost, added);
    EXPECT_EQ(ledger.recreated, 0U);
    EXPECT_GT(ledger.read, 100U);
    EXPECT_GT(ledger.lost, 10U);
}

}  // namespace
}  // namespace muster::testing
