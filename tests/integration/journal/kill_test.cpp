#include <algorithm>

#include <gtest/gtest.h>

#include <unistd.h>

#include <integration/journal/child.hpp>

#include <muster/journal/file_checkpoint_store.hpp>
#include <muster/journal/file_journal.hpp>
#include <muster/testing/journal_samples.hpp>
#include <muster/testing/temporary_folder.hpp>

namespace muster::testing {
namespace {

constexpr int kKills = 10;

FileJournal::Options small_segments(std::filesystem::path const& folder) {
    FileJournal::Options options;
    options.folder = folder;
    options.segment_bytes = 20'000;
    options.keep_bytes = 0;
    options.keep_age = Millis(0);
    return options;
}

/// Writes for ever in batches of all sizes, syncing and forgetting on the way; tells what it wrote.
void write_for_ever(std::filesystem::path const& folder, std::uint64_t epoch,
                    Child::Tell const& tell) {
    auto opened = FileJournal::open(small_segments(folder), kSampleTime);
    if (!opened) {
        return;
    }
    auto& journal = **opened;
    for (std::uint64_t round = 1;; ++round) {
        auto const last = journal.state().last_seq + 1 + round * round % 97;
        if (!write_through(journal, last, epoch)) {
            return;
        }
        tell(last);
        if (round % 20 == 0 && !sync_now(journal)) {
            return;
        }
        if (round % 30 == 0 &&
            !journal.trim(last - std::min<std::uint64_t>(last, 5000), kSampleTime)) {
            return;
        }
    }
}

/// What was told as written is there, in order, without a hole.
TEST(FileJournal, LosesNothingThatWasWrittenWhenItsProcessIsKilled) {
    TemporaryFolder const folder;
    auto const path = folder.path() / "journal";
    std::uint64_t told = 0;
    for (int kill = 1; kill <= kKills; ++kill) {
        auto const epoch = static_cast<std::uint64_t>(kill);
        Child child([&](Child::Tell const& tell) { write_for_ever(path, epoch, tell); });
        for (int reports = 0; reports < 5 + 31 * kill; ++reports) {
            auto const last = child.next();
            ASSERT_TRUE(last) << "the writer ended by itself";
            told = *last;
        }
        child.kill();
        while (auto const last = child.next()) {
            told = *last;
        }

        auto const opened = FileJournal::open(small_segments(path), kSampleTime);
        ASSERT_TRUE(opened) << opened.error().message;
        EXPECT_TRUE((*opened)->problems().empty());
        auto const state = (*opened)->state();
        EXPECT_GE(state.last_seq, told);
        EXPECT_EQ(state.last_epoch, epoch);
        auto const reader = (*opened)->reader();
        auto after = state.first_seq - 1;
        while (after < state.last_seq) {
            auto const chunk = reader->read(after, state.last_seq, 1U << 20U);
            ASSERT_TRUE(chunk) << chunk.error().message;
            ASSERT_EQ(chunk->first_seq, after + 1);
            ASSERT_TRUE(decode_frames(chunk->frames));
            after = chunk->last_seq;
        }
    }
}

TEST(FileCheckpointStore, IsWholeWheneverItsProcessIsKilled) {
    TemporaryFolder const folder;
    auto const path = folder.path() / "checkpoint";
    for (int kill = 1; kill <= kKills; ++kill) {
        Child child([&](Child::Tell const& tell) {
            FileCheckpointStore store(path);
            for (std::uint64_t round = 1;; ++round) {
                Bytes const bytes(100'000 + round, static_cast<std::byte>(round));
                if (!store.save(bytes)) {
                    return;
                }
                tell(round);
            }
        });
        std::uint64_t told = 0;
        for (int reports = 0; reports < kill; ++reports) {
            auto const round = child.next();
            ASSERT_TRUE(round);
            told = *round;
        }
        child.kill();
        while (auto const round = child.next()) {
            told = *round;
        }
        auto const loaded = FileCheckpointStore(path).load();
        ASSERT_TRUE(loaded && *loaded);
        auto const round = (**loaded).size() - 100'000;
        EXPECT_GE(round, told);
        EXPECT_LE(round, told + 1);
        EXPECT_EQ(**loaded, Bytes((**loaded).size(), static_cast<std::byte>(round)));
    }
}

}  // namespace
}  // namespace muster::testing
