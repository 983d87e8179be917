#include <muster/domain/watch.hpp>

#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

namespace muster {
namespace {

constexpr WallTime kStart{Millis(1'795'326'900'000)};
using Times = std::vector<ObservedTime>;

class WatchTest : public ::testing::Test {
protected:
    WatchTest() { watch.reach = Millis(25'000); }

    Times see(Millis at, Observed what) {
        Times decided;
        observe(watch, kStart + at, what, decided);
        return decided;
    }
    Times lose(Millis at) {
        Times decided;
        lose_sight(watch, kStart + at, decided);
        return decided;
    }
    static ObservedTime time(Millis from, Millis to, bool down = false) {
        return {kStart + from, kStart + to, down};
    }

    Watch watch;
};

TEST_F(WatchTest, AResultSpeaksUntilTheNext) {
    EXPECT_EQ(see(0s, Observed::not_down), Times{});
    EXPECT_EQ(see(10s, Observed::not_down), Times{time(0s, 10s)});
    EXPECT_EQ(see(20s, Observed::down), Times{time(10s, 20s)});
    EXPECT_EQ(see(30s, Observed::not_down), Times{time(20s, 30s, true)});
}

TEST_F(WatchTest, AResultSpeaksNoLongerThanItsReach) {
    see(0s, Observed::down);
    EXPECT_EQ(see(100s, Observed::not_down), Times{time(0s, 25s, true)});
}

TEST_F(WatchTest, ARunOfFailuresCountsFromItsFirstOnceItEndsInDown) {
    see(0s, Observed::not_down);
    EXPECT_EQ(see(10s, Observed::suspect), Times{time(0s, 10s)});
    EXPECT_EQ(see(11s, Observed::suspect), Times{});
    EXPECT_EQ(see(13s, Observed::down), Times{time(10s, 13s, true)});
}

TEST_F(WatchTest, ARunOfFailuresThatEndsWellWasNotDown) {
    see(10s, Observed::suspect);
    EXPECT_EQ(see(13s, Observed::not_down), Times{time(10s, 13s)});
}

TEST_F(WatchTest, OurAbsenceIsNoEvidence) {
    see(0s, Observed::suspect);
    EXPECT_EQ(see(100s, Observed::down), Times{time(0s, 25s)});
}

TEST_F(WatchTest, WhoLostSightKnowsNothingUntilTheNextResult) {
    see(0s, Observed::not_down);
    EXPECT_EQ(lose(4s), Times{time(0s, 4s)});
    EXPECT_EQ(lose(5s), Times{});
    EXPECT_EQ(see(10s, Observed::not_down), Times{});
    EXPECT_EQ(see(20s, Observed::not_down), Times{time(10s, 20s)});
}

TEST_F(WatchTest, WhoLostSightInARunOfFailuresDoesNotCallItDown) {
    see(0s, Observed::suspect);
    EXPECT_EQ(lose(4s), Times{time(0s, 4s)});
    EXPECT_EQ(see(5s, Observed::down), Times{});
}

TEST_F(WatchTest, AClockThatIsSetBackDecidesNothing) {
    see(100s, Observed::not_down);
    EXPECT_EQ(see(50s, Observed::not_down), Times{});
    EXPECT_EQ(see(60s, Observed::not_down), Times{time(50s, 60s)});
}

TEST_F(WatchTest, AnExcusedFailureIsNeitherUpNorDown) {
    see(0s, Observed::not_down);
    EXPECT_EQ(see(10s, Observed::excused), Times{time(0s, 10s)});
    EXPECT_EQ(see(20s, Observed::not_down), Times{});
    EXPECT_EQ(see(30s, Observed::not_down), Times{time(20s, 30s)});
}

TEST_F(WatchTest, AWindowOfMaintenanceExcusesWhatIsDown) {
    see(0s, Observed::down);
    Times decided;
    set_maintenance(watch, kStart + 4s, true, decided);
    EXPECT_EQ(decided, Times{time(0s, 4s, true)});
    EXPECT_EQ(see(10s, Observed::down), Times{});
    EXPECT_EQ(see(20s, Observed::not_down), Times{}) << "from a failure on nothing is known";
    EXPECT_EQ(see(30s, Observed::down), Times{time(20s, 30s)});
    decided.clear();
    set_maintenance(watch, kStart + 34s, false, decided);
    EXPECT_EQ(decided, Times{});
    EXPECT_EQ(see(40s, Observed::down), Times{time(34s, 40s, true)});
}

TEST_F(WatchTest, AWindowThatEndsLetsTheLastResultSpeakNoLongerThanItReached) {
    watch.maintenance = true;
    see(0s, Observed::down);
    Times decided;
    set_maintenance(watch, kStart + 20s, false, decided);
    EXPECT_EQ(see(100s, Observed::down), Times{time(20s, 25s, true)});
}

TEST_F(WatchTest, OfNothingLosesNothing) {
    EXPECT_EQ(lose(4s), Times{});
    EXPECT_EQ(time_up_to(watch, kStart), Times{});
}

/// What is given out is what Availability keeps: the same share of the last day.
RC_GTEST_PROP(WatchProperty, AgreesWithAvailability, ()) {
    Watch watch;
    watch.reach = Millis(25'000);
    Availability availability;
    Millis observed{0};
    Millis down{0};
    auto now = kStart;
    Times decided;
    auto const results = *rc::gen::inRange(1, 100);
    for (int index = 0; index < results; ++index) {
        now += Millis(*rc::gen::inRange(1, 60'000));
        if (*rc::gen::inRange(0, 5) == 0) {
            lose_sight(watch, now, decided);
            availability.lose_sight(now);
            continue;
        }
        auto const what = *rc::gen::element(Observed::not_down, Observed::suspect, Observed::down,
                                            Observed::excused);
        observe(watch, now, what, decided);
        availability.observe(now, what, watch.reach);
    }
    for (auto const& time : decided) {
        observed += time.to - time.from;
        down += time.down ? time.to - time.from : Millis(0);
    }
    Millis kept{0};
    Millis kept_down{0};
    for (auto const& bucket : availability.state().buckets) {
        kept += Millis(bucket.observed_ms);
        kept_down += Millis(bucket.down_ms);
    }
    RC_ASSERT(observed == kept);
    RC_ASSERT(down == kept_down);
}

}  // namespace
}  // namespace muster
