#include <muster/domain/availability.hpp>

#include <algorithm>
#include <vector>

#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

namespace muster {
namespace {

constexpr auto kNotDown = Observed::not_down;
constexpr auto kSuspect = Observed::suspect;
constexpr auto kSeenDown = Observed::down;
constexpr Millis kDay = DayBuckets::kDay;

/// At the start of a bucket, long after 1970.
constexpr WallTime kStart{DayBuckets::kBucket * 900'000};

WallTime at(Millis after_start) {
    return kStart + after_start;
}

/// A result every `every` from `from` up to, not including, `until`.
void observe_steadily(Availability& availability, Millis from, Millis until, Millis every,
                      Observed what) {
    for (auto time = from; time < until; time += every) {
        availability.observe(at(time), what, 2 * every + 5s);
    }
}

TEST(Availability, NeverSeenIsZeroOfEverything) {
    auto const figures = Availability().over_last_day(at(0s));
    EXPECT_EQ(figures.uptime_percent, 0);
    EXPECT_EQ(figures.coverage_percent, 0);
}

TEST(Availability, TheVeryFirstResultSpeaksAtOnce) {
    Availability up;
    up.observe(at(0s), kNotDown, 25s);
    EXPECT_EQ(up.over_last_day(at(0s)).uptime_percent, 100);
    EXPECT_EQ(up.over_last_day(at(0s)).coverage_percent, 100);
    Availability down;
    down.observe(at(0s), kSeenDown, 25s);
    EXPECT_EQ(down.over_last_day(at(0s)).uptime_percent, 0);
    EXPECT_EQ(down.over_last_day(at(0s)).coverage_percent, 100);
}

TEST(Availability, AResultSpeaksForTheTimeUntilTheNextButNotBeyondItsReach) {
    Availability availability;
    availability.observe(at(0s), kNotDown, 25s);
    EXPECT_EQ(availability.over_last_day(at(25s)).coverage_percent, 100);
    EXPECT_EQ(availability.over_last_day(at(50s)).coverage_percent, 50);
    EXPECT_EQ(availability.over_last_day(at(50s)).uptime_percent, 100);
    availability.observe(at(75s), kSeenDown, 25s);
    EXPECT_EQ(availability.over_last_day(at(100s)).coverage_percent, 50);
    EXPECT_EQ(availability.over_last_day(at(100s)).uptime_percent, 50);
}

TEST(Availability, DownCountsFromTheFirstFailureOfItsRun) {
    Availability availability;
    availability.observe(at(0s), kNotDown, 25s);
    availability.observe(at(10s), kSuspect, 25s);
    availability.observe(at(11s), kSuspect, 25s);
    EXPECT_EQ(availability.over_last_day(at(13s)).uptime_percent, 100);
    availability.observe(at(13s), kSeenDown, 25s);
    EXPECT_DOUBLE_EQ(availability.over_last_day(at(20s)).uptime_percent, 50);
}

TEST(Availability, ARunThatEndsWellWasNeverDown) {
    Availability availability;
    availability.observe(at(0s), kNotDown, 25s);
    availability.observe(at(10s), kSuspect, 25s);
    availability.observe(at(20s), kNotDown, 25s);
    EXPECT_EQ(availability.over_last_day(at(30s)).uptime_percent, 100);
    EXPECT_EQ(availability.over_last_day(at(30s)).coverage_percent, 100);
}

TEST(Availability, OurOwnAbsenceIsNoEvidence) {
    Availability availability;
    availability.observe(at(0s), kSuspect, 25s);
    availability.observe(at(1h), kSeenDown, 25s);
    auto const figures = availability.over_last_day(at(1h));
    EXPECT_EQ(figures.uptime_percent, 100);
    EXPECT_NEAR(figures.coverage_percent, 100.0 * 25 / 3600, 1e-9);
}

TEST(Availability, WhatIsOlderThanADayIsForgotten) {
    Availability availability;
    observe_steadily(availability, 0s, 6h, 10min, kSeenDown);
    observe_steadily(availability, 6h, 24h, 10min, kNotDown);
    EXPECT_DOUBLE_EQ(availability.over_last_day(at(24h)).uptime_percent, 75);
    observe_steadily(availability, 24h, 30h, 10min, kNotDown);
    EXPECT_EQ(availability.over_last_day(at(30h)).uptime_percent, 100);
}

TEST(Availability, AHubThatWasOffShowsAsUnobserved) {
    Availability availability;
    observe_steadily(availability, 0s, 6h, 10min, kNotDown);
    observe_steadily(availability, 18h, 24h, 10min, kNotDown);
    auto const figures = availability.over_last_day(at(24h));
    EXPECT_EQ(figures.uptime_percent, 100);
    EXPECT_NEAR(figures.coverage_percent, 50, 1);
}

TEST(Availability, AHubThatWasOffForLessThanAReachShowsAsUnobservedToo) {
    Availability availability;
    availability.observe(at(0s), kNotDown, 25s);
    availability.lose_sight(at(4s));
    availability.lose_sight(at(6s));  // stopped, then started
    availability.observe(at(8s), kNotDown, 25s);
    EXPECT_EQ(availability.over_last_day(at(16s)).coverage_percent, 75);
    EXPECT_EQ(availability.over_last_day(at(16s)).uptime_percent, 100);
}

TEST(Availability, WhoLostSightInARunOfFailuresDoesNotCallItDown) {
    Availability availability;
    availability.observe(at(0s), kSuspect, 25s);
    availability.lose_sight(at(4s));
    availability.observe(at(6s), kSeenDown, 25s);
    EXPECT_EQ(availability.over_last_day(at(6s)).uptime_percent, 100);
    EXPECT_EQ(availability.over_last_day(at(10s)).uptime_percent, 50);
    EXPECT_EQ(availability.over_last_day(at(10s)).coverage_percent, 80);
}

TEST(Availability, OfNothingLosesNothing) {
    Availability availability;
    availability.lose_sight(at(4s));
    EXPECT_EQ(availability, Availability());
}

TEST(Availability, AClockThatStepsAheadAddsAtMostOneReach) {
    Availability availability;
    observe_steadily(availability, 0s, 1h, 10s, kNotDown);
    availability.observe(at(2 * kDay), kNotDown, 25s);
    auto const figures = availability.over_last_day(at(2 * kDay));
    EXPECT_EQ(figures.coverage_percent, 0);
}

TEST(Availability, AClockThatStepsBackNeitherAddsNorForgetsThatItWasSeen) {
    Availability availability;
    availability.observe(at(2h), kNotDown, 25s);
    availability.observe(at(2h + 10s), kNotDown, 25s);
    availability.observe(at(0s), kNotDown, 25s);
    EXPECT_EQ(availability.over_last_day(at(0s)).uptime_percent, 100);
    availability.observe(at(10s), kSeenDown, 25s);
    EXPECT_EQ(availability.over_last_day(at(10s)).uptime_percent, 100);
    EXPECT_EQ(availability.over_last_day(at(20s)).uptime_percent, 50);
    EXPECT_EQ(availability.over_last_day(at(20s)).coverage_percent, 100);
}

TEST(Availability, ClocksFarOffAreSurvived) {
    for (auto const time : {WallTime(Millis(-1'000'000)), WallTime(Millis(0)),
                            WallTime(Millis(100'000'000'000'000)), kStart}) {
        Availability availability;
        availability.observe(time, kSeenDown, 25s);
        availability.observe(time + 10s, kSuspect, 25s);
        availability.observe(kStart, kNotDown, 25s);
        availability.observe(time, kSeenDown, 25s);
        auto const figures = availability.over_last_day(time + 5s);
        EXPECT_GE(figures.uptime_percent, 0);
        EXPECT_LE(figures.uptime_percent, 100);
    }
}

struct Seen {
    WallTime at{};

    void showValue(Seen const& seen, std::ostream& out) {
        out << '+' << (seen.at - kStart).count() << " ms " << static_cast<int>(seen.what)
            << " reach " << seen.reach.count();
    }
    Observed what{kNotDown};
    Millis reach{0};
};

struct Span {
    WallTime from{};
    WallTime to{};
    bool down{false};
};

bool counts_as_down(std::vector<Seen> const& seen, std::size_t index) {
    while (seen[index].what == kSuspect) {
        bool const gap_or_end =
            index + 1 == seen.size() || seen[index].at + seen[index].reach < seen[index + 1].at;
        if (gap_or_end) {
            return false;
        }
        ++index;
    }
    return seen[index].what == kSeenDown;
}

/// Every stretch of observed time, from the whole list of results.
std::vector<Span> observed_spans(std::vector<Seen> const& seen, WallTime now) {
    std::vector<Span> spans;
    for (std::size_t index = 0; index < seen.size(); ++index) {
        auto const next = index + 1 < seen.size() ? seen[index + 1].at : now;
        spans.push_back({seen[index].at, std::min(next, seen[index].at + seen[index].reach),
                         counts_as_down(seen, index)});
    }
    return spans;
}

struct Sums {
    double observed{0};
    double down{0};
};

Sums sums_within(std::vector<Span> const& spans, WallTime from, WallTime to) {
    Sums sums;
    for (auto const& span : spans) {
        auto const length = static_cast<double>(
            std::max(Millis{0}, std::min(span.to, to) - std::max(span.from, from)).count());
        sums.observed += length;
        sums.down += span.down ? length : 0;
    }
    return sums;
}

rc::Gen<std::vector<Seen>> steady_clock_results() {
    struct Gap {
        Observed what{kNotDown};
        int kind{0};
        int size{0};
    };
    auto const gap = rc::gen::apply(
        [](Observed what, int kind, int size) {
            return Gap{what, kind, size};
        },
        rc::gen::weightedElement<Observed>({{4, kNotDown}, {3, kSuspect}, {2, kSeenDown}}),
        rc::gen::weightedElement<int>({{6, 0}, {2, 1}, {1, 2}}), rc::gen::inRange(0, 1000));
    return rc::gen::apply(
        [](std::vector<Gap> const& gaps, int interval_s, int offset) {
            Millis const interval = std::chrono::seconds(interval_s);
            Millis const reach = 2 * interval + 5s;
            auto time = kStart + Millis(offset);
            std::vector<Seen> seen;
            for (auto const& entry : gaps) {
                time += entry.kind == 0   ? interval
                        : entry.kind == 1 ? reach * entry.size / 500
                                          : Millis(10h) * entry.size / 1000;
                seen.push_back({time, entry.what, reach});
            }
            return seen;
        },
        rc::gen::container<std::vector<Gap>>(gap), rc::gen::element(10, 30, 60, 600, 1799, 3600),
        rc::gen::inRange(0, 7'200'000));
}

Availability observed(std::vector<Seen> const& seen) {
    Availability availability;
    for (auto const& one : seen) {
        availability.observe(one.at, one.what, one.reach);
    }
    return availability;
}

RC_GTEST_PROP(AvailabilityProperty, IsExactWhereTheWindowStartsWithABucket, ()) {
    auto const seen = *steady_clock_results();
    RC_PRE(!seen.empty());
    auto const since = (seen.back().at - kStart) / DayBuckets::kBucket;
    auto const now = kStart + DayBuckets::kBucket * (since + *rc::gen::inRange(1, 60));
    auto const sums = sums_within(observed_spans(seen, now), now - kDay, now);
    auto const elapsed = static_cast<double>(std::min(now - seen.front().at, kDay).count());
    auto const figures = observed(seen).over_last_day(now);
    RC_ASSERT(std::abs(figures.coverage_percent - 100 * sums.observed / elapsed) < 1e-9);
    if (sums.observed > 0) {
        auto const uptime = 100 * (sums.observed - sums.down) / sums.observed;
        RC_ASSERT(std::abs(figures.uptime_percent - uptime) < 1e-9);
    }
}

RC_GTEST_PROP(AvailabilityProperty, TheOldestBucketCountsByItsPartInside, ()) {
    auto const seen = *steady_clock_results();
    RC_PRE(!seen.empty());
    auto const now = seen.back().at + Millis(*rc::gen::inRange(0, 40'000'000));
    auto const from = now - kDay;
    auto const spans = observed_spans(seen, now);
    auto sums = sums_within(spans, from, now);
    auto const known_since = seen.front().at;
    auto const bucket =
        WallTime(from.time_since_epoch() / DayBuckets::kBucket * DayBuckets::kBucket);
    if (known_since < from) {
        auto const end = bucket + DayBuckets::kBucket;
        auto const exact = sums_within(spans, from, end);
        auto const whole = sums_within(spans, bucket, end);
        auto const part = static_cast<double>((end - from).count()) /
                          static_cast<double>((end - std::max(bucket, known_since)).count());
        sums.observed += whole.observed * part - exact.observed;
        sums.down += whole.down * part - exact.down;
    }
    auto const figures = observed(seen).over_last_day(now);
    auto const elapsed = static_cast<double>(std::min(now - known_since, kDay).count());
    if (elapsed > 0) {
        RC_ASSERT(std::abs(figures.coverage_percent - 100 * sums.observed / elapsed) < 1e-9);
    }
    if (sums.observed > 0) {
        auto const uptime = 100 * (sums.observed - sums.down) / sums.observed;
        RC_ASSERT(std::abs(figures.uptime_percent - uptime) < 1e-9);
    }
}

RC_GTEST_PROP(AvailabilityProperty, UnbrokenObservationIsCoveredWholeAtAnyMoment, ()) {
    auto const interval = std::chrono::seconds(*rc::gen::element(30, 600, 1801));
    auto const start = kStart + Millis(*rc::gen::inRange(0, 3'600'000));
    auto const length = Millis(*rc::gen::inRange(1, 120'000'000));
    Availability availability;
    for (auto time = start; time < start + length; time += interval) {
        availability.observe(time, kNotDown, 2 * interval + 5s);
    }
    auto const figures = availability.over_last_day(start + length);
    RC_ASSERT(std::abs(figures.coverage_percent - 100) < 1e-9);
    RC_ASSERT(figures.uptime_percent == 100);
}

RC_GTEST_PROP(AvailabilityProperty, StaysWithinItsBoundsWhateverTheClockDoes, ()) {
    auto const jumps = *rc::gen::container<std::vector<std::pair<int, int>>>(
        rc::gen::pair(rc::gen::inRange(-100'000'000, 100'000'000), rc::gen::inRange(0, 3)));
    Availability availability;
    auto time = kStart;
    for (auto const& [jump, what] : jumps) {
        time += Millis(jump);
        availability.observe(time, static_cast<Observed>(what), 65s);
        for (auto const later : {Millis(-3'600'000), Millis(0), Millis(3'600'000)}) {
            auto const figures = availability.over_last_day(time + later);
            RC_ASSERT(figures.uptime_percent >= 0);
            RC_ASSERT(figures.uptime_percent <= 100);
            RC_ASSERT(figures.coverage_percent >= 0);
            RC_ASSERT(figures.coverage_percent <= 100);
        }
    }
    for (auto const& bucket : availability.state().buckets) {
        RC_ASSERT(bucket.down_ms <= bucket.observed_ms);
        RC_ASSERT(bucket.observed_ms <= DayBuckets::kBucket.count());
    }
}

RC_GTEST_PROP(AvailabilityProperty, GoesOnFromItsStateAsIfNothingHappened, ()) {
    auto const seen = *steady_clock_results();
    auto const cut = *rc::gen::inRange<std::size_t>(0, seen.size() + 1);
    Availability restored;
    for (std::size_t index = 0; index < seen.size(); ++index) {
        if (index == cut) {
            restored = Availability(restored.state());
        }
        restored.observe(seen[index].at, seen[index].what, seen[index].reach);
    }
    RC_ASSERT(restored == observed(seen));
}

}  // namespace

}  // namespace muster
