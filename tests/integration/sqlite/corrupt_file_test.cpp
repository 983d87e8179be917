#include <filesystem>
#include <fstream>
#include <string>

#include <gtest/gtest.h>

#include <integration/sqlite/endless_checks.hpp>
#include <muster/memory/simulated_loop.hpp>
#include <muster/sqlite/history_reader.hpp>
#include <muster/testing/temporary_folder.hpp>

namespace muster {
namespace {

using testing::checks_after;
using testing::open_store;

/// A closed store with some megabytes of checks of project 1.
std::uint64_t make_store(std::string const& path) {
    auto const store = open_store(path);
    auto const shop = testing::a_project(1, "shop");
    StoreBatch batch{"hub-main", {}, {"endless", 0}, {}};
    batch.records.push_back({{1, 0}, ProjectChanged{shop, true}});
    for (std::int64_t id = 1; id <= testing::kServices; ++id) {
        auto const service = testing::a_service(id, shop, "service-" + std::to_string(id));
        batch.records.push_back({{1, 0}, ServiceChanged{service, true}});
    }
    EXPECT_TRUE(store->append(batch));
    for (int index = 0; index < 100; ++index) {
        EXPECT_TRUE(store->append(checks_after(*store->cursor("hub-main"), 1'000)));
    }
    return store->cursor("hub-main")->seq;
}

void overwrite(std::string const& path, std::uint64_t from, std::uint64_t size) {
    std::fstream file(path, std::ios::in | std::ios::out | std::ios::binary);
    file.seekp(static_cast<std::streamoff>(from));
    file << std::string(size, '\xa5');
}

Result<void> read_all(std::string const& path) {
    SimulatedLoop const clock;
    auto reader = SqliteHistoryReader::open(path, clock, {});
    if (!reader) {
        return tl::unexpected(reader.error());
    }
    return (*reader)->checks({ProjectId{1}, {}}, [](CheckRow const&) { return true; });
}

TEST(SqliteCorruption, OfRowsIsToldByReadsAndNeverTakenForData) {
    testing::TemporaryFolder const folder;
    auto const path = folder / "muster.db";
    make_store(path);
    ASSERT_TRUE(read_all(path));
    auto const size = std::filesystem::file_size(path);
    ASSERT_GT(size, 1U << 20U);
    overwrite(path, size / 2 / 4'096 * 4'096, 400 * 1'024);
    auto const read = read_all(path);
    ASSERT_FALSE(read);
    EXPECT_EQ(read.error().code, Errc::corrupt);
}

TEST(SqliteCorruption, OfTheFirstPageIsRefusedAtOnce) {
    testing::TemporaryFolder const folder;
    auto const path = folder / "muster.db";
    make_store(path);
    overwrite(path, 0, 4'096);
    auto const opened = SqliteResultStore::open(path);
    ASSERT_FALSE(opened);
    EXPECT_EQ(opened.error().code, Errc::corrupt);
    EXPECT_NE(opened.error().message.find("muster.db"), std::string::npos);
}

TEST(SqliteCorruption, OfAFileCutShortNeverLooksLikeProgress) {
    testing::TemporaryFolder const folder;
    auto const path = folder / "muster.db";
    auto const seq = make_store(path);
    std::filesystem::resize_file(path, std::filesystem::file_size(path) / 2);
    auto const opened = SqliteResultStore::open(path);
    if (!opened) {
        EXPECT_EQ(opened.error().code, Errc::corrupt);
        return;
    }
    auto const cursor = (*opened)->cursor("hub-main");
    if (!cursor) {
        EXPECT_EQ(cursor.error().code, Errc::corrupt);
        return;
    }
    auto const appended = (*opened)->append(checks_after({"endless", seq}, 1'000));
    ASSERT_FALSE(appended);
    EXPECT_EQ(appended.error().code, Errc::corrupt);
}

}  // namespace
}  // namespace muster
