#include <muster/api/uptime.hpp>

#include <optional>

#include <gtest/gtest.h>

#include <muster/memory/memory_store.hpp>
#include <muster/memory/simulated_loop.hpp>
#include <unit/api/history_stub.hpp>

namespace muster {
namespace {

/// Twenty past eight in the evening: ranges begin within a day.
constexpr WallTime kNow{std::chrono::hours(500'012) + std::chrono::minutes(20)};
constexpr ServiceId kApp{7};

/// A store that knows one service of project 1 since a hundred days, with rolled up minutes.
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

    ServiceUptime read() {
        auto const reader = store.reader();
        auto const uptime = read_uptime(*reader, ProjectId{1}, {kApp}, kNow);
        EXPECT_TRUE(uptime);
        return uptime->at(kApp);
    }

    MemoryStore store;
    Cursor cursor;
};

TEST_F(UptimeTest, SaysForEachRangeHowMuchWasSeenAndHowMuchOfThatWasNotDown) {
    saw(kNow - 10 * 24h, kNow - 5 * 24h);
    saw(kNow - 12h, kNow - 6h);
    saw(kNow - 6h, kNow, true);
    auto const uptime = read();
    auto const& week = uptime.ranges[0];
    // From the hour in which it begins: twenty minutes more than a week.
    EXPECT_NEAR(week.coverage_percent, 100.0 * (60 + 20.0 / 60) / (168 + 20.0 / 60), 1e-9);
    EXPECT_NEAR(week.uptime_percent, 100.0 * (54 + 20.0 / 60) / (60 + 20.0 / 60), 1e-9);
    auto const& month = uptime.ranges[1];
    EXPECT_NEAR(month.coverage_percent, 100.0 * 132 / (720 + 20.0 / 60), 1e-9);
    auto const& year = uptime.ranges[3];
    EXPECT_NEAR(year.coverage_percent, 100.0 * 132 / 2'400, 1e-9) << "since it was registered";
}

TEST_F(UptimeTest, OfNothingSeenIsZero) {
    saw(kNow, kNow);
    auto const uptime = read();
    EXPECT_EQ(uptime.ranges[0].uptime_percent, 0);
    EXPECT_EQ(uptime.ranges[0].coverage_percent, 0);
}

TEST_F(UptimeTest, HasTheLastNinetyDaysOneByOne) {
    saw(kNow - 6h, kNow, true);
    auto const uptime = read();
    ASSERT_EQ(uptime.days.size(), 90U);
    EXPECT_EQ(uptime.days.front().from,
              std::chrono::floor<std::chrono::days>(kNow) - std::chrono::days(89));
    auto const& today = uptime.days.back();
    EXPECT_EQ(today.observed, Millis(6h));
    EXPECT_EQ(today.down, Millis(6h));
    EXPECT_EQ(uptime.days.front().observed, Millis(0));
    EXPECT_EQ(uptime.days.front().unobserved, Millis(24h));
}

class UptimeBookTest : public testing::Test {
protected:
    using Answer = std::optional<Result<UptimeBook::Shared>>;

    void ask(Answer& answer) {
        book_.ask(ProjectId{1}, {kApp}, [&answer](Result<UptimeBook::Shared> uptime) {
            EXPECT_FALSE(answer) << "answered twice";
            answer = std::move(uptime);
        });
    }

    SimulatedLoop loop_;
    SimulatedLane lane_{loop_, {.apply_after = 100ms, .queue_limit = 1}};
    HistoryStub stub_;
    HistoryQueries history_{{{lane_, stub_}}, loop_};
    UptimeBook book_{history_, loop_};
};

TEST_F(UptimeBookTest, ReadsOnceForAllAndKeepsItAMinute) {
    Answer first;
    Answer second;
    ask(first);
    ask(second);
    loop_.run_for(1s);
    ASSERT_TRUE(first && *first && second && *second);
    EXPECT_EQ(**first, **second);
    Answer third;
    loop_.run_for(58s);
    ask(third);
    ASSERT_TRUE(third) << "at once";
    EXPECT_EQ(**third, **first);
    loop_.run_for(2s);
    Answer fourth;
    ask(fourth);
    EXPECT_FALSE(fourth) << "read anew";
}

TEST_F(UptimeBookTest, KeepsLongerWhatTookLong) {
    lane_.set_options({.apply_after = 10s, .queue_limit = 1});
    Answer first;
    ask(first);
    loop_.run_for(10s);
    ASSERT_TRUE(first);
    loop_.run_for(499s);
    Answer second;
    ask(second);
    EXPECT_TRUE(second) << "fifty times as long";
}

TEST_F(UptimeBookTest, KeepsNoFailure) {
    stub_.error = Error{Errc::unavailable, "the database is away"};
    Answer first;
    ask(first);
    loop_.run_for(1s);
    ASSERT_TRUE(first);
    EXPECT_EQ(first->error().message, "the database is away");
    stub_.error.reset();
    Answer second;
    ask(second);
    loop_.run_for(1s);
    EXPECT_TRUE(second && *second);
}

TEST_F(UptimeBookTest, IsRefusedAtOnceWhileTheLanesAreFull) {
    ASSERT_TRUE(lane_.submit([] {}, [] {}));
    Answer answer;
    ask(answer);
    ASSERT_TRUE(answer);
    EXPECT_EQ(answer->error().code, Errc::full);
}

}  // namespace
}  // namespace muster
