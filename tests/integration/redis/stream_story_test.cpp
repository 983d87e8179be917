// The reader of a stream in a story of faults, the same in every run: what was added is read once,
// or counted as lost.

#include <memory>
#include <random>
#include <set>
#include <string>

#include <muster/redis/stream_reader.hpp>

#include <integration/redis/redis_test.hpp>

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
        RedisCommands effects;
        effects.add({"SET", "snapshot", to_text(batch->after)});
        auto const committed = reader->commit({effects});
        EXPECT_TRUE(committed) << committed.error().message;
        EXPECT_TRUE(batch->dead.empty());
        for (auto const& entry : batch->entries) {
            EXPECT_TRUE(seen.insert(*entry.field("n")).second) << "twice: " << *entry.field("n");
        }
        return false;
    }

    void add_some(std::uint64_t count) {
        if (count > 0) {
            add(added + 1, added + count);
            added += count;
        }
    }

    /// The stream goes, with what of it was not read, and comes again: smaller or larger.
    void recreate(bool larger) {
        auto const before = reader->ledger();
        auto const known = before.base.value_or(0) + before.accounted;
        vanished = added - before.read - before.lost;
        recreated += known > 0 ? 1 : 0;
        wait_for_a_later_id(before.last);
        (void)ask({"DEL", "events"});
        if (random() % 2 == 0) {
            (void)read_once(false);  // while it is not there
        }
        add_some(larger ? known + 1 + random() % 10 : random() % 10);
        EXPECT_TRUE(comes_true([&] {
            (void)read_once(random() % 4 == 0);
            return reader->ledger().recreated == recreated;
        })) << "larger: "
            << larger << ", known: " << known;
    }

    std::mt19937 random{20'261'127};  // NOLINT: the same story in every run
    std::unique_ptr<RedisStreamReader> reader;
    std::set<std::string> seen;
    std::uint64_t added{0};
    std::uint64_t vanished{0};  ///< With their stream, before they were read.
    std::uint64_t recreated{0};
};

TEST_F(StreamStory, EveryEntryIsReadOnceOrCountedAsLost) {
    be_born();
    EXPECT_FALSE(read_once(false)) << "where it begins is committed too";
    for (int step = 0; step < 600; ++step) {
        auto const chance = random() % 100;
        if (chance < 35) {
            add_some(random() % 20);
        } else if (chance < 80) {
            (void)read_once(chance >= 70);
        } else if (chance < 86) {
            be_born();
        } else if (chance < 92) {
            (void)ask({"CLIENT", "KILL", "TYPE", "normal", "SKIPME", "yes"});
        } else if (chance < 96) {
            (void)ask({"XTRIM", "events", "MAXLEN", std::to_string(random() % 15)});
        } else if (chance < 97) {
            (void)ask({"XGROUP", "DESTROY", "events", "readers"});
        } else if (chance < 98) {
            server_.kill();
            (void)reader->read();
            server_.start();
        } else {
            recreate(step % 2 == 0);
        }
    }
    recreate(true);
    recreate(false);
    ASSERT_TRUE(comes_true([&] { return read_once(false); }));
    ASSERT_TRUE(comes_true([&] { return read_once(false); }));
    auto const& ledger = reader->ledger();
    EXPECT_EQ(ledger.read, seen.size());
    EXPECT_EQ(ledger.read + ledger.lost + vanished, added);
    EXPECT_EQ(ledger.recreated, recreated);
    EXPECT_GT(ledger.read, 100U);
    EXPECT_GT(ledger.lost, 10U);
    EXPECT_GT(recreated, 2U);
}

}  // namespace
}  // namespace muster::testing
