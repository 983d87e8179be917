#include <muster/api/history_queries.hpp>

#include <optional>
#include <string>

#include <gtest/gtest.h>

#include <muster/memory/simulated_loop.hpp>
#include <unit/api/history_stub.hpp>

namespace muster {
namespace {

using Answer = std::optional<Result<HistoryQueries::Rows>>;

class HistoryQueriesTest : public ::testing::Test {
protected:
    HistoryQueries::Done into(Answer& answer) {
        return [&answer](Result<HistoryQueries::Rows> rows) {
            EXPECT_FALSE(answer) << "answered twice";
            answer = std::move(rows);
        };
    }

    SimulatedLoop loop_;
    SimulatedLane first_lane_{loop_, {.apply_after = 1ms, .queue_limit = 2}};
    SimulatedLane second_lane_{loop_, {.apply_after = 1ms, .queue_limit = 2}};
    HistoryStub first_;
    HistoryStub second_;
    HistoryQueries queries_{
        {{first_lane_, first_}, {second_lane_, second_}}, loop_, {.max_bytes = 4096}};
};

TEST_F(HistoryQueriesTest, EncodesRowsOnTheLane) {
    first_.check_rows.resize(2);
    first_.check_rows[0].project = "shop";
    Answer answer;
    queries_.checks({}, HistoryFormat::json, into(answer));
    EXPECT_FALSE(answer) << "nothing blocks the caller";
    loop_.run_for(10ms);
    ASSERT_TRUE(answer && *answer);
    EXPECT_EQ((*answer)->total, 2U);
    EXPECT_EQ((*answer)->text.substr(0, 23), R"([{"projectName":"shop",)");
    EXPECT_EQ((*answer)->text.back(), ']');
}

TEST_F(HistoryQueriesTest, GivesAnEmptyArrayForNoRows) {
    Answer checks;
    Answer events;
    queries_.checks({}, HistoryFormat::json, into(checks));
    queries_.events({}, into(events));
    loop_.run_for(10ms);
    EXPECT_EQ((*checks)->text, "[]");
    EXPECT_EQ((*events)->text, "[]");
}

TEST_F(HistoryQueriesTest, GivesBucketsOfAnHourWhereChecksAreGone) {
    WallTime const now{std::chrono::hours(500'000)};
    for (auto* const stub : {&first_, &second_}) {
        stub->kept_since.checks_since = now - 7 * 24h;
        stub->check_rows.resize(3);
        stub->bucket_rows.resize(2);
    }
    Answer recent;
    queries_.checks_or_buckets({ProjectId{4}, {}, now - 7 * 24h}, now, HistoryFormat::json,
                               into(recent));
    loop_.run_for(10ms);
    ASSERT_TRUE(recent && *recent);
    EXPECT_EQ((*recent)->total, 3U);
    Answer old;
    queries_.checks_or_buckets({ProjectId{4}, ServiceId{5}, now - 8 * 24h}, now,
                               HistoryFormat::json, into(old));
    loop_.run_for(10ms);
    ASSERT_TRUE(old && *old);
    EXPECT_EQ((*old)->total, 2U);
    auto const asked = first_.asked_buckets ? first_.asked_buckets : second_.asked_buckets;
    ASSERT_TRUE(asked);
    EXPECT_EQ(asked->from, now - 8 * 24h);
    EXPECT_EQ(asked->until, now);
    EXPECT_EQ(asked->step, Millis(3'600'000));
    EXPECT_EQ(asked->service, ServiceId{5});
}

TEST_F(HistoryQueriesTest, LengthensAStepThatNobodyAskedForUntilItFits) {
    WallTime const now{std::chrono::hours(500'000)};
    for (auto* const stub : {&first_, &second_}) {
        stub->kept_since.checks_since = now;
        stub->bucket_rows.resize(2);
        stub->shortest_step = 3h;
    }
    Answer answer;
    queries_.checks_or_buckets({ProjectId{4}, {}, now - 8'760h}, now, HistoryFormat::json,
                               into(answer));
    loop_.run_for(10ms);
    ASSERT_TRUE(answer && *answer);
    EXPECT_EQ((*answer)->total, 2U);
    auto const asked = first_.asked_buckets ? first_.asked_buckets : second_.asked_buckets;
    EXPECT_EQ(asked->step, Millis(4h));
    for (auto* const stub : {&first_, &second_}) {
        stub->shortest_step = 20'000h;
    }
    Answer never;
    queries_.checks_or_buckets({ProjectId{4}, {}, now - 8'760h}, now, HistoryFormat::json,
                               into(never));
    loop_.run_for(10ms);
    ASSERT_TRUE(never && !*never) << "it ends";
    EXPECT_EQ(never->error().code, Errc::invalid);
}

TEST_F(HistoryQueriesTest, TellsTheTotalOfEventsBesideThePage) {
    first_.event_rows.resize(3);
    first_.total_events = 77;
    Answer answer;
    queries_.events({}, into(answer));
    loop_.run_for(10ms);
    ASSERT_TRUE(answer && *answer);
    EXPECT_EQ((*answer)->total, 77U);
}

TEST_F(HistoryQueriesTest, SpreadsOverTheLanesAndRefusesBeyondThem) {
    std::vector<Answer> answers(5);
    for (auto& answer : answers) {
        queries_.checks({}, HistoryFormat::json, into(answer));
    }
    EXPECT_EQ(first_lane_.pending(), 2U);
    EXPECT_EQ(second_lane_.pending(), 2U);
    ASSERT_TRUE(answers[4]) << "a refusal is told at once";
    EXPECT_EQ((*answers[4]).error().code, Errc::full);
    loop_.run_for(10ms);
    for (int index = 0; index < 4; ++index) {
        EXPECT_TRUE(answers[static_cast<std::size_t>(index)].has_value());
    }
}

TEST_F(HistoryQueriesTest, RefusesAnAnswerThatWouldBeTooLong) {
    first_.check_rows.resize(1000);
    Answer answer;
    queries_.checks({}, HistoryFormat::json, into(answer));
    loop_.run_for(10ms);
    ASSERT_TRUE(answer && !*answer);
    EXPECT_EQ(answer->error().code, Errc::invalid);
    EXPECT_LT(first_.visited, 100U) << "it stops reading as well";
}

TEST_F(HistoryQueriesTest, PassesErrorsOn) {
    first_.error = Error{Errc::timed_out, "too slow"};
    Answer checks;
    queries_.checks({}, HistoryFormat::json, into(checks));
    loop_.run_for(10ms);
    EXPECT_EQ(checks->error().code, Errc::timed_out);
}

TEST(HistoryQueries, WithoutLanesIsAlwaysFull) {
    SimulatedLoop loop;
    HistoryQueries queries({}, loop);
    Answer answer;
    queries.events({}, [&](Result<HistoryQueries::Rows> rows) { answer = std::move(rows); });
    EXPECT_EQ(answer->error().code, Errc::full);
}

}  // namespace
}  // namespace muster
