#include <muster/sqlite/result_store.hpp>

#include <cstdio>
#include <filesystem>
#include <fstream>
#include <string>

#include <gtest/gtest.h>

#include <muster/memory/simulated_loop.hpp>
#include <muster/sqlite/history_reader.hpp>
#include <muster/testing/record_story.hpp>
#include <muster/testing/temporary_folder.hpp>
#include <unit/sqlite/rows.hpp>

namespace muster {
namespace {

using testing::a_project;
using testing::a_service;
using testing::kStart;
using testing::passed_check;
using testing::RecordStory;
using testing::rows_of;
using testing::TemporaryFolder;
using Texts = std::vector<std::string>;

std::unique_ptr<SqliteResultStore> open_store(std::string const& path) {
    auto opened = SqliteResultStore::open(path);
    EXPECT_TRUE(opened) << opened.error().message;
    return opened ? std::move(*opened) : nullptr;
}

TEST(SqliteResultStore, WaitsForAFolderThatIsNotThereYet) {
    TemporaryFolder const folder;
    auto const path = folder / "later/muster.db";
    auto const store = open_store(path);
    SimulatedLoop const clock;
    auto const reader = SqliteHistoryReader::open(path, clock, {});
    ASSERT_TRUE(reader) << reader.error().message;

    RecordStory story;
    story.tell(passed_check(ServiceId{1}, kStart));
    auto const batch = story.batch();
    auto const early = store->append(batch);
    ASSERT_FALSE(early);
    EXPECT_EQ(early.error().code, Errc::unavailable);
    EXPECT_EQ((*reader)->events({}).error().code, Errc::unavailable);

    std::filesystem::create_directory(folder / "later");
    EXPECT_TRUE(store->append(batch));
    EXPECT_TRUE((*reader)->events({}));
}

TEST(SqliteResultStore, KeepsTransitionsLongerThanChecksOnADiskThatFills) {
    TemporaryFolder const folder;
    auto const path = folder / "muster.db";
    double free = 4.9;
    SqliteResultStore::Options options;
    options.free_percent = [&free] { return free; };
    auto const store = SqliteResultStore::open(path, options);
    ASSERT_TRUE(store) << store.error().message;
    auto const shop = a_project(1, "shop");
    auto const app = a_service(1, shop, "app");
    RecordStory story;
    story.tell(ProjectChanged{shop, true}).tell(ServiceChanged{app, true});
    story.tell(passed_check(app.id, kStart)).tell(passed_check(app.id, kStart + 1s));
    ASSERT_TRUE((*store)->append(story.batch()));
    story.tell(testing::went(app, HealthStatus::up, HealthStatus::down, kStart + 2s));
    story.tell(passed_check(app.id, kStart + 3s));
    ASSERT_TRUE((*store)->append(story.batch()));

    auto database = testing::open_database(path);
    EXPECT_EQ(rows_of(database, "SELECT count(*) FROM check_result", 1), Texts{"0"});
    EXPECT_EQ(rows_of(database, "SELECT event_type FROM project_events ORDER BY id", 1),
              (Texts{"service_registered", "hub_problem", "status_changed"}))
        << "told once, not with every batch";
    EXPECT_EQ(rows_of(database, "SELECT from_seq, to_seq, follower FROM gap", 3),
              Texts{"3|6|store"});
    EXPECT_EQ((*store)->cursor("hub-main")->seq, 6U);

    free = 5.1;
    story.tell(passed_check(app.id, kStart + 4s));
    ASSERT_TRUE((*store)->append(story.batch()));
    EXPECT_EQ(rows_of(database, "SELECT count(*) FROM check_result", 1), Texts{"1"});
}

TEST(SqliteResultStore, MakesTheFileAgainThatSomebodyRemoved) {
    TemporaryFolder const folder;
    auto const path = folder / "muster.db";
    auto const store = open_store(path);
    SimulatedLoop const clock;
    auto const reader = SqliteHistoryReader::open(path, clock, {});
    RecordStory story;
    story.tell(HubProblem{"network", "away", false, kStart});
    ASSERT_TRUE(store->append(story.batch()));
    EXPECT_EQ((*reader)->events({})->total, 1U);

    for (auto const* const suffix : {"", "-wal", "-shm"}) {
        std::remove((path + suffix).c_str());
    }
    story.tell(HubProblem{"network", "back", true, kStart});
    auto const moved = store->append(story.batch());
    ASSERT_FALSE(moved);
    EXPECT_EQ(moved.error().code, Errc::conflict) << "the follower must start over";
    EXPECT_EQ(*store->cursor("hub-main"), Cursor{});
    EXPECT_EQ((*reader)->events({})->total, 0U);
}

TEST(SqliteResultStore, RefusesAFileThatIsNoDatabaseAtOnce) {
    TemporaryFolder const folder;
    auto const path = folder / "muster.db";
    std::ofstream(path) << std::string(10'000, '?');
    auto const opened = SqliteResultStore::open(path);
    ASSERT_FALSE(opened);
    EXPECT_EQ(opened.error().code, Errc::corrupt);
}

TEST(SqliteResultStore, RefusesTheFileOfANewerProgram) {
    TemporaryFolder const folder;
    auto const path = folder / "muster.db";
    open_store(path);
    ASSERT_TRUE(testing::open_database(path).execute(
        "INSERT INTO schema_version VALUES (999, 'future', '', '')"));
    auto const store = SqliteResultStore::open(path);
    ASSERT_FALSE(store);
    EXPECT_EQ(store.error().code, Errc::unsupported);
    EXPECT_NE(store.error().message.find("muster.db: the database's schema is version 999"),
              std::string::npos);
    SimulatedLoop const clock;
    auto const reader = SqliteHistoryReader::open(path, clock, {});
    ASSERT_FALSE(reader);
    EXPECT_EQ(reader.error().code, Errc::unsupported);
}

TEST(SqliteResultStore, CountsResultsThatDoNotCount) {
    TemporaryFolder const folder;
    auto const path = folder / "muster.db";
    auto const store = open_store(path);
    RecordStory story;
    auto own_fault = passed_check(ServiceId{1}, kStart);
    own_fault.outcome.verdict = Verdict::not_counted;
    story.tell(own_fault).tell(own_fault);
    ASSERT_TRUE(store->append(story.batch()));
    story.tell(own_fault);
    ASSERT_TRUE(store->append(story.batch()));
    auto database = testing::open_database(path);
    EXPECT_EQ(rows_of(database, "SELECT not_counted FROM follower"), Texts{"3"});
    EXPECT_EQ(rows_of(database, "SELECT count(*) FROM service"), Texts{"0"});
}

TEST(SqliteResultStore, StartsANewSlotWhenOneIsFullOrAnHourOld) {
    TemporaryFolder const folder;
    auto const path = folder / "muster.db";
    auto const store = open_store(path);
    RecordStory story;
    for (int index = 0; index < 20'000; ++index) {
        story.tell(passed_check(ServiceId{1}, kStart));
    }
    story.tell(passed_check(ServiceId{1}, kStart + 59min));
    story.tell(passed_check(ServiceId{1}, kStart + 61min));
    story.tell(passed_check(ServiceId{1}, kStart + 59min));
    ASSERT_TRUE(store->append(story.batch()));
    auto database = testing::open_database(path);
    EXPECT_EQ(rows_of(database, "SELECT size, max_at - min_at FROM check_slot ORDER BY id", 2),
              (Texts{"8192|0", "8192|0", "3617|3540000", "2|120000"}));
    EXPECT_EQ(rows_of(database, "SELECT count(*), count(DISTINCT id) FROM health_checks", 2),
              Texts{"20003|20003"});
}

TEST(SqliteResultStore, KeepsTheNewestDeadRecordsOnly) {
    TemporaryFolder const folder;
    auto const path = folder / "muster.db";
    auto const store = open_store(path);
    RecordStory story;
    for (int index = 0; index < 10'050; ++index) {
        story.tell(passed_check(ServiceId{0}, kStart));
    }
    ASSERT_TRUE(store->bury(story.batch(), "service id 0"));
    auto database = testing::open_database(path);
    EXPECT_EQ(rows_of(database, "SELECT count(*), min(seq) FROM dead_record", 2),
              Texts{"10000|51"});
    EXPECT_EQ(rows_of(database, "SELECT reason FROM dead_record LIMIT 1"), Texts{"service id 0"});
}

}  // namespace
}  // namespace muster
