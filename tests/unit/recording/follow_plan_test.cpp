#include <muster/recording/follow_plan.hpp>

#include <algorithm>
#include <cstdint>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include <gtest/gtest.h>

namespace muster {
namespace {

using Report = FollowPlan::Report;
using What = FollowPlan::Report::What;
using Work = FollowPlan::Work;

SteadyTime const kStart{1h};

FollowPlan::Limits small_limits() {
    FollowPlan::Limits limits;
    limits.max_records = 10;
    return limits;
}

Report found(std::optional<Cursor> cursor) {
    Report report;
    report.what = What::cursor;
    report.cursor = std::move(cursor);
    return report;
}

Report moved(std::uint64_t last_seq) {
    Report report;
    report.what = What::moved;
    report.last_seq = last_seq;
    return report;
}

Report refused(Errc code, std::uint64_t last_seq = 0) {
    Report report;
    report.what = What::refused;
    report.last_seq = last_seq;
    report.error = {code, "no"};
    return report;
}

/// A plan in journal "mine", whose tail was at `tail`, with its cursor known to be there.
class FollowPlanTest : public ::testing::Test {
protected:
    explicit FollowPlanTest(std::uint64_t tail = 0)
        : plan_(small_limits(), FollowPlan::Unknown::from_start, "mine", tail) {}

    void know(Cursor cursor) {
        auto const next = plan_.next(now_);
        ASSERT_TRUE(next.job);
        ASSERT_EQ(next.job->work, Work::find_cursor);
        static_cast<void>(plan_.take(found(std::move(cursor)), now_));
    }

    /// The job that must come now.
    FollowPlan::Job job() {
        auto next = plan_.next(now_);
        EXPECT_TRUE(next.job);
        return next.job.value_or(FollowPlan::Job{});
    }

    /// How long the plan wants to wait.
    Millis wait() {
        auto const next = plan_.next(now_);
        EXPECT_FALSE(next.job);
        EXPECT_TRUE(next.wake);
        return std::chrono::duration_cast<Millis>(next.wake.value_or(now_) - now_);
    }

