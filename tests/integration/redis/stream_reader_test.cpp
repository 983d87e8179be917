// A stream is read so that each entry counts once, or is counted as lost.

#include <optional>
#include <string>
#include <vector>

#include <muster/redis/stream_reader.hpp>

#include <integration/redis/redis_test.hpp>

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

    /// As it lies in Redis, where commit() put it.
    StreamLedger durable() {
        auto const text = ask({"GET", "snapshot"});
        return text.is(RedisReply::Kind::text) ? parse_stream_ledger(text.text).value()
                                               : StreamLedger{};
    }

    static RedisStreamReader::Commit snapshot(Batch const& batch) {
        RedisCommands effects;
        effects.add({"SET", "snapshot", to_text(batch.after)});
        return {effects};
    }

    static Result<void> commit(RedisStreamReader& reader, Batch const& batch) {
        return reader.commit(snapshot(batch));
    }

    /// Where a reader begins to count is committed before anything is read.
    static void begin(RedisStreamReader& reader) {
        auto const batch = reader.read();
        ASSERT_TRUE(batch) << batch.error().message;
        EXPECT_TRUE(batch->changed);
        EXPECT_TRUE(batch->entries.empty());
        ASSERT_TRUE(commit(reader, *batch));
    }

    std::vector<std::string> dead() {
        std::vector<std::string> texts;
        for (auto const& entry : ask({"XRANGE", "events:dead", "-", "+"}).items) {
            std::string text;
            auto const& fields = entry.items.at(1).items;
            for (std::size_t at = 0; at + 2 < fields.size(); ++at) {
                text += fields[at].text + (at % 2 == 0 ? "=" : " ");
            }
            texts.push_back(text);
        }
        return texts;
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
        begin(killed);
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
        begin(killed);
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
    begin(reader);
    EXPECT_EQ(reader.read().value().entries.size(), 10U);
    EXPECT_EQ(reader.read().error().code, Errc::conflict);
    reader.resume(durable());
    EXPECT_EQ(reader.read().value().entries.size(), 10U);
}

