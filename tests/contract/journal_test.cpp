#include <atomic>
#include <thread>

#include <contract/journal_under_test.hpp>

#include <rapidcheck/gtest.h>

#include <muster/testing/journal_samples.hpp>

namespace muster::testing {
namespace {

INSTANTIATE_TEST_SUITE_P(Journals, JournalContract,
                         ::testing::Values(&make_memory_journal, &make_file_journal),
                         name_of_journal);

TEST_P(JournalContract, IsEmptyAtFirst) {
    auto const state = journal->state();
    EXPECT_EQ(state.id.size(), 36U);
    EXPECT_EQ(state.first_seq, 1U);
    EXPECT_EQ(state.last_seq, 0U);
    EXPECT_EQ(state.last_epoch, 0U);
    EXPECT_EQ(state.durable_seq, 0U);
    EXPECT_TRUE(read(0, 100).empty());
}

TEST_P(JournalContract, GivesBackTheFramesItWasGiven) {
    auto const frames = frames_of(0, 5);
    ASSERT_TRUE(journal->write(frames, {1, 5}, kSampleTime));
    auto const chunk = reader->read(0, 5, 1U << 20U);
    ASSERT_TRUE(chunk);
    EXPECT_EQ(chunk->frames, frames);
    EXPECT_EQ(journal->state().last_seq, 5U);
    EXPECT_EQ(journal->state().first_seq, 1U);
    EXPECT_GE(journal->state().bytes, frames.size());
}

TEST_P(JournalContract, KeepsEverythingThatWasWrittenOverTheDeathOfItsProcess) {
    ASSERT_TRUE(write_through(*journal, 50, 7));
    auto const before = journal->state();
    open();
    auto const after = journal->state();
    EXPECT_EQ(after.id, before.id);
    EXPECT_EQ(after.last_seq, 50U);
    EXPECT_EQ(after.last_epoch, 7U);
    EXPECT_EQ(after.durable_seq, 50U) << "what opening found is durable";
    EXPECT_EQ(read_all(), range(1, 50));
    ASSERT_TRUE(write_through(*journal, 60, 8));
    EXPECT_EQ(read_all(), range(1, 60));
    EXPECT_EQ(journal->state().last_epoch, 8U);
}

TEST_P(JournalContract, ReadsOnlyWhatWasAskedFor) {
    ASSERT_TRUE(write_through(*journal, 8));
    EXPECT_EQ(read(3, 6), range(4, 6));
    EXPECT_EQ(read(0, 1), range(1, 1));
    EXPECT_TRUE(read(8, 100).empty());
    EXPECT_TRUE(read(6, 6).empty());
    EXPECT_TRUE(read(7, 3).empty());
}

TEST_P(JournalContract, KeepsAChunkWithinItsBytesButGivesAtLeastOneRecord) {
    ASSERT_TRUE(write_through(*journal, 8));
    auto const one = frames_of(0, 1).size();
    EXPECT_EQ(read(0, 8, 1), range(1, 1));
    EXPECT_EQ(read(1, 8, 3 * one), range(2, 4));
    EXPECT_EQ(read(4, 8, 3 * one - 1), range(5, 6));
}

TEST_P(JournalContract, ShowsAReaderWhatIsWrittenLater) {
    ASSERT_TRUE(write_through(*journal, 3));
    EXPECT_EQ(read(0, 3), range(1, 3));
    ASSERT_TRUE(write_through(*journal, 40));
    std::vector<std::uint64_t> all;
    for (std::uint64_t after = 3; after < 40; after = all.back()) {
        auto const seqs = read(after, 40);
        ASSERT_FALSE(seqs.empty());
        all.insert(all.end(), seqs.begin(), seqs.end());
    }
    EXPECT_EQ(all, range(4, 40));
    EXPECT_EQ(read(1, 2), range(2, 2)) << "and may go back";
}

TEST_P(JournalContract, RefusesFramesThatAreNotTheNext) {
    ASSERT_TRUE(write_through(*journal, 3));
    EXPECT_FALSE(journal->write(frames_of(4, 6), {1, 6}, kSampleTime)) << "one is missing";
    EXPECT_FALSE(journal->write(frames_of(2, 4), {1, 4}, kSampleTime)) << "one is there already";
    EXPECT_FALSE(journal->write(frames_of(3, 5), {1, 6}, kSampleTime)) << "one is not in it";
    auto torn = frames_of(3, 4);
    torn.pop_back();
    auto const written = journal->write(torn, {1, 4}, kSampleTime);
    ASSERT_FALSE(written);
    EXPECT_EQ(written.error().code, Errc::internal);
    EXPECT_EQ(read_all(), range(1, 3));
}

TEST_P(JournalContract, IsDurableUpToWhereItsSyncBegan) {
    ASSERT_TRUE(write_through(*journal, 3));
    EXPECT_EQ(journal->state().durable_seq, 0U);
    auto job = journal->sync_job();
    ASSERT_TRUE(write_through(*journal, 30));
    ASSERT_TRUE(journal->synced(job()));
    EXPECT_EQ(journal->state().durable_seq, 3U);
    ASSERT_TRUE(sync_now(*journal));
    EXPECT_EQ(journal->state().durable_seq, 30U);
}

TEST_P(JournalContract, DoesNotMindASyncJobThatNeverRan) {
    ASSERT_TRUE(write_through(*journal, 3));
    static_cast<void>(journal->sync_job());
    ASSERT_TRUE(write_through(*journal, 5));
    ASSERT_TRUE(sync_now(*journal));
    EXPECT_EQ(journal->state().durable_seq, 5U);
}

TEST_P(JournalContract, LosesNothingByAFailedSync) {
    for (std::uint64_t round = 0; round < 5; ++round) {
        ASSERT_TRUE(write_through(*journal, 40 * round + 20));
        if (round % 2 == 1) {
            ASSERT_TRUE(sync_now(*journal));
        }
        ASSERT_TRUE(write_through(*journal, 40 * round + 40));
        static_cast<void>(journal->sync_job()());
        auto const durable = journal->state().durable_seq;
        ASSERT_TRUE(journal->synced(failure(Errc::unavailable, "input/output error")));
        EXPECT_EQ(journal->state().durable_seq, durable);
        EXPECT_EQ(read_all(), range(1, 40 * round + 40));
    }
    ASSERT_TRUE(sync_now(*journal));
    EXPECT_EQ(journal->state().durable_seq, 200U);
    ASSERT_TRUE(write_through(*journal, 220));
    open();
    EXPECT_EQ(read_all(), range(1, 220));
}

TEST_P(JournalContract, WritesAllOrNothing) {
    ASSERT_TRUE(write_through(*journal, 5));
    under_test->fill_disk();
    for (int attempt = 0; attempt < 3; ++attempt) {
        auto const written = write_through(*journal, 12);
        ASSERT_FALSE(written);
        EXPECT_EQ(written.error().code, Errc::full);
    }
    EXPECT_EQ(journal->state().last_seq, 5U);
    EXPECT_EQ(read_all(), range(1, 5));
    EXPECT_TRUE(read(5, 12).empty());
    under_test->clear_disk();
    ASSERT_TRUE(write_through(*journal, 12));
    EXPECT_EQ(read_all(), range(1, 12));
    open();
    EXPECT_EQ(read_all(), range(1, 12));
}

TEST_P(JournalContract, KeepsNothingOfAFailedWriteOverAReopening) {
    ASSERT_TRUE(write_through(*journal, 5));
    under_test->fill_disk();
    ASSERT_FALSE(write_through(*journal, 40));
    under_test->clear_disk();
    open();
    EXPECT_EQ(journal->state().last_seq, 5U);
    EXPECT_EQ(read_all(), range(1, 5));
}

TEST_P(JournalContract, SyncsAgainAfterAFailureOnAFullDisk) {
    ASSERT_TRUE(write_through(*journal, 5));
    static_cast<void>(journal->sync_job()());
    under_test->fill_disk();
    auto const failed = journal->synced(failure(Errc::unavailable, "input/output error"));
    under_test->clear_disk();
    ASSERT_TRUE(sync_now(*journal) || sync_now(*journal)) << "at the latest the second time";
    EXPECT_EQ(journal->state().durable_seq, 5U);
    EXPECT_EQ(read_all(), range(1, 5));
}

TEST_P(JournalContract, ForgetsNoMoreThanItIsTold) {
    ASSERT_TRUE(write_through(*journal, 20));
    ASSERT_TRUE(write_through(*journal, 40));
    ASSERT_TRUE(write_through(*journal, 60));
    ASSERT_TRUE(sync_now(*journal));
    ASSERT_TRUE(journal->trim(30, kSampleTime));
    auto const first = journal->state().first_seq;
    EXPECT_GT(first, 1U);
    EXPECT_LE(first, 31U);
    EXPECT_EQ(read(0, 60).front(), first) << "a gap is seen by the first record";
    ASSERT_TRUE(journal->trim(0, kSampleTime));
    EXPECT_EQ(journal->state().first_seq, first);
    auto all = read_all();
    EXPECT_EQ(all, range(first, 60));
    open();
    EXPECT_EQ(journal->state().first_seq, first);
    EXPECT_EQ(journal->state().last_seq, 60U);
    EXPECT_EQ(read_all(), all);
}

TEST_P(JournalContract, ForgetsNothingThatIsNotDurable) {
    for (std::uint64_t last = 20; last <= 100; last += 20) {
        ASSERT_TRUE(write_through(*journal, last));
    }
    ASSERT_TRUE(journal->trim(100, kSampleTime));
    EXPECT_EQ(journal->state().first_seq, 1U);
    ASSERT_TRUE(sync_now(*journal));
    ASSERT_TRUE(write_through(*journal, 120));
    ASSERT_TRUE(journal->trim(120, kSampleTime));
    EXPECT_GT(journal->state().first_seq, 1U);
    EXPECT_LE(journal->state().first_seq, 101U);
}

TEST_P(JournalContract, KnowsItsEndEvenWhenEverythingIsForgotten) {
    ASSERT_TRUE(write_through(*journal, 20, 9));
    ASSERT_TRUE(write_through(*journal, 40, 9));
    ASSERT_TRUE(sync_now(*journal));
    ASSERT_TRUE(journal->trim(40, kSampleTime));
    EXPECT_GT(journal->state().first_seq, 1U);
    EXPECT_EQ(journal->state().last_seq, 40U);
    open();
    EXPECT_EQ(journal->state().last_seq, 40U);
    EXPECT_EQ(journal->state().last_epoch, 9U);
    ASSERT_TRUE(write_through(*journal, 45, 10));
    EXPECT_EQ(read(40, 45), range(41, 45));
}

TEST_P(JournalContract, KeepsWhatIsYoungOrWithinItsBytesThoughPassed) {
    JournalSettings settings;
    settings.keep_bytes = std::uint64_t{1} << 40;
    settings.keep_age = Millis(60 * 60 * 1000);
    open(settings);
    for (std::uint64_t step = 1; step <= 10; ++step) {
        ASSERT_TRUE(
            write_through(*journal, 20 * step, 1, kSampleTime + static_cast<int>(step) * 10min));
    }
    ASSERT_TRUE(sync_now(*journal));
    ASSERT_TRUE(journal->trim(200, kSampleTime + 100min));
    EXPECT_EQ(read_all().back(), 200U);
    auto const first = journal->state().first_seq;
    EXPECT_GT(first, 1U) << "older than an hour";
    EXPECT_LE(first, 101U) << "not what is younger";

    settings.keep_bytes = 3000;
    open(settings);
    ASSERT_TRUE(journal->trim(200, kSampleTime + 100min));
    EXPECT_GT(journal->state().first_seq, first) << "more than enough bytes are left";
    EXPECT_GE(journal->state().bytes, 3000U);
}

TEST_P(JournalContract, ForgetsTheOldestAtItsLimitWhoeverHasNotReadIt) {
    JournalSettings settings;
    settings.limit_bytes = 8000;
    open(settings);
    for (std::uint64_t seq = 10; seq <= 2000; seq += 10) {
        ASSERT_TRUE(write_through(*journal, seq));
        ASSERT_LE(journal->state().bytes, 8000U);
    }
    auto const first = journal->state().first_seq;
    EXPECT_GT(first, 1U);
    EXPECT_LE(first, 1950U) << "not more than must be";
    EXPECT_EQ(read_all(), range(first, 2000));
    open(settings);
    EXPECT_EQ(read_all(), range(first, 2000));
}

TEST_P(JournalContract, RefusesABatchAboveItsLimit) {
    JournalSettings settings;
    settings.limit_bytes = 3000;
    open(settings);
    auto const written = write_through(*journal, 500);
    ASSERT_FALSE(written);
    EXPECT_EQ(written.error().code, Errc::full);
    EXPECT_TRUE(write_through(*journal, 10));
}

TEST_P(JournalContract, SaysWhereItIsDamagedAndLeadsOver) {
    ASSERT_TRUE(write_through(*journal, 10));
    ASSERT_TRUE(write_through(*journal, 50));
    under_test->damage(5);
    under_test->damage(6);
    under_test->damage(30);
    reader = journal->reader();
    EXPECT_EQ(read(0, 50), range(1, 4)) << "a chunk ends before damage";
    auto const damaged = reader->read(4, 50, 1U << 20U);
    ASSERT_FALSE(damaged);
    EXPECT_EQ(damaged.error().code, Errc::corrupt);
    EXPECT_EQ(reader->next_readable(4, 50), 7U);
    EXPECT_EQ(read(6, 10), range(7, 10));
    EXPECT_EQ(reader->next_readable(29, 50), 31U);
    EXPECT_EQ(reader->next_readable(29, 30), 31U) << "none up to there";
    EXPECT_EQ(read(30, 50).front(), 31U);
}

TEST_P(JournalContract, LeadsToTheOldestHeldAndOverTheEnd) {
    ASSERT_TRUE(write_through(*journal, 40));
    ASSERT_TRUE(write_through(*journal, 80));
    ASSERT_TRUE(sync_now(*journal));
    ASSERT_TRUE(journal->trim(60, kSampleTime));
    EXPECT_EQ(reader->next_readable(0, 80), journal->state().first_seq);
    EXPECT_EQ(reader->next_readable(70, 80), 71U);
    EXPECT_EQ(reader->next_readable(80, 80), 81U);
}

TEST_P(JournalContract, SurvivesDamageOverAReopening) {
    ASSERT_TRUE(write_through(*journal, 10));
    under_test->damage(5);
    open();
    EXPECT_EQ(journal->state().last_seq, 10U) << "records behind damage are not cut";
    EXPECT_EQ(read(5, 10), range(6, 10));
    ASSERT_TRUE(write_through(*journal, 12));
    EXPECT_EQ(read(5, 12).back(), 12U);
    EXPECT_EQ(reader->read(4, 12, 1000).error().code, Errc::corrupt);
    EXPECT_EQ(reader->next_readable(4, 12), 6U);
}

/// A reader on a thread of its own sees consecutive records and at most gaps, while the journal is
/// written, synced badly, cut and limited.
TEST_P(JournalContract, IsReadWhileItIsWritten) {
    JournalSettings settings;
    settings.limit_bytes = 20'000;
    open(settings);
    constexpr std::uint64_t kLast = 4000;
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
                auto const seqs = seqs_of(chunk->frames);
                orderly =
                    chunk->first_seq > after && seqs == range(chunk->first_seq, chunk->last_seq);
                after = chunk->last_seq;
            }
        }
    });
    for (std::uint64_t seq = 5; seq <= kLast && orderly; seq += 5) {
        ASSERT_TRUE(write_through(*journal, seq));
        written = seq;
        if (seq % 70 == 0) {
            static_cast<void>(journal->sync_job()());
            ASSERT_TRUE(journal->synced(seq % 140 == 0
                                            ? Result<void>()
                                            : failure(Errc::unavailable, "input/output error")));
        }
        if (seq % 110 == 0) {
            ASSERT_TRUE(journal->trim(seq - 50, kSampleTime));
        }
    }
    reading.join();
    EXPECT_TRUE(orderly);
}

