#include <csignal>
#include <cstdlib>
#include <filesystem>
#include <functional>
#include <string>

#include <gtest/gtest.h>
#include <sched.h>
#include <sys/mount.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include <integration/sqlite/endless_checks.hpp>
#include <muster/testing/temporary_folder.hpp>

namespace muster {
namespace {

using testing::checks_after;
using testing::kStart;
using testing::value_of;

constexpr int kCannotTry = 77;

/// Appends until that fails; the error, or nothing after `most` batches.
std::optional<Error> fill(SqliteResultStore& store, int most) {
    for (int batch = 0; batch < most; ++batch) {
        auto const cursor = store.cursor("hub-main");
        if (!cursor) {
            return cursor.error();
        }
        auto const appended = store.append(checks_after(*cursor, 1'000));
        if (!appended) {
            return appended.error();
        }
    }
    return std::nullopt;
}

/// Runs in a process of its own, since it changes what the process may do. Its exit code.
int in_child(std::function<int()> const& work) {
    auto const child = ::fork();
    if (child == 0) {
        std::_Exit(work());
    }
    int status = 0;
    ::waitpid(child, &status, 0);
    return WIFEXITED(status) ? WEXITSTATUS(status) : -1;
}

TEST(SqliteFullDisk, IsToldAndGoesOnOnceThereIsRoom) {
    testing::TemporaryFolder const folder;
    auto const path = folder / "muster.db";
    auto const store = testing::open_store(path, {.max_bytes = 2U << 20U});
    auto const error = fill(*store, 1'000);
    ASSERT_TRUE(error);
    EXPECT_EQ(error->code, Errc::full);

    auto const cursor = store->cursor("hub-main");
    ASSERT_TRUE(cursor) << "a full store can still be read";
    EXPECT_EQ(cursor->seq % 1'000, 0U);
    EXPECT_EQ(value_of(path, "SELECT count(*) FROM check_result"), std::to_string(cursor->seq));

    ResultStore::Retention const first_half{.checks_before =
                                                kStart + Millis(100 * cursor->seq / 2)};
    auto more = store->forget(first_half);
    while (more && *more) {
        more = store->forget(first_half);
    }
    ASSERT_TRUE(more) << more.error().message;
    EXPECT_FALSE(fill(*store, 5)) << "there is room again";
    EXPECT_EQ(store->cursor("hub-main")->seq, cursor->seq + 5'000);
    EXPECT_EQ(value_of(path, "PRAGMA integrity_check"), "ok");
}

/// A file system of 3 MB in a mount namespace of this process.
bool mount_small_disk(std::string const& folder) {
    return ::unshare(CLONE_NEWNS) == 0 &&
           ::mount(nullptr, "/", nullptr, MS_REC | MS_PRIVATE, nullptr) == 0 &&
           ::mount("tmpfs", folder.c_str(), "tmpfs", 0, "size=3m") == 0;
}

TEST(SqliteFullDisk, OfARealFileSystemIsSurvived) {
    testing::TemporaryFolder const folder;
    auto const code = in_child([&] {
        if (!mount_small_disk(folder.path().string())) {
            return kCannotTry;
        }
        auto const path = folder / "muster.db";
        // Single checks too, to the last byte.
        auto store = SqliteResultStore::open(path, {.keep_free_percent = 0});
        if (!store) {
            return 1;
        }
        auto const error = fill(**store, 1'000);
        if (!error || error->code != Errc::full) {
            return 2;
        }
        auto const cursor = (*store)->cursor("hub-main");
        if (!cursor || cursor->seq == 0) {
            return 3;
        }
        if (::mount(nullptr, folder.path().c_str(), nullptr, MS_REMOUNT, "size=64m") != 0) {
            return kCannotTry;
        }
        if (fill(**store, 20)) {
            return 4;
        }
        auto const rows = std::to_string(cursor->seq + 20'000);
        return value_of(path, "SELECT count(*) FROM check_result") == rows &&
                       value_of(path, "PRAGMA integrity_check") == "ok"
                   ? 0
                   : 5;
    });
    if (code == kCannotTry) {
        GTEST_SKIP() << "no right to mount a small file system here";
    }
    EXPECT_EQ(code, 0);
}

TEST(SqliteFullDisk, AFileSizeLimitIsAnErrorAndNotTheEnd) {
    testing::TemporaryFolder const folder;
    auto const path = folder / "muster.db";
    auto const code = in_child([&] {
        std::signal(SIGXFSZ, SIG_IGN);
        auto store = SqliteResultStore::open(path);
        rlimit limit{};
        ::getrlimit(RLIMIT_FSIZE, &limit);
        auto const before = limit.rlim_cur;
        limit.rlim_cur = 1U << 20U;
        ::setrlimit(RLIMIT_FSIZE, &limit);
        auto const error = fill(**store, 1'000);
        if (!error || (error->code != Errc::unavailable && error->code != Errc::in_doubt &&
                       error->code != Errc::full)) {
            return 1;
        }
        limit.rlim_cur = before;
        ::setrlimit(RLIMIT_FSIZE, &limit);
        if (fill(**store, 20)) {
            return 2;
        }
        auto const cursor = (*store)->cursor("hub-main");
        return value_of(path, "SELECT count(*) FROM check_result") == std::to_string(cursor->seq) &&
                       value_of(path, "PRAGMA integrity_check") == "ok"
                   ? 0
                   : 3;
    });
    EXPECT_EQ(code, 0);
}

}  // namespace
}  // namespace muster
