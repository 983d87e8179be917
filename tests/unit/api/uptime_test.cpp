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

/// What the book takes for now, read on the lanes too: ahead of the loop by what reading took.
class ReadingClock final : public Clock {
public:
    explicit ReadingClock(Clock const& clock) : clock_(clock) {}
    [[nodiscard]] Instant now() const override {
        auto now = clock_.now();
        now.steady += ahead;
        return now;
    }

    SteadyTime::duration ahead{0};

private:
    Clock const& clock_;
};

class UptimeBookTest : public ::testing::Test {
protected:
    using Answer = std::optional<Result<UptimeBook::Shared>>;

    static constexpr ServiceId kDb{8};

    UptimeBook::Done into(Answer& answer) {
        return [&answer](Result<UptimeBook::Shared> uptime) {
            EXPECT_FALSE(answer) << "answered twice";
            answer = std::move(uptime);
        };
    }
    void ask(Answer& answer, std::int64_t project = 1) {
        book_.ask(ProjectId{project}, {kApp, kDb}, into(answer));
    }
    void ask_one(Answer& answer, ServiceId service = kApp) {
        book_.ask_one(ProjectId{1}, service, into(answer));
    }
    /// Whether it was there at once.
    bool knows(std::int64_t project) {
        Answer answer;
        ask(answer, project);
        bool const known = answer.has_value();
        loop_.run_for(1s);
        return known;
    }

    SimulatedLoop loop_;
    SimulatedLane lane_{loop_, {.apply_after = 100ms, .queue_limit = 2}};
    HistoryStub stub_;
    HistoryQueries history_{{{lane_, stub_}}, loop_};
    ReadingClock clock_{loop_};
    UptimeBook book_{history_, clock_, {.most = 6}};
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

TEST_F(UptimeBookTest, KeepsLongerWhatTookLongToRead) {
    stub_.while_reading = [this] { clock_.ahead += 1s; };
    Answer first;
    ask(first);
    loop_.run_for(1s);
    ASSERT_TRUE(first && *first);
    stub_.while_reading = nullptr;
    auto const took = static_cast<int>(stub_.bucket_reads);
    ASSERT_GE(took, 2);
    loop_.run_for(std::chrono::seconds(50 * took) - 2s);
    Answer second;
    ask(second);
    EXPECT_TRUE(second) << "fifty times as long";
    loop_.run_for(2s);
    Answer third;
    ask(third);
    EXPECT_FALSE(third) << "and no longer";
    loop_.run_for(1s);
}

/// Who waits behind others is not the one who keeps the lane busy.
TEST_F(UptimeBookTest, KeepsNoLongerWhatWaitedForItsTurn) {
    lane_.set_options({.apply_after = 10s, .queue_limit = 2});
    Answer first;
    ask(first);
    loop_.run_for(10s);
    ASSERT_TRUE(first && *first);
    loop_.run_for(59s);
    Answer second;
    ask(second);
    EXPECT_TRUE(second);
    loop_.run_for(2s);
    Answer third;
    ask(third);
    EXPECT_FALSE(third) << "read anew after a minute";
    loop_.run_for(10s);
}

TEST_F(UptimeBookTest, OneServiceCostsNoMoreThanItsOwnHistory) {
    Answer one;
    ask_one(one);
    Answer same;
    ask_one(same);
    loop_.run_for(1s);
    ASSERT_TRUE(one && *one && same && *same);
    EXPECT_EQ(**one, **same) << "read once for both";
    ASSERT_EQ((**one)->size(), 1U);
    EXPECT_TRUE((**one)->contains(kApp));
    EXPECT_EQ(stub_.asked_buckets->service, kApp);
    auto const of_one = stub_.bucket_reads;
    Answer project;
    ask(project);
    EXPECT_FALSE(project) << "one service is not the project";
    loop_.run_for(1s);
    EXPECT_EQ(stub_.bucket_reads, 3 * of_one) << "both of its services";
}

TEST_F(UptimeBookTest, OneServiceIsFoundInWhatIsKnownOfItsProject) {
    Answer project;
    ask(project);
    loop_.run_for(1s);
    auto const reads = stub_.bucket_reads;
    Answer one;
    ask_one(one, kDb);
    ASSERT_TRUE(one && *one) << "at once";
    EXPECT_EQ(**one, **project);
    Answer later;
    ask_one(later, ServiceId{9});
    EXPECT_FALSE(later) << "it came since, and is read alone";
    loop_.run_for(1s);
    ASSERT_TRUE(later && *later);
    EXPECT_TRUE((**later)->contains(ServiceId{9}));
    EXPECT_GT(stub_.bucket_reads, reads);
}

TEST_F(UptimeBookTest, ForgetsFirstWhatWasNotAskedForSinceLong) {
    for (std::int64_t project = 1; project <= 3; ++project) {
        EXPECT_FALSE(knows(project));
    }
    EXPECT_TRUE(knows(1)) << "six services in memory";
    EXPECT_FALSE(knows(4)) << "there is room for three projects";
    EXPECT_TRUE(knows(3));
    EXPECT_TRUE(knows(1)) << "asked for since";
    EXPECT_TRUE(knows(4));
    EXPECT_FALSE(knows(2)) << "the one that had to go";
}

TEST_F(UptimeBookTest, ForgetsWhatIsOld) {
    Answer first;
    ask(first);
    loop_.run_for(1s);
    std::weak_ptr<ProjectUptime const> const kept = **first;
    first.reset();
    EXPECT_FALSE(kept.expired());
    loop_.run_for(61s);
    Answer other;
    ask(other, 2);
    EXPECT_TRUE(kept.expired());
    loop_.run_for(1s);
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
    ASSERT_TRUE(lane_.submit([] {}, [] {}));
    Answer answer;
    ask(answer);
    ASSERT_TRUE(answer);
    EXPECT_EQ(answer->error().code, Errc::full);
}

}  // namespace
}  // namespace muster
