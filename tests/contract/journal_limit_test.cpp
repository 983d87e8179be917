#include <atomic>
#include <thread>
#include <utility>
#include <variant>

#include <contract/journal_under_test.hpp>

#include <muster/recording/shrinking.hpp>
#include <muster/testing/journal_samples.hpp>

/// What a journal does when its byte limit comes near. Every tenth record of these is a transition,
/// the others are results.
namespace muster::testing {
namespace {

constexpr std::uint64_t kLimit = 14'000;

class JournalLimit : public JournalContract {
public:
    void SetUp() override {
        settings_.limit_bytes = kLimit;
        open(settings_);
    }

protected:
    static bool is_told_once(std::uint64_t seq) { return seq % 10 == 0; }

    [[nodiscard]] bool write(std::uint64_t through) const {
        Bytes frames;
        for (auto seq = journal->state().last_seq + 1; seq <= through; ++seq) {
            append_frame(
                frames, {1, seq},
                is_told_once(seq) ? RecordBody(sample_transition()) : RecordBody(passing_result()));
        }
        return journal->write(frames, {1, through}, kSampleTime).has_value();
    }

    /// False: there was nothing to do.
    [[nodiscard]] bool shrink_once() const {
        auto job = journal->shrink_job();
        if (!job) {
            return false;
        }
        auto result = job();
        EXPECT_TRUE(result) << result.error().message;
        journal->shrunk(std::move(result));
        return true;
    }

    /// As a hub does: durable soon, shrunk in time.
    void write_in_steps(std::uint64_t through) const {
        for (auto seq = journal->state().last_seq + 5; seq <= through; seq += 5) {
            ASSERT_TRUE(write(seq));
            ASSERT_TRUE(sync_now(*journal));
            while (shrink_once()) {}
            ASSERT_LE(journal->state().bytes, kLimit);
        }
    }

    /// What a reader finds, chunk by chunk; every number behind the first must be told of.
    [[nodiscard]] std::vector<Record> all_records() const {
        std::vector<Record> all;
        auto const last = journal->state().last_seq;
        auto after = journal->state().first_seq - 1;
        while (after < last) {
            auto const chunk = reader->read(after, last, 700);
            if (!chunk || chunk->first_seq != after + 1) {
                ADD_FAILURE() << (chunk ? "a hole" : chunk.error().message) << " behind " << after;
                break;
            }
            auto const records = decode_frames(chunk->frames);
            EXPECT_TRUE(records);
            for (auto const& record : *records) {
                auto const from =
                    is_stand_in(record) ? std::get<Gap>(record.body).from : record.position.seq;
                EXPECT_EQ(from, after + 1);
                after = record.position.seq;
                all.push_back(record);
            }
            EXPECT_EQ(after, chunk->last_seq);
        }
        EXPECT_EQ(after, last);
        return all;
    }

