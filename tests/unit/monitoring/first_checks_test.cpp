#include <muster/monitoring/first_checks.hpp>

#include <map>
#include <vector>

#include <gtest/gtest.h>

#include <muster/base/hash.hpp>
#include <muster/monitoring/phase.hpp>

namespace muster {
namespace {

TEST(FirstChecks, ThreeServicesAreCheckedAtOnce) {
    FirstChecks pacing;
    pacing.set_steady_rate(0.3);
    SteadyTime const now(5h);
    EXPECT_EQ(pacing.next(now), now);
    EXPECT_EQ(pacing.next(now), now + 20ms);
    EXPECT_EQ(pacing.next(now), now + 40ms);
}

TEST(FirstChecks, AHundredSlowServicesAreCheckedWithinTwoSeconds) {
    FirstChecks pacing;
    pacing.set_steady_rate(100.0 / 30);
    SteadyTime const now(5h);
    SteadyTime last;
    for (int index = 0; index < 100; ++index) {
        last = pacing.next(now);
    }
    EXPECT_LE(last - now, 2s);
}

TEST(FirstChecks, ALargeFleetStartsWithoutAnySecondAboveItsPace) {
    constexpr int kServices = 10'000;
    constexpr Millis kInterval = 10s;
    SteadyTime const now(5h);
    FirstChecks pacing;
    pacing.set_steady_rate(kServices / 10.0);

    std::vector<std::pair<SteadyTime, std::uint64_t>> newcomers;
    for (int index = 0; index < kServices; ++index) {
        auto const identity = stable_hash("service-" + std::to_string(index));
        newcomers.emplace_back(next_in_phase(now, kInterval, identity), identity);
    }
    std::sort(newcomers.begin(), newcomers.end());

    std::map<std::int64_t, int> checks_by_second;
    auto const count = [&](SteadyTime at) {
        ++checks_by_second[std::chrono::floor<std::chrono::seconds>(at - now).count()];
    };
    for (auto const& [phase, identity] : newcomers) {
        auto const first = pacing.next(now);
        EXPECT_LT(first - now, kInterval) << "a verdict within one interval";
        count(first);
        for (auto due = FirstChecks::second_due(first, kInterval, identity); due < now + 40s;
             due = next_in_phase(due, kInterval, identity)) {
            count(due);
        }
    }
    for (auto const& [second, checks] : checks_by_second) {
        EXPECT_LE(checks, 1.15 * 1000 + 60) << "second " << second;  // 60: the phases' own scatter
    }
}

TEST(FirstChecks, OneThatIsLateGoesBehindTheOthers) {
    FirstChecks pacing;
    pacing.set_steady_rate(1000);
    SteadyTime const now(5h);
    for (int index = 0; index < 1150; ++index) {
        (void)pacing.next(now);
    }
    EXPECT_EQ(pacing.start(now, now + 30ms), now + 30ms) << "on time";
    EXPECT_NEAR((pacing.start(now, now + 400ms) - now) / 1ms, 1000, 1);
    EXPECT_NEAR((pacing.start(now, now + 400ms) - now) / 1us, 1'000'870, 1'000);
    EXPECT_EQ(pacing.start(now, now + 2s), now + 2s) << "none are before it any more";
}

TEST(FirstChecks, AfterAStallASmallFleetIsPacedTooAndSoonDone) {
    FirstChecks pacing;
    pacing.set_steady_rate(4);
    SteadyTime const now(5h);
    std::vector<SteadyTime> dues;
    for (int index = 0; index < 40; ++index) {
        dues.push_back(pacing.next(now));
    }
    auto const awake = now + 3s;  // all of them are late by then
    for (std::size_t index = 0; index < dues.size(); ++index) {
        EXPECT_EQ(pacing.start(dues[index], awake), awake + index * 20ms) << "50 a second";
    }
}

}  // namespace
}  // namespace muster
