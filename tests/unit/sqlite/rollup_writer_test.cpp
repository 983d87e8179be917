#include <muster/sqlite/rollup_writer.hpp>

#include <string>

#include <gtest/gtest.h>

#include <muster/memory/simulated_loop.hpp>
#include <muster/sqlite/history_reader.hpp>
#include <muster/sqlite/result_store.hpp>
#include <muster/testing/record_story.hpp>
#include <muster/testing/temporary_folder.hpp>
#include <unit/sqlite/rows.hpp>

namespace muster {
namespace {

using testing::kStart;  // a whole minute

/// A store that has rolled up minutes of one service.
class RollupWriterTest : public ::testing::Test {
public:
    void SetUp() override {
        auto opened = SqliteResultStore::open(path);
        ASSERT_TRUE(opened) << opened.error().message;
        store = std::move(*opened);
        story.tell(ProjectChanged{shop, true}).tell(ServiceChanged{app, true});
        ASSERT_TRUE(store->append(story.batch()));
    }

    /// Two checks more in the first minute.
    Result<void> roll_up() {
        RollupBatch batch;
        batch.hub_id = story.hub_id();
        batch.expected = cursor;
        batch.next = {"j", cursor.seq + 1};
        batch.known_until = kStart + 1min;
        RollupRow row{app.id, kStart, {}};
        add_check(row.seen, HealthStatus::up, Micros(20'000));
        add_check(row.seen, HealthStatus::down, Micros(30'000));
        row.seen.observed = 10s;
        batch.rows.push_back(std::move(row));
        auto done = store->roll_up(batch);
        if (done) {
            cursor = batch.next;
        }
        return done;
    }

    Result<std::vector<BucketRow>> buckets(Millis step) {
        SimulatedLoop const clock;
        auto reader = SqliteHistoryReader::open(path, clock, {});
        return (*reader)->buckets({shop.id, app.id, kStart, kStart + 1min, step});
    }

    void damage_sketches() {
        auto database = testing::open_database(path);
        ASSERT_TRUE(database.execute("UPDATE rollup_minute SET sketch = x'ffffff'"));
        ASSERT_TRUE(database.execute("UPDATE rollup_hour SET sketch = x'ffffff'"));
    }

    testing::TemporaryFolder folder;
    std::string path = folder / "muster.db";
    std::unique_ptr<SqliteResultStore> store;
    testing::RecordStory story;
    Project shop = testing::a_project(1, "shop");
    Service app = testing::a_service(7, shop, "app");
    Cursor cursor;
};

TEST_F(RollupWriterTest, ADamagedSketchCostsPercentilesOnly) {
    ASSERT_TRUE(roll_up());
    damage_sketches();
    for (Millis const step : {Millis(60'000), Millis(3'600'000)}) {
        auto const rows = buckets(step);
        ASSERT_TRUE(rows) << rows.error().message;
        ASSERT_EQ(rows->size(), 1U);
        EXPECT_EQ(rows->at(0).bucket.seen.checks, 2U);
        EXPECT_EQ(rows->at(0).bucket.seen.down, 1U);
        EXPECT_EQ(rows->at(0).bucket.seen.longest, Micros(30'000));
        EXPECT_EQ(rows->at(0).bucket.seen.observed, Millis(10'000));
        EXPECT_TRUE(rows->at(0).bucket.seen.response_times.empty());
    }
}

TEST_F(RollupWriterTest, GoesOnOverADamagedSketch) {
    ASSERT_TRUE(roll_up());
    damage_sketches();
    auto const done = roll_up();
    ASSERT_TRUE(done) << done.error().message;
    for (Millis const step : {Millis(60'000), Millis(3'600'000)}) {
        auto const rows = buckets(step);
        ASSERT_TRUE(rows) << rows.error().message;
        ASSERT_EQ(rows->size(), 1U);
        EXPECT_EQ(rows->at(0).bucket.seen.checks, 4U);
        EXPECT_EQ(rows->at(0).bucket.seen.observed, Millis(20'000));
        EXPECT_EQ(rows->at(0).bucket.seen.response_times.count(), 2U) << "what came since";
    }
}

}  // namespace
}  // namespace muster
