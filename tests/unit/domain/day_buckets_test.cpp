#include <muster/domain/day_buckets.hpp>

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <limits>
#include <map>

#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

namespace muster {
namespace {

constexpr Millis kBucket = DayBuckets::kBucket;
constexpr WallTime kFirstBucket{kBucket * 900'000};

DayBuckets::Seen seen_at(DayBuckets const& buckets, WallTime now) {
    return buckets.last_day(now, kFirstBucket);
}

TEST(DayBuckets, HoldNothingAtFirst) {
    DayBuckets const buckets;
    EXPECT_EQ(seen_at(buckets, kFirstBucket).observed_ms, 0);
    EXPECT_EQ(buckets.buckets(), DayBuckets::Buckets{});
}

TEST(DayBuckets, ForgetWhatIsOlderThanADay) {
    DayBuckets buckets;
    buckets.add(kFirstBucket, kFirstBucket + kBucket, true);
    buckets.add(kFirstBucket + kBucket * 48, kFirstBucket + kBucket * 48 + 1s, false);
    EXPECT_EQ(seen_at(buckets, kFirstBucket + kBucket * 48).down_ms, kBucket.count());
    EXPECT_EQ(seen_at(buckets, kFirstBucket + kBucket * 48 + kBucket / 2).down_ms,
              kBucket.count() / 2);
    EXPECT_EQ(seen_at(buckets, kFirstBucket + kBucket * 49).down_ms, 0);
    buckets.add(kFirstBucket + kBucket * 49, kFirstBucket + kBucket * 49 + 1s, false);
    EXPECT_EQ(seen_at(buckets, kFirstBucket + kBucket * 49 + 1s).observed_ms, 2'000);
}

TEST(DayBuckets, TimeThatIsSeenTwiceCountsOnce) {
    DayBuckets buckets;
    buckets.add(kFirstBucket, kFirstBucket + kBucket, false);
    buckets.add(kFirstBucket + kBucket / 2, kFirstBucket + kBucket, true);
    auto const seen = seen_at(buckets, kFirstBucket + kBucket);
    EXPECT_EQ(seen.observed_ms, kBucket.count());
    EXPECT_EQ(seen.down_ms, kBucket.count() / 2);
}

TEST(DayBuckets, BeginAnewWhenTheClockStepsBackByMoreThanADay) {
    DayBuckets buckets;
    buckets.add(kFirstBucket + kBucket * 100, kFirstBucket + kBucket * 101, true);
    buckets.add(kFirstBucket, kFirstBucket + 1s, false);
    auto const seen = seen_at(buckets, kFirstBucket + 1s);
    EXPECT_EQ(seen.observed_ms, 1'000);
    EXPECT_EQ(seen.down_ms, 0);
}

TEST(DayBuckets, TakeWhatACheckpointCannotHaveWrittenAsFarAsItMakesSense) {
    DayBuckets::Buckets odd{};
    odd[0] = {std::numeric_limits<std::int32_t>::max(), 5, 5};
    odd[1] = {50, std::numeric_limits<std::uint32_t>::max(), 7};
    odd[2] = {-7, 5, 5};
    DayBuckets const buckets(odd);
    auto const seen = buckets.last_day(WallTime(kBucket * 51), WallTime{});
    EXPECT_EQ(seen.observed_ms, kBucket.count());
    EXPECT_EQ(seen.down_ms, 7);
}

/// Half hours in a map, looked at one by one.
class Naive {
public:
    void add(WallTime from, WallTime to, bool down) {
        auto const day = to - DayBuckets::kDay;
        from = std::max(from, WallTime(day.time_since_epoch() / kBucket * kBucket));
        while (from < to) {
            auto const number = static_cast<std::int32_t>(from.time_since_epoch() / kBucket);
            auto const end = std::min(to, WallTime(kBucket * (number + 1)));
            if (!halves_.empty() && halves_.rbegin()->first >= number + 49) {
                halves_.clear();
            }
            std::erase_if(halves_, [&](auto const& half) { return half.first <= number - 49; });
            auto& half = halves_[number];
            half.observed = std::min(half.observed + (end - from), kBucket);
            half.down = down ? std::min(half.down + (end - from), kBucket) : half.down;
            from = end;
        }
    }

    DayBuckets::Seen last_day(WallTime now, WallTime known_since) const {
        DayBuckets::Seen seen;
        for (auto const& [number, half] : halves_) {
            auto const start = WallTime(kBucket * number);
            auto const end = start + kBucket;
            auto const from = now - DayBuckets::kDay;
            if (start > now || end <= from) {
                continue;
            }
            auto const can_see = std::max(known_since, start);
            double inside = 1;
            if (can_see < from) {
                inside = static_cast<double>((end - from).count()) /
                         static_cast<double>((end - can_see).count());
            }
            seen.observed_ms += inside * static_cast<double>(half.observed.count());
            seen.down_ms += inside * static_cast<double>(half.down.count());
        }
        return seen;
    }

private:
    struct Half {
        Millis observed{0};
        Millis down{0};
    };
    std::map<std::int32_t, Half> halves_;
};

RC_GTEST_PROP(DayBucketsProperty, SumUpWhatEachHalfHourHolds, ()) {
    DayBuckets buckets;
    Naive naive;
    auto now = kFirstBucket;
    auto const known_since = kFirstBucket + Millis(*rc::gen::inRange(-90'000'000, 90'000'000));
    for (auto steps = *rc::gen::inRange(1, 40); steps > 0; --steps) {
        now += Millis(*rc::gen::element(1'000, 600'000, 1'800'000, 40'000'000, -3'000'000,
                                        -50'000'000, -200'000'000, 300'000'000));
        auto const length = Millis(*rc::gen::inRange(0, 100'000'000));
        bool const down = *rc::gen::arbitrary<bool>();
        buckets.add(now - length, now, down);
        naive.add(now - length, now, down);
        if (*rc::gen::inRange(0, 5) == 0) {
            RC_ASSERT(DayBuckets(buckets.buckets()) == buckets);
        }
        for (auto const asked : {now, now + 5min, now + 10h, now - 3h}) {
            auto const ours = buckets.last_day(asked, known_since);
            auto const theirs = naive.last_day(asked, known_since);
            RC_ASSERT(std::abs(ours.observed_ms - theirs.observed_ms) < 1e-3);
            RC_ASSERT(std::abs(ours.down_ms - theirs.down_ms) < 1e-3);
        }
    }
}

}  // namespace
}  // namespace muster