    FollowPlan plan_;
    SteadyTime now_{kStart};
};

TEST_F(FollowPlanTest, AsksFirstWhereTheOtherSideStands) {
    EXPECT_FALSE(plan_.position());
    auto const next = plan_.next(now_);
    ASSERT_TRUE(next.job);
    EXPECT_EQ(next.job->work, Work::find_cursor);
    EXPECT_FALSE(plan_.next(now_).job) << "one job at a time";
    static_cast<void>(plan_.take(found(Cursor{}), now_));
    EXPECT_EQ(plan_.position(), 0U);
    EXPECT_TRUE(plan_.idle());
}

TEST_F(FollowPlanTest, LetsABatchLingerUntilItIsFull) {
    know({});
    plan_.wrote(3, now_);
    EXPECT_EQ(wait(), 100ms);
    now_ += 40ms;
    plan_.wrote(5, now_);
    EXPECT_EQ(wait(), 60ms) << "the oldest decides";
    plan_.wrote(10, now_);
    auto const full = job();
    EXPECT_EQ(full.after, 0U);
    EXPECT_EQ(full.through, 10U);
}

TEST_F(FollowPlanTest, TakesWhatLingeredLongEnough) {
    know({});
    plan_.wrote(3, now_);
    now_ += 100ms;
    EXPECT_EQ(job().through, 3U);
    plan_.wrote(4, now_ + 20ms);
    static_cast<void>(plan_.take(moved(3), now_ + 30ms));
    now_ += 30ms;
    EXPECT_EQ(wait(), 70ms) << "counted from the batch before";
    EXPECT_EQ(plan_.position(), 3U);
}

TEST_F(FollowPlanTest, DoesNotLingerInAHurry) {
    know({});
    plan_.hurry();
    plan_.wrote(1, now_);
    EXPECT_EQ(job().through, 1U);
}

/// How long a plan waits after each of ten failures in a row.
std::vector<Millis> waits_with(std::optional<std::uint64_t> chance) {
    auto limits = small_limits();
    limits.chance = chance;
    FollowPlan plan(limits, FollowPlan::Unknown::from_start, "mine", 0);
    auto now = kStart;
    std::vector<Millis> waits;
    for (int failure = 0; failure < 10; ++failure) {
        EXPECT_TRUE(plan.next(now).job);
        static_cast<void>(plan.take(refused(Errc::unavailable), now));
        auto const wake = plan.next(now).wake.value_or(now);
        waits.push_back(std::chrono::duration_cast<Millis>(wake - now));
        now = wake;
    }
    return waits;
}

TEST(FollowPlanChance, ShortensEachWaitByUpToHalfAndDiffersFromHubToHub) {
    auto const whole = waits_with(std::nullopt);
    std::set<std::vector<Millis>> seen;
    Millis shortest{5000};
    Millis longest{0};
    for (std::uint64_t seed = 0; seed < 200; ++seed) {
        auto const waits = waits_with(seed);
        EXPECT_EQ(waits_with(seed), waits) << "the same seed waits the same";
        for (std::size_t failure = 0; failure < waits.size(); ++failure) {
            ASSERT_GE(waits[failure] * 2, whole[failure]);
            ASSERT_LE(waits[failure], whole[failure]);
        }
        shortest = std::min(shortest, waits.back());
        longest = std::max(longest, waits.back());
        seen.insert(waits);
    }
    EXPECT_EQ(seen.size(), 200U);
    EXPECT_LT(shortest, 2'700ms);
    EXPECT_GT(longest, 4'800ms);
}

TEST_F(FollowPlanTest, TriesAgainAtOnceWhenItIsToldTo) {
    know({});
    plan_.wrote(10, now_);
    for (int failure = 0; failure < 8; ++failure) {
        static_cast<void>(job());
        static_cast<void>(plan_.take(refused(Errc::unavailable, 10), now_));
        now_ += failure < 7 ? wait() : Millis(0);
    }
    EXPECT_EQ(wait(), 5s);
    plan_.try_again();
    EXPECT_EQ(job().through, 10U);
    static_cast<void>(plan_.take(refused(Errc::unavailable, 10), now_));
    EXPECT_EQ(wait(), 5s) << "it was in vain";
}

TEST_F(FollowPlanTest, BacksOffTwiceAsLongEachTime) {
    know({});
    plan_.wrote(10, now_);
    for (auto const expected : {100ms, 200ms, 400ms, 800ms, 1600ms, 3200ms, 5000ms, 5000ms}) {
        static_cast<void>(job());
        static_cast<void>(plan_.take(refused(Errc::unavailable, 10), now_));
        EXPECT_TRUE(plan_.failing());
        auto const waited = wait();
        EXPECT_EQ(waited, expected);
        now_ += waited;
    }
    static_cast<void>(job());
    static_cast<void>(plan_.take(moved(10), now_));
    EXPECT_FALSE(plan_.failing());
}

TEST_F(FollowPlanTest, AsksAgainAfterAConflictAndOnlyThenWaits) {
    know({});
    plan_.wrote(10, now_);
    static_cast<void>(job());
    static_cast<void>(plan_.take(refused(Errc::conflict, 10), now_));
    EXPECT_FALSE(plan_.failing());
    EXPECT_EQ(job().work, Work::find_cursor);
    static_cast<void>(plan_.take(found(Cursor{"mine", 4}), now_));
    EXPECT_EQ(plan_.position(), 4U);
    auto const again = job();
    EXPECT_EQ(again.after, 4U);
    EXPECT_EQ(again.expected, (Cursor{"mine", 4}));
    static_cast<void>(plan_.take(refused(Errc::conflict, 10), now_));
    EXPECT_TRUE(plan_.failing());
    EXPECT_EQ(wait(), 100ms);
}

TEST_F(FollowPlanTest, LearnsFromTheCursorWhatAnUnknownEndWas) {
    know({});
    plan_.wrote(10, now_);
    static_cast<void>(job());
    static_cast<void>(plan_.take(refused(Errc::in_doubt, 10), now_));
    EXPECT_EQ(job().work, Work::find_cursor);
    static_cast<void>(plan_.take(found(Cursor{"mine", 10}), now_));
    EXPECT_TRUE(plan_.idle()) << "it had happened";
    EXPECT_EQ(plan_.position(), 10U);

    plan_.wrote(20, now_);
    static_cast<void>(job());
    static_cast<void>(plan_.take(refused(Errc::in_doubt, 20), now_));
    static_cast<void>(job());
    static_cast<void>(plan_.take(found(Cursor{"mine", 10}), now_));
    EXPECT_EQ(job().after, 10U) << "it had not";
}

TEST_F(FollowPlanTest, HalvesARefusedBatchUntilTheBadRecordIsAlone) {
    know({});
    plan_.wrote(10, now_);
    plan_.hurry();
    std::uint64_t const bad = 7;
    std::vector<std::uint64_t> buried;
    for (int rounds = 0; !plan_.idle() && rounds < 50; ++rounds) {
        auto const work = job();
        bool const holds_bad = work.after < bad && bad <= work.through;
        if (work.work == Work::bury) {
            EXPECT_EQ(work.through, work.after + 1);
            EXPECT_EQ(work.reason, "no");
            buried.push_back(work.through);
            static_cast<void>(plan_.take(moved(work.through), now_));
        } else if (holds_bad) {
            static_cast<void>(plan_.take(refused(Errc::invalid, work.through), now_));
        } else {
            static_cast<void>(plan_.take(moved(work.through), now_));
        }
    }
    EXPECT_EQ(buried, std::vector<std::uint64_t>{bad});
    EXPECT_EQ(plan_.position(), 10U);
}

TEST_F(FollowPlanTest, WaitsWhereEvenABurialIsRefused) {
    know({});
    plan_.wrote(1, now_);
    plan_.hurry();
    static_cast<void>(job());
    static_cast<void>(plan_.take(refused(Errc::invalid, 1), now_));
    EXPECT_EQ(job().work, Work::bury);
    static_cast<void>(plan_.take(refused(Errc::invalid, 1), now_));
    EXPECT_EQ(wait(), 100ms);
}

TEST_F(FollowPlanTest, TellsAGapAndReadsOnBehindIt) {
    know({});
    plan_.wrote(10, now_);
    static_cast<void>(job());
    Report skipped;
    skipped.what = What::skipped;
    skipped.last_seq = 6;
    skipped.error = {Errc::corrupt, "damaged"};
    auto const consequence = plan_.take(skipped, now_);
    ASSERT_TRUE(consequence.gap);
    EXPECT_EQ(consequence.gap->from, 1U);
    EXPECT_EQ(consequence.gap->to, 6U);
    EXPECT_EQ(consequence.gap->why, "damaged");
    EXPECT_EQ(plan_.position(), 0U) << "the other side has not moved";
    plan_.hurry();
    auto const next = job();
    EXPECT_EQ(next.after, 6U);
    EXPECT_EQ(next.expected, Cursor{});
}

TEST_F(FollowPlanTest, TriesAgainWhenTheLaneIsFull) {
    know({});
    plan_.wrote(10, now_);
    static_cast<void>(job());
    plan_.not_taken(now_);
    EXPECT_EQ(wait(), 100ms);
    EXPECT_FALSE(plan_.failing());
}

class FollowPlanWithHistory : public FollowPlanTest {
protected:
    FollowPlanWithHistory() : FollowPlanTest(100) {}
};

TEST_F(FollowPlanWithHistory, GoesOnWhereTheOtherSideStands) {
    know({"mine", 95});
    EXPECT_EQ(plan_.position(), 95U);
    plan_.hurry();
    EXPECT_EQ(job().through, 100U);
}

TEST_F(FollowPlanWithHistory, BeginsAnewInAnotherJournal) {
    know({"lost", 95});
    EXPECT_EQ(plan_.position(), 0U);
    plan_.hurry();
    auto const work = job();
    EXPECT_EQ(work.expected, (Cursor{"lost", 95}));
    EXPECT_EQ(work.after, 0U);
}

/// A power loss took records from the journal that the other side already has; their numbers now
/// belong to new ones.
TEST_F(FollowPlanWithHistory, GoesBackToTheJournalsEndWhereTheOtherSideIsAhead) {
    know({"mine", 105});
    EXPECT_EQ(plan_.position(), 100U);
    plan_.wrote(110, now_);
    auto const work = job();
    EXPECT_EQ(work.after, 100U);
    EXPECT_EQ(work.expected, (Cursor{"mine", 105}));
    EXPECT_EQ(work.through, 104U) << "not to where the other side stands already";
    static_cast<void>(plan_.take(refused(Errc::in_doubt, 104), now_));
    static_cast<void>(job());
    static_cast<void>(plan_.take(found(Cursor{"mine", 105}), now_));
    EXPECT_EQ(job().after, 100U);
    static_cast<void>(plan_.take(refused(Errc::in_doubt, 104), now_));
    now_ += 100ms;
    static_cast<void>(job());
    static_cast<void>(plan_.take(found(Cursor{"mine", 104}), now_));
    EXPECT_EQ(plan_.position(), 104U);
}

TEST(FollowPlan, BeginsAtTheEndWhereNothingIsRemembered) {
    for (auto const& cursor : {std::optional<Cursor>(), std::optional<Cursor>(Cursor{"lost", 3})}) {
        FollowPlan plan(small_limits(), FollowPlan::Unknown::from_end, "mine", 100);
        plan.wrote(103, kStart);
        static_cast<void>(plan.next(kStart));
        static_cast<void>(plan.take(found(cursor), kStart));
        EXPECT_EQ(plan.position(), 100U);
    }
}

TEST(FollowPlan, StaysWhereItIsWhenAskingAgainTellsNothing) {
    FollowPlan plan(small_limits(), FollowPlan::Unknown::from_end, "mine", 0);
    static_cast<void>(plan.next(kStart));
    static_cast<void>(plan.take(found(std::nullopt), kStart));
    plan.wrote(10, kStart);
    static_cast<void>(plan.next(kStart));
    static_cast<void>(plan.take(moved(10), kStart));
    plan.wrote(20, kStart);
    static_cast<void>(plan.next(kStart));
    static_cast<void>(plan.take(refused(Errc::in_doubt, 20), kStart));
    static_cast<void>(plan.next(kStart));
    static_cast<void>(plan.take(found(std::nullopt), kStart));
    EXPECT_EQ(plan.position(), 10U);
}

TEST_F(FollowPlanTest, BuriesOneRecordThatStandsInForMany) {
    know({"mine", 0});
    plan_.wrote(100, now_);
    static_cast<void>(job());
    auto report = refused(Errc::invalid, 90);
    report.alone = true;
    static_cast<void>(plan_.take(report, now_));
    auto const work = job();
    EXPECT_EQ(work.work, Work::bury);
    static_cast<void>(plan_.take(moved(90), now_));
    EXPECT_EQ(plan_.position(), 90U);
    EXPECT_EQ(job().after, 90U);
}

}  // namespace
}  // namespace muster
