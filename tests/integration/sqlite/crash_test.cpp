#include <chrono>
#include <csignal>
#include <cstdlib>
#include <string>
#include <thread>

#include <gtest/gtest.h>
#include <sys/wait.h>
#include <unistd.h>

#include <integration/sqlite/endless_checks.hpp>
#include <muster/testing/temporary_folder.hpp>

namespace muster {
namespace {

using testing::checks_after;
using testing::value_of;

constexpr std::uint64_t kBatchOfTheKilled = 700;

/// What a hub's follower does: goes on behind the cursor, for ever. Says so after each batch.
[[noreturn]] void write_until_killed(std::string const& path, int progress) {
    auto const store = SqliteResultStore::open(path);
    while (store) {
        auto const cursor = (*store)->cursor("hub-main");
        if (!cursor || !(*store)->append(checks_after(*cursor, kBatchOfTheKilled)) ||
            ::write(progress, "+", 1) != 1) {
            break;
        }
    }
    std::_Exit(1);
}

/// Kills a child somewhere in its fourth batch or a later one.
pid_t start_and_kill_writer(std::string const& path, int pause_ms) {
    int ends[2];
    if (::pipe(ends) != 0) {
        return -1;
    }
    auto const child = ::fork();
    if (child == 0) {
        ::close(ends[0]);
        write_until_killed(path, ends[1]);
    }
    ::close(ends[1]);
    char batch = 0;
    for (int batches = 0; batches < 3 && ::read(ends[0], &batch, 1) == 1; ++batches) {}
    std::this_thread::sleep_for(std::chrono::milliseconds(pause_ms));
    ::kill(child, SIGKILL);  // before the pipe is closed: that would end it too
    ::close(ends[0]);
    return child;
}

TEST(SqliteCrash, KilledTenTimesWhileWritingItHoldsEveryCheckOnce) {
    testing::TemporaryFolder const folder;
    auto const path = folder / "muster.db";
    std::uint64_t before = 0;
    for (int round = 0; round < 10; ++round) {
        auto const child = start_and_kill_writer(path, 37 * round % 50);
        ASSERT_GT(child, 0);
        int status = 0;
        ASSERT_EQ(::waitpid(child, &status, 0), child);
        ASSERT_TRUE(WIFSIGNALED(status)) << "the writer gave up by itself";

        ASSERT_EQ(value_of(path, "PRAGMA integrity_check"), "ok");
        auto const cursor = testing::open_store(path)->cursor("hub-main");
        ASSERT_TRUE(cursor) << cursor.error().message;
        EXPECT_EQ(cursor->seq % kBatchOfTheKilled, 0U) << "a batch is there in part";
        EXPECT_GE(cursor->seq, before) << "what was stored is gone";
        before = cursor->seq;
        EXPECT_EQ(value_of(path, "SELECT count(*) FROM check_result"), std::to_string(before));
    }
    EXPECT_GE(before, 30 * kBatchOfTheKilled);
    // Every record's time is its own: as many times as records, from the first to the last.
    EXPECT_EQ(value_of(path, "SELECT count(DISTINCT recorded_at) FROM health_checks"),
              std::to_string(before));
    EXPECT_EQ(value_of(path, "SELECT max(recorded_at) FROM health_checks"),
              to_rfc3339(testing::kStart + Millis(100 * before)));
}

}  // namespace
}  // namespace muster