/// Several consumers share a reader: where others read before does not change what one gets.
TEST_P(JournalContract, ReadsTheSameWhereverItReadBefore) {
    constexpr std::uint64_t kLast = 9'000;
    JournalSettings settings;
    settings.segment_bytes = 400'000;
    open(settings);
    for (std::uint64_t seq = 500; seq <= kLast; seq += 500) {
        ASSERT_TRUE(write_through(*journal, seq));
    }
    std::uint64_t after = 1;
    for (int round = 0; round < 400; ++round) {
        after = after * 6'364'136'223'846'793'005U + 1'442'695'040'888'963'407U;
        auto const from = (after >> 33U) % kLast;
        auto const bytes = std::size_t{1} << (round % 18);
        auto const known = reader->read(from, kLast, bytes);
        auto const fresh = journal->reader()->read(from, kLast, bytes);
        ASSERT_TRUE(known && fresh);
        ASSERT_EQ(known->first_seq, from + 1);
        ASSERT_EQ(known->last_seq, fresh->last_seq);
        ASSERT_EQ(known->frames, fresh->frames);
        if (round == 200) {
            static_cast<void>(journal->sync_job()());
            ASSERT_TRUE(journal->synced(failure(Errc::unavailable, "input/output error")));
        }
    }
}

/// Any sequence of what can happen to a journal, held against the records that must be in it.
TEST_P(JournalContract, DoesWhatItSaysInAnyOrder) {
    auto const property = [this] {
        under_test = GetParam()();
        open();
        std::uint64_t last = 0;
        std::uint64_t allowed_first = 1;
        for (auto steps = *rc::gen::inRange(1, 40); steps > 0; --steps) {
            switch (*rc::gen::inRange(0, 6)) {
                case 0:
                case 1:
                    last += *rc::gen::inRange<std::uint64_t>(1, 30);
                    RC_ASSERT(write_through(*journal, last).has_value());
                    break;
                case 2:
                    RC_ASSERT(sync_now(*journal).has_value());
                    RC_ASSERT(journal->state().durable_seq == last);
                    break;
                case 3:
                    static_cast<void>(journal->sync_job()());
                    RC_ASSERT(journal->synced(failure(Errc::unavailable, "no")).has_value());
                    break;
                case 4: {
                    auto const seq = *rc::gen::inRange<std::uint64_t>(0, last + 2);
                    RC_ASSERT(journal->trim(seq, kSampleTime).has_value());
                    allowed_first = std::max(allowed_first, std::min(seq, last) + 1);
                    break;
                }
                default:
                    open();
                    break;
            }
            auto const state = journal->state();
            RC_ASSERT(state.last_seq == last);
            RC_ASSERT(state.first_seq <= allowed_first);
            RC_ASSERT(read_all() == range(state.first_seq, last));
        }
    };
    rc::check("does what it says in any order", property);
}

}  // namespace
}  // namespace muster::testing