    JournalSettings settings_;
};

INSTANTIATE_TEST_SUITE_P(Journals, JournalLimit,
                         ::testing::Values(&make_memory_journal, &make_file_journal),
                         name_of_journal);

TEST_P(JournalLimit, TheOldestShrinkToWhatIsToldOnceBeforeAnythingGoes) {
    write_in_steps(300);
    EXPECT_EQ(journal->state().first_seq, 1U) << "though it is more than fits";
    auto const records = all_records();
    std::uint64_t gone = 0;
    std::uint64_t transitions = 0;
    for (auto const& record : records) {
        EXPECT_EQ(record.position.epoch, 1U);
        if (is_stand_in(record)) {
            auto const& gap = std::get<Gap>(record.body);
            EXPECT_EQ(gap.to / 10, (gap.from - 1) / 10) << "a transition gave way";
            EXPECT_EQ(gap.at, kSampleTime + 12ms) << "when what is gone happened";
            gone += gap.to - gap.from + 1;
        } else if (is_told_once(record.position.seq)) {
            EXPECT_EQ(record.body, RecordBody(sample_transition()));
            ++transitions;
        }
    }
    EXPECT_EQ(transitions, 30U);
    EXPECT_GT(gone, 50U);
    EXPECT_EQ(journal->state().given_up, gone);
    for (auto seq = std::uint64_t{291}; seq < 300; ++seq) {
        EXPECT_EQ(records[records.size() - (301 - seq)].body, RecordBody(passing_result()))
            << "the newest stay whole";
    }
}

TEST_P(JournalLimit, WholeSegmentsGoWhenNothingIsLeftToShrink) {
    write_in_steps(3'000);
    auto const first = journal->state().first_seq;
    EXPECT_GT(first, 1U);
    EXPECT_LT(first, 2'800U);
    EXPECT_FALSE(all_records().empty());
}

TEST_P(JournalLimit, StaysUnderItThoughNobodyShrinksIt) {
    for (std::uint64_t seq = 5; seq <= 2'000; seq += 5) {
        ASSERT_TRUE(write(seq));
        ASSERT_LE(journal->state().bytes, kLimit);
    }
    auto const first = journal->state().first_seq;
    EXPECT_GT(first, 1U);
    EXPECT_EQ(journal->state().given_up, first - 1);
    EXPECT_FALSE(all_records().empty());
}

TEST_P(JournalLimit, WhatOnlyChannelsWantGoesFirstAndIsNotGivenUp) {
    write_in_steps(120);
    ASSERT_EQ(journal->state().given_up, 0U);
    journal->may_go(120);
    write_in_steps(250);
    auto const first = journal->state().first_seq;
    EXPECT_GT(first, 1U);
    EXPECT_LE(first, 121U);
    EXPECT_EQ(journal->state().given_up, 0U);
    for (auto const& record : all_records()) {
        EXPECT_FALSE(is_stand_in(record)) << record.position.seq;
    }
    for (auto seq = std::uint64_t{255}; seq <= 350; seq += 5) {
        journal->may_go(seq - 5);
        ASSERT_TRUE(write(seq));
    }
    EXPECT_EQ(journal->state().given_up, 0U) << "also when nobody shrinks it";
}

TEST_P(JournalLimit, NothingIsDoneWhileThereIsRoom) {
    ASSERT_TRUE(write(50));
    ASSERT_TRUE(sync_now(*journal));
    journal->may_go(50);
    EXPECT_FALSE(shrink_once());
    EXPECT_EQ(journal->state().first_seq, 1U);
}

TEST_P(JournalLimit, NothingShrinksThatIsNotDurable) {
    for (std::uint64_t seq = 5; journal->state().bytes < kLimit - 1'500; seq += 5) {
        ASSERT_TRUE(write(seq));
    }
    EXPECT_FALSE(shrink_once());
    EXPECT_EQ(journal->state().given_up, 0U);
}

TEST_P(JournalLimit, AJobThatNeverRanChangesNothing) {
    for (std::uint64_t seq = 5; journal->state().bytes < kLimit - 1'500; seq += 5) {
        ASSERT_TRUE(write(seq));
    }
    ASSERT_TRUE(sync_now(*journal));
    auto const before = all_records();
    ASSERT_TRUE(journal->shrink_job());
    EXPECT_EQ(all_records(), before);
    EXPECT_TRUE(shrink_once());
    EXPECT_LT(all_records().size(), before.size());
}

TEST_P(JournalLimit, AReaderInTheMiddleOfAHoleGoesOnBehindIt) {
    write_in_steps(300);
    auto const hole = std::get<Gap>(all_records().front().body);
    ASSERT_GE(hole.to, 3U);
    auto const rest = reader->read(1, hole.to - 1, 1'000);
    ASSERT_TRUE(rest);
    EXPECT_EQ(rest->first_seq, 2U);
    EXPECT_EQ(rest->last_seq, hole.to) << "the stand-in comes alone";
    EXPECT_EQ(seqs_of(rest->frames), range(hole.to, hole.to));
    EXPECT_EQ(reader->next_readable(1, 300), 2U);
    auto const behind = reader->read(hole.to, hole.to + 1, 1'000);
    ASSERT_TRUE(behind);
    EXPECT_EQ(behind->first_seq, hole.to + 1);
}

TEST_P(JournalLimit, WhatShrankIsTheSameAfterAReopening) {
    write_in_steps(300);
    auto const before = all_records();
    auto const bytes = journal->state().bytes;
    open(settings_);
    EXPECT_EQ(journal->state().bytes, bytes);
    EXPECT_EQ(journal->state().last_seq, 300U);
    EXPECT_EQ(all_records(), before);
    write_in_steps(400);
    EXPECT_FALSE(all_records().empty());
}

TEST_P(JournalLimit, LeadsOverDamageInWhatShrank) {
    write_in_steps(300);
    under_test->damage(10);
    reader = journal->reader();
    auto const damaged = reader->read(9, 300, 1'000);
    ASSERT_FALSE(damaged);
    EXPECT_EQ(damaged.error().code, Errc::corrupt);
    EXPECT_EQ(reader->next_readable(9, 300), 11U);
    auto const behind = reader->read(10, 300, 1'000);
    ASSERT_TRUE(behind) << behind.error().message;
    EXPECT_EQ(behind->first_seq, 11U);
}

TEST_P(JournalLimit, IsReadWhileItShrinks) {
    constexpr std::uint64_t kLast = 3'000;
    std::atomic<std::uint64_t> written{0};
    std::atomic<bool> orderly{true};
    std::thread reading([&, own = journal->reader()] {
        std::uint64_t after = 0;
        while (after < kLast && orderly) {
            auto const chunk = own->read(after, written, 700);
            if (!chunk) {
                orderly = false;
                ADD_FAILURE() << chunk.error().message;
            } else if (chunk->first_seq != 0) {
                orderly = chunk->first_seq > after && chunk->last_seq >= chunk->first_seq;
                auto told = chunk->first_seq - 1;
                FrameScanner scanner(chunk->frames);
                while (scanner.next() == FrameScanner::Found::frame) {
                    orderly = orderly && first_told(scanner.frame()) <= told + 1;
                    told = scanner.frame().position.seq;
                }
                orderly = orderly && told == chunk->last_seq;
                after = told;
            }
        }
    });
    for (std::uint64_t seq = 5; seq <= kLast && orderly; seq += 5) {
        EXPECT_TRUE(write(seq));
        EXPECT_TRUE(sync_now(*journal));
        written = seq;
        while (shrink_once()) {}
    }
    reading.join();
    EXPECT_TRUE(orderly);
}

}  // namespace
}  // namespace muster::testing