TEST_F(StreamReader, AGroupThatIsGoneIsMadeAgainWhereItStood) {
    add(1, 25);
    RedisStreamReader reader(options(), {}, clock_, log_);
    begin(reader);
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
    begin(reader);
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

TEST_F(StreamReader, WhoEndedBeforeItsFirstCommitLeavesTheCountToItsSuccessor) {
    add(1, 20);
    {
        RedisStreamReader killed(options(), {}, clock_, log_);
        ASSERT_TRUE(killed.read().value().entries.empty());
    }
    RedisStreamReader reader(options(), durable(), clock_, log_);
    begin(reader);
    (void)ask({"XTRIM", "events", "MAXLEN", "5"});
    EXPECT_EQ(read_all(reader), numbers(16, 20));
    EXPECT_EQ(reader.ledger().lost, 15U);
}

TEST_F(StreamReader, WhatIsTrimmedWhileABeginningWaitsForItsCommitIsCounted) {
    add(1, 20);
    RedisStreamReader reader(options(), {}, clock_, log_);
    ASSERT_TRUE(reader.read());
    (void)ask({"CLIENT", "KILL", "TYPE", "normal", "SKIPME", "yes"});
    (void)ask({"XTRIM", "events", "MAXLEN", "5"});
    reader.resume({});  // what was read is not committed
    EXPECT_EQ(read_all(reader), numbers(16, 20));
    EXPECT_EQ(reader.ledger().lost, 15U);
}

TEST_F(StreamReader, WhoEndedWhereAStreamBeganAnewLeavesTheCountToo) {
    add(1, 25);
    {
        RedisStreamReader killed(options(), {}, clock_, log_);
        EXPECT_EQ(read_all(killed).size(), 25U);
        wait_for_a_later_id(killed.ledger().last);
        (void)ask({"DEL", "events"});
        add(101, 110);
        EXPECT_TRUE(comes_true([&] {
            auto const batch = killed.read();
            return batch && batch->after.recreated == 1;
        }));
    }
    RedisStreamReader reader(options(), durable(), clock_, log_);
    begin(reader);
    (void)ask({"XTRIM", "events", "MAXLEN", "3"});
    EXPECT_EQ(read_all(reader), numbers(108, 110));
    EXPECT_EQ(reader.ledger().recreated, 1U);
    EXPECT_EQ(reader.ledger().lost, 7U);
}

TEST_F(StreamReader, AGroupOfOthersIsReadFromWhereItStands) {
    add(1, 20);
    (void)ask({"XGROUP", "CREATE", "events", "readers", "$"});
    add(21, 22);
    RedisStreamReader reader(options(), {}, clock_, log_);
    EXPECT_EQ(read_all(reader), numbers(21, 22));
    EXPECT_EQ(reader.ledger().lost, 0U);
}

TEST_F(StreamReader, CountsWhatWasTrimmedAfterItsDelivery) {
    add(1, 10);
    {
        RedisStreamReader killed(options(), {}, clock_, log_);
        begin(killed);
        ASSERT_EQ(killed.read().value().entries.size(), 10U);
    }
    add(11, 14);
    (void)ask({"XTRIM", "events", "MAXLEN", "2"});  // of those that were not delivered, too
    RedisStreamReader reader(options(), durable(), clock_, log_);
    EXPECT_EQ(read_all(reader), numbers(13, 14));
    EXPECT_EQ(reader.ledger().read, 2U);
    EXPECT_EQ(reader.ledger().lost, 12U);
    EXPECT_EQ(pending(), 0);
}

TEST_F(StreamReader, AStreamThatBeganAnewIsReadFromItsStart) {
    add(1, 25);
    RedisStreamReader reader(options(), {}, clock_, log_);
    EXPECT_EQ(read_all(reader).size(), 25U);
    wait_for_a_later_id(reader.ledger().last);
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
    begin(reader);
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

/// It grew past the old one before the reader came back: nothing of it is lost, nothing is doubled.
TEST_F(StreamReader, AStreamThatBeganAnewAndGrewLargerIsReadFromItsStart) {
    add(1, 25);
    RedisStreamReader reader(options(), {}, clock_, log_);
    EXPECT_EQ(read_all(reader).size(), 25U);
    wait_for_a_later_id(reader.ledger().last);
    (void)ask({"DEL", "events"});
    add(101, 130);
    EXPECT_EQ(read_all(reader), numbers(101, 130));
    add(131, 131);
    EXPECT_EQ(read_all(reader), numbers(131, 131));
    (void)ask({"XGROUP", "DESTROY", "events", "readers"});
    add(132, 132);
    EXPECT_EQ(read_all(reader), numbers(132, 132)) << "never again from the start";
    EXPECT_EQ(reader.ledger().recreated, 1U);
    EXPECT_EQ(reader.ledger().read, 57U);
    EXPECT_EQ(reader.ledger().lost, 0U);
}

/// Somebody made the group in the new stream too, so that nothing told the reader at once.
TEST_F(StreamReader, FindsOutLateThatAStreamIsAnotherAndGoesOnBehindWhatItRead) {
    add(1, 25);
    RedisStreamReader reader(options(), {}, clock_, log_);
    EXPECT_EQ(read_all(reader).size(), 25U);
    wait_for_a_later_id(reader.ledger().last);
    (void)ask({"DEL", "events"});
    (void)ask({"XGROUP", "CREATE", "events", "readers", "0", "MKSTREAM"});
    add(101, 130);
    EXPECT_EQ(read_all(reader), numbers(101, 130));
    (void)ask({"XGROUP", "DESTROY", "events", "readers"});
    add(131, 131);
    EXPECT_EQ(read_all(reader), numbers(131, 131));
    EXPECT_EQ(reader.ledger().recreated, 1U);
    EXPECT_EQ(reader.ledger().read, 56U);
    EXPECT_EQ(reader.ledger().lost, 0U);
}

TEST_F(StreamReader, AGroupOfOthersThatIsGoneIsMadeAgainWhereItStoodToo) {
    add(1, 5);
    (void)ask({"XGROUP", "CREATE", "events", "readers", "$"});
    add(6, 30);
    RedisStreamReader reader(options(), {}, clock_, log_);
    auto const first = reader.read();
    ASSERT_TRUE(first);
    ASSERT_EQ(first->entries.size(), 10U);
    ASSERT_TRUE(commit(reader, *first));
    (void)ask({"XGROUP", "DESTROY", "events", "readers"});
    EXPECT_EQ(read_all(reader), numbers(16, 30));
    EXPECT_EQ(reader.ledger().recreated, 0U);
}

TEST_F(StreamReader, OutagesKillNoEntry) {
    add(1, 3);
    RedisStreamReader reader(options(), {}, clock_, log_);
    begin(reader);
    for (int outage = 0; outage < 20; ++outage) {
        auto batch = reader.read();
        if (!batch) {  // the connection was lost
            batch = reader.read();
        }
        ASSERT_TRUE(batch) << batch.error().message;
        ASSERT_EQ(batch->entries.size(), 3U) << "outage " << outage;
        ASSERT_TRUE(batch->dead.empty());
        if (outage % 2 == 0) {
            (void)ask({"CLIENT", "KILL", "TYPE", "normal", "SKIPME", "yes"});
        }
        reader.resume(durable());
    }
    EXPECT_EQ(ask({"XPENDING", "events", "readers", "-", "+", "1"}).items.at(0).items.at(3).integer,
              1)
        << "one life";
    EXPECT_EQ(read_all(reader), numbers(1, 3));
}

TEST_F(StreamReader, WhatKillsItsReadersIsPutAsideAndNothingBesideIt) {
    add(1, 4);
    auto often = options();
    often.most_deliveries = 2;
    Texts read;
    int lives = 0;
    for (bool done = false; !done && lives < 20; ++lives) {
        RedisStreamReader reader(often, durable(), clock_, log_);
        bool dies = false;
        while (!dies && !done) {
            auto const batch = reader.read();
            ASSERT_TRUE(batch) << batch.error().message;
            Texts texts;
            for (auto const& entry : batch->entries) {
                texts.push_back(*entry.field("n"));
                dies = dies || texts.back() == "2";
            }
            if (!dies && batch->changed) {
                ASSERT_TRUE(commit(reader, *batch));
                read.insert(read.end(), texts.begin(), texts.end());
            }
            done = !batch->changed;
        }
    }
    EXPECT_EQ(lives, 5) << "two in company, two alone, and one that is well";
    EXPECT_EQ(read, (Texts{"1", "3", "4"}));
    EXPECT_EQ(durable().read, 4U);
    EXPECT_EQ(pending(), 0);
    EXPECT_EQ(dead(), Texts{"n=2 reason=delivered 5 times and never committed "});
}

TEST_F(StreamReader, WhatNobodyCanReadIsPutAsideAndTheStreamGoesOn) {
    (void)ask({"XADD", "events", "*", "n", "1"});
    (void)ask({"XADD", "events", "*", "event", std::string(10'000'000, 'x')});
    std::string_view const odd("\xff\0\r\n", 4);
    (void)ask({"XADD", "events", "*", odd, odd});
    (void)ask({"XADD", "events", "*", "n", "2"});
    RedisStreamReader reader(options(), {}, clock_, log_);
    begin(reader);
    auto const batch = reader.read();
    ASSERT_TRUE(batch) << batch.error().message;
    ASSERT_EQ(batch->entries.size(), 4U);
    auto whole = snapshot(*batch);
    whole.dead = {{batch->entries[1], "too large"}, {batch->entries[2], "no JSON"}};
    (void)ask({"SET", "events:dead", "somebody's"});
    auto const refused = reader.commit(whole);
    ASSERT_FALSE(refused);
    EXPECT_NE(refused.error().message.find("events:dead"), std::string::npos);
    EXPECT_EQ(pending(), 4) << "nothing was acknowledged that was not put aside";
    (void)ask({"DEL", "events:dead"});
    ASSERT_TRUE(reader.commit(whole));
    EXPECT_EQ(pending(), 0);
    EXPECT_EQ(ask({"XLEN", "events:dead"}).integer, 2);
    EXPECT_EQ(reader.ledger().read, 4U);
}

TEST_F(StreamReader, ACommitOfUnknownEndIsLookedUp) {
    add(1, 4);
    auto hasty = options();
    hasty.answer_within = Millis(300);
    RedisStreamReader reader(hasty, {}, clock_, log_);
    begin(reader);
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

/// A connection whose answer comes late would give it to the next question.
TEST_F(StreamReader, ALateAnswerIsNeverTakenForAnother) {
    add(1, 4);
    auto hasty = options();
    hasty.answer_within = Millis(300);
    RedisStreamReader reader(hasty, {}, clock_, log_);
    begin(reader);
    auto const batch = reader.read();
    ASSERT_TRUE(batch);
    auto whole = snapshot(*batch);
    whole.dead = {{batch->entries[1], "no JSON"}};
    server_.pause();
    EXPECT_EQ(reader.commit(whole).error().code, Errc::unavailable) << "nothing was sent yet";
    server_.resume();
    (void)ask({"SET", "events:dead", "somebody's"});
    EXPECT_FALSE(reader.commit(whole));
    EXPECT_EQ(pending(), 4);
    (void)ask({"DEL", "events:dead"});
    ASSERT_TRUE(reader.commit(whole));
    EXPECT_EQ(pending(), 0);
    EXPECT_EQ(dead(), Texts{"n=2 reason=no JSON "});
    EXPECT_EQ(durable(), reader.ledger());
}

TEST_F(StreamReader, CommitsWhatChangedWhileItHoldsItsLease) {
    add(1, 2);
    RedisStreamReader reader(options(), {}, clock_, log_);
    begin(reader);
    auto const batch = reader.read();
    ASSERT_TRUE(batch);
    auto fenced = snapshot(*batch);
    fenced.effects.add({"HSET", "workflows", "w1", "started"}).add({"ZADD", "seen", "1", "a"});
    fenced.fence = RedisStreamReader::Fence{"lease", "this one"};
    EXPECT_EQ(reader.commit(fenced).error().code, Errc::conflict) << "nobody's";
    (void)ask({"SET", "lease", "another"});
    EXPECT_EQ(reader.commit(fenced).error().code, Errc::conflict);
    EXPECT_EQ(pending(), 2);
    EXPECT_EQ(ask({"EXISTS", "workflows", "seen"}).integer, 0);
    (void)ask({"SET", "lease", "this one"});
    auto const done = reader.commit(fenced);
    ASSERT_TRUE(done) << done.error().message;
    EXPECT_EQ(pending(), 0);
    EXPECT_EQ(ask({"HGET", "workflows", "w1"}).text, "started");
    EXPECT_EQ(ask({"ZSCORE", "seen", "a"}).text, "1");
    EXPECT_EQ(durable(), reader.ledger());
}

TEST_F(StreamReader, TellsOfACommitThatWasCarriedOutInPart) {
    add(1, 2);
    RedisStreamReader reader(options(), {}, clock_, log_);
    begin(reader);
    auto const batch = reader.read();
    ASSERT_TRUE(batch);
    auto whole = snapshot(*batch);
    whole.effects.add({"HSET", "workflows", "w1", "started"});
    (void)ask({"SET", "workflows", "somebody's"});
    auto const partly = reader.commit(whole);
    ASSERT_FALSE(partly);
    EXPECT_EQ(partly.error().code, Errc::corrupt) << partly.error().message;
    EXPECT_EQ(reader.ledger().read, 0U);
    (void)ask({"DEL", "workflows"});
    ASSERT_TRUE(reader.commit(whole));
    EXPECT_EQ(ask({"HGET", "workflows", "w1"}).text, "started");
    EXPECT_EQ(reader.ledger().read, 2U);
}

}  // namespace
}  // namespace muster::testing
