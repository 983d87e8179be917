#include <muster/api/uptime.hpp>

#include <gtest/gtest.h>

#include <muster/memory/memory_store.hpp>

namespace muster {
namespace {

constexpr WallTime kNow{std::chrono::hours(500'000)};
constexpr ServiceId kApp{7};

/// A store that knows one service of project 1 since `since`, with rolled up minutes.
class UptimeTest : public ::testing::Test {
protected:
    UptimeTest() {
        Project project;
        project.id = {1};
        project.spec.name = "shop";
        Service service;
        service.id = kApp;
        service.project_id = {1};
        service.created_at = kNow - 100 * 24h;
        service.spec.project = "shop";
        service.spec.name = "app";
        StoreBatch batch{"hub-main", {}, {"j", 2}, {}};
        batch.records.push_back({{1, 1}, ProjectChanged{project, true}});
        batch.records.push_back({{1, 2}, ServiceChanged{service, true}});
        EXPECT_TRUE(store.append(batch));
    }

    void saw(WallTime from, WallTime until, bool down = false) {
        RollupBatch batch;
        batch.hub_id = "hub-main";
        batch.expected = cursor;
        cursor = {"j", cursor.seq + 1};
        batch.next = cursor;
        batch.known_until = kNow;
        for (auto minute = from; minute < until; minute += 1min) {
            Rollup seen;
            seen.observed = 1min;
            seen.down_time = down ? Millis(1min) : Millis(0);
            batch.rows.push_back({kApp, minute, seen});
        }
        EXPECT_TRUE(store.roll_up(batch));
    }

    MemoryStore store;
    Cursor cursor;
};

TEST_F(UptimeTest, SaysForEachRangeHowMuchWasSeenAndHowMuchOfThatWasNotDown) {
    saw(kNow - 10 * 24h, kNow - 5 * 24h);
    saw(kNow - 12h, kNow - 6h);
    saw(kNow - 6h, kNow, true);
    auto const reader = store.reader();
    auto const uptime = read_uptime(*reader, ProjectId{1}, kApp, kNow);
    ASSERT_TRUE(uptime);
    ASSERT_EQ(uptime->size(), 1U);
    EXPECT_EQ(uptime->front().name, "app");
    auto const& day = uptime->front().ranges[0];
    EXPECT_DOUBLE_EQ(day.uptime_percent, 50);
    EXPECT_DOUBLE_EQ(day.coverage_percent, 50);
    auto const& week = uptime->front().ranges[1];
    EXPECT_DOUBLE_EQ(week.coverage_percent, 100.0 * 60 / 168);
    EXPECT_DOUBLE_EQ(week.uptime_percent, 100.0 * 54 / 60);
    auto const& month = uptime->front().ranges[2];
    EXPECT_DOUBLE_EQ(month.coverage_percent, 100.0 * 132 / 720);
    auto const& year = uptime->front().ranges[4];
    EXPECT_DOUBLE_EQ(year.coverage_percent, 100.0 * 132 / 2400) << "since it was registered";
}

TEST_F(UptimeTest, OfNothingSeenIsZero) {
    saw(kNow, kNow);
    auto const reader = store.reader();
    auto const uptime = read_uptime(*reader, ProjectId{1}, {}, kNow);
    ASSERT_TRUE(uptime);
    ASSERT_EQ(uptime->size(), 1U);
    EXPECT_EQ(uptime->front().ranges[1].uptime_percent, 0);
    EXPECT_EQ(uptime->front().ranges[1].coverage_percent, 0);
}

}  // namespace
}  // namespace muster
