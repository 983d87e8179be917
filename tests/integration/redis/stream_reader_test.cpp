// A stream is read so that each entry counts once, or is counted as lost.

#include <optional>
#include <string>
#include <vector>

#include <muster/redis/stream_reader.hpp>

#include "integration/redis/redis_test.hpp"

namespace muster::testing {
namespace {

using Batch = RedisStreamReader::Batch;

class StreamReader : public RedisTest {
protected:
    StreamReader() : RedisTest(RedisServer::Options{true, {}}) {}

    RedisStreamReader::Options options() const {
        RedisStreamReader::Options result;
        result.address = address();
        result.stream = "events";
        result.group = "readers";
        result.consumer = "reader";
        result.max_entries = 10;
        result.wait = Millis(20);
        result.answer_within = Millis(1'000);
        return result;
    }

    void add(int from, int to) {
        for (int number = from; number <= to; ++number) {
            (void)ask({"XADD", "events", "*", "n", std::to_string(number)});
        }
    }

    /// As it lies in Redis, where commit() put it.
    StreamLedger durable() {
        auto const text = ask({"GET", "snapshot"});
        return text.is(RedisReply::Kind::text) ? parse_stream_ledger(text.text).value()
                                               : StreamLedger{};
    }

    static Result<void> commit(RedisStreamReader& reader, Batch const& batch) {
        return reader.commit({{"snapshot", to_text(batch.after)}});
    }

    /// Reads and commits until nothing comes; what came.
    Texts read_all(RedisStreamReader& reader) {
        Texts texts;
        int idle = 0;
        bool const done = comes_true([&] {
            auto const batch = reader.read();
            if (!batch) {
                return false;
            }
            for (auto const& entry : batch->entries) {
                texts.push_back(*entry.field("n"));
            }
            if (batch->changed) {
                auto const committed = commit(reader, *batch);
                EXPECT_TRUE(committed) << committed.error().message;
                idle = 0;
                return false;
            }
            return ++idle == 2;
        });
        EXPECT_TRUE(done);
        return texts;
    }

    std::int64_t pending() { return ask({"XPENDING", "events", "readers"}).items.at(0).integer; }
};

Texts numbers(int from, int to) {
    Texts texts;
    for (int number = from; number <= to; ++number) {
        texts.push_back(std::to_string(number));
    }
    return texts;
}

TEST_F(StreamReader, ReadsFromTheStartInOrderAndAcknowledges) {
    add(1, 25);
    RedisStreamReader reader(options(), {}, clock_, log_);
    EXPECT_EQ(read_all(reader), numbers(1, 25));
    add(26, 27);
    EXPECT_EQ(read_all(reader), numbers(26, 27));
    EXPECT_EQ(pending(), 0);
    EXPECT_EQ(reader.ledger().read, 27U);
    EXPECT_EQ(reader.ledger().lost, 0U);
    EXPECT_EQ(durable(), reader.ledger());
}

TEST_F(StreamReader, AnEntryThatWasNotCommittedComesAgainFirst) {
    add(1, 25);
    {
        RedisStreamReader killed(options(), {}, clock_, log_);
        auto const first = killed.read();
        ASSERT_TRUE(first);
        ASSERT_TRUE(commit(killed, *first));
        ASSERT_EQ(killed.read().value().entries.size(), 10U);
    }
    EXPECT_EQ(pending(), 10);
    RedisStreamReader reader(options(), durable(), clock_, log_);
    EXPECT_EQ(read_all(reader), numbers(11, 25));
    EXPECT_EQ(reader.ledger().read, 25U);
    EXPECT_EQ(pending(), 0);
}

/// Where the effect lies in another store, the acknowledgement alone may be missing.
TEST_F(StreamReader, AnEntryThatHadItsEffectIsOnlyAcknowledged) {
    add(1, 10);
    StreamLedger after;
    {
        RedisStreamReader killed(options(), {}, clock_, log_);
        after = killed.read().value().after;
    }
    add(11, 12);
    RedisStreamReader reader(options(), after, clock_, log_);
    EXPECT_EQ(read_all(reader), numbers(11, 12));
    EXPECT_EQ(pending(), 0);
    EXPECT_EQ(reader.ledger().read, 12U);
}

TEST_F(StreamReader, WantsOneBatchCommittedBeforeTheNext) {
    add(1, 11);
    RedisStreamReader reader(options(), {}, clock_, log_);
    EXPECT_EQ(reader.commit({}).error().code, Errc::conflict);
    ASSERT_TRUE(reader.read());
    EXPECT_EQ(reader.read().error().code, Errc::conflict);
    reader.resume({});
    EXPECT_EQ(reader.read().value().entries.size(), 10U);
}

TEST_F(StreamReader, AGroupThatIsGoneIsMadeAgainWhereItStood) {
    add(1, 25);
    RedisStreamReader reader(options(), {}, clock_, log_);
    auto const first = reader.read();
    ASSERT_TRUE(first);
    ASSERT_TRUE(commit(reader, *first));
    (void)ask({"XGROUP", "DESTROY", "events", "readers"});
    EXPECT_FALSE(reader.read()) << "told, not spun on";
    EXPECT_EQ(read_all(reader), numbers(11, 25));
    EXPECT_EQ(reader.ledger().read, 25U);
    EXPECT_EQ(reader.ledger().lost, 0U);
    EXPECT_EQ(reader.ledger().recreated, 0U);
    EXPECT_EQ(log_.count("had lost the group readers"), 1U);
}

TEST_F(StreamReader, CountsExactlyWhatWasTrimmedUnread) {
    add(1, 1'000);
    (void)ask({"XTRIM", "events", "MAXLEN", "900"});  // before we came: none of ours
    RedisStreamReader reader(options(), {}, clock_, log_);
    auto const first = reader.read();
    ASSERT_TRUE(first);
    ASSERT_TRUE(commit(reader, *first));
    (void)ask({"XTRIM", "events", "MAXLEN", "300"});
    EXPECT_EQ(read_all(reader), numbers(701, 1'000));
    EXPECT_EQ(reader.ledger().lost, 590U);
    add(1'001, 1'100);
    (void)ask({"XTRIM", "events", "MAXLEN", "0"});
    EXPECT_TRUE(read_all(reader).empty());
    EXPECT_EQ(reader.ledger().lost, 690U);
    EXPECT_EQ(reader.ledger().read, 310U);
    EXPECT_EQ(durable(), reader.ledger());
}

TEST_F(StreamReader, CountsWhatWasTrimmedAfterItsDelivery) {
    add(1, 10);
    {
        RedisStreamReader killed(options(), {}, clock_, log_);
        ASSERT_EQ(killed.read().value().entries.size(), 10U);
    }
    (void)ask({"XTRIM", "events", "MAXLEN", "4"});
    RedisStreamReader reader(options(), durable(), clock_, log_);
    EXPECT_EQ(read_all(reader), numbers(7, 10));
    EXPECT_EQ(reader.ledger().read, 4U);
    EXPECT_EQ(reader.ledger().lost, 6U);
    EXPECT_EQ(pending(), 0);
}

TEST_F(StreamReader, AStreamThatBeganAnewIsReadFromItsStart) {
    add(1, 25);
    RedisStreamReader reader(options(), {}, clock_, log_);
    EXPECT_EQ(read_all(reader).size(), 25U);
    (void)ask({"DEL", "events"});
    add(101, 103);
    EXPECT_EQ(read_all(reader), numbers(101, 103));
    EXPECT_EQ(reader.ledger().recreated, 1U);
    EXPECT_EQ(reader.ledger().read, 28U);
    EXPECT_EQ(reader.ledger().lost, 0U);
    EXPECT_EQ(log_.count("begins anew"), 1U);
}

TEST_F(StreamReader, OutlivesARedisThatIsKilledAndOneThatForgets) {
    add(1, 15);
    RedisStreamReader reader(options(), {}, clock_, log_);
    auto const first = reader.read();
    ASSERT_TRUE(first);
    ASSERT_TRUE(commit(reader, *first));
    server_.kill();
    EXPECT_EQ(reader.read().error().code, Errc::unavailable);
    server_.start();
    EXPECT_EQ(read_all(reader), numbers(11, 15));
    server_.kill();
    server_.forget();
    server_.start();
    add(101, 102);
    EXPECT_EQ(read_all(reader), numbers(101, 102));
    EXPECT_EQ(reader.ledger().recreated, 1U);
}

TEST_F(StreamReader, WhatKillsItsReadersIsPutAside) {
    add(1, 3);
    for (int life = 0; life < 5; ++life) {
        RedisStreamReader killed(options(), durable(), clock_, log_);
        ASSERT_EQ(killed.read().value().entries.size(), 3U) << "life " << life;
    }
    add(4, 4);
    RedisStreamReader reader(options(), durable(), clock_, log_);
    EXPECT_EQ(read_all(reader), numbers(4, 4));
    EXPECT_EQ(reader.ledger().read, 4U);
    EXPECT_EQ(pending(), 0);
    auto const dead = ask({"XRANGE", "events:dead", "-", "+"});
    ASSERT_EQ(dead.items.size(), 3U);
    auto const& fields = dead.items[0].items[1].items;
    ASSERT_EQ(fields.size(), 6U);
    EXPECT_EQ(fields[0].text + "=" + fields[1].text, "n=1");
    EXPECT_EQ(fields[2].text, "reason");
    EXPECT_EQ(fields[3].text, "delivered 6 times and never committed");
    EXPECT_EQ(fields[4].text, "entry");
}

TEST_F(StreamReader, WhatNobodyCanReadIsPutAsideAndTheStreamGoesOn) {
    (void)ask({"XADD", "events", "*", "n", "1"});
    (void)ask({"XADD", "events", "*", "event", std::string(10'000'000, 'x')});
    std::string_view const odd("\xff\0\r\n", 4);
    (void)ask({"XADD", "events", "*", odd, odd});
    (void)ask({"XADD", "events", "*", "n", "2"});
    RedisStreamReader reader(options(), {}, clock_, log_);
    auto const batch = reader.read();
    ASSERT_TRUE(batch) << batch.error().message;
    ASSERT_EQ(batch->entries.size(), 4U);
    std::vector<RedisStreamReader::Dead> const dead{{batch->entries[1], "too large"},
                                                    {batch->entries[2], "no JSON"}};
    (void)ask({"SET", "events:dead", "somebody's"});
    auto const refused = reader.commit({{"snapshot", "1"}}, dead);
    ASSERT_FALSE(refused);
    EXPECT_NE(refused.error().message.find("events:dead"), std::string::npos);
    EXPECT_EQ(pending(), 4) << "nothing was acknowledged that was not put aside";
    (void)ask({"DEL", "events:dead"});
    ASSERT_TRUE(reader.commit({{"snapshot", to_text(batch->after)}}, dead));
    EXPECT_EQ(pending(), 0);
    EXPECT_EQ(ask({"XLEN", "events:dead"}).integer, 2);
    EXPECT_EQ(reader.ledger().read, 4U);
}

TEST_F(StreamReader, ACommitOfUnknownEndIsLookedUp) {
    add(1, 4);
    auto hasty = options();
    hasty.answer_within = Millis(300);
    RedisStreamReader reader(hasty, {}, clock_, log_);
    auto const batch = reader.read();
    ASSERT_TRUE(batch);
    server_.pause();
    auto const doubtful = commit(reader, *batch);
    ASSERT_FALSE(doubtful);
    EXPECT_EQ(doubtful.error().code, Errc::in_doubt);
    server_.resume();
    ASSERT_TRUE(comes_true([&] { return durable().read == 4; }));
    reader.resume(durable());
    EXPECT_TRUE(read_all(reader).empty());
    EXPECT_EQ(reader.ledger().read, 4U);
    EXPECT_EQ(pending(), 0);
}

}  // namespace
}  // namespace muster::testing
