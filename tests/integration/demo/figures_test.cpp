#include <array>
#include <cstdint>
#include <string>

#include <gtest/gtest.h>

#include <demo/figures.hpp>

namespace muster::demo {
namespace {

constexpr std::uint64_t kSeed = 7;
constexpr auto kMidnight = WallTime{std::chrono::sys_days{std::chrono::year{2026} / 11 / 22}};

std::array<Personality const*, 3> everybody() {
    return {&email_blast(), &chatbot(), &social_media()};
}

/// Mean load between two hours of a day, one sample a minute.
double mean_load(Personality const& who, int from_hour, int to_hour) {
    auto sum = 0.0;
    auto samples = 0;
    for (auto minute = from_hour * 60; minute < to_hour * 60; ++minute) {
        sum += load_at(who, kSeed, kMidnight + std::chrono::minutes{minute});
        ++samples;
    }
    return sum / samples;
}

TEST(DemoFigures, SameSeedAndTimeGiveTheSameFigures) {
    for (auto const* who : everybody()) {
        auto const once = figures_at(*who, kSeed, kMidnight + 9h);
        auto const again = figures_at(*who, kSeed, kMidnight + 9h);
        EXPECT_EQ(once.requests_per_second, again.requests_per_second);
        EXPECT_EQ(once.cpu_percent, again.cpu_percent);
        EXPECT_EQ(once.api_usage[0].calls, again.api_usage[0].calls);
    }
}

TEST(DemoFigures, AnotherSeedGivesOtherFigures) {
    for (auto const* who : everybody()) {
        EXPECT_NE(figures_at(*who, 1, kMidnight + 15h).cpu_percent,
                  figures_at(*who, 2, kMidnight + 15h).cpu_percent);
    }
}

TEST(DemoFigures, StayWithinTheirRangesForAWeek) {
    for (auto const* who : everybody()) {
        for (auto time = kMidnight; time < kMidnight + 7 * 24h; time += 1709s) {
            auto const figures = figures_at(*who, kSeed, time);
            SCOPED_TRACE(std::string{who->name} + " at " + to_rfc3339(time));
            EXPECT_GE(figures.requests_per_second, 0.0);
            EXPECT_LE(figures.requests_per_second, who->peak_requests_per_second);
            EXPECT_GE(figures.error_percent, 0.0);
            EXPECT_LE(figures.error_percent, 5.0);
            EXPECT_GE(figures.error_count, 0);
            EXPECT_GT(figures.cpu_percent, 0.0);
            EXPECT_LT(figures.cpu_percent, 100.0);
            EXPECT_GT(figures.memory_percent, 10.0);
            EXPECT_LT(figures.memory_percent, 90.0);
            EXPECT_GT(figures.query_ms, 0.0);
            EXPECT_LT(figures.query_ms, 500.0);
            EXPECT_GT(figures.response_ms, 0.0);
            EXPECT_LT(figures.response_ms, 500.0) << "figures alone must never look slow";
            EXPECT_GE(figures.uptime_percent, 99.0);
            EXPECT_LE(figures.uptime_percent, 100.0);
            EXPECT_GE(figures.current_tasks, 1);
            EXPECT_GE(figures.active_users, 0);
            EXPECT_GT(figures.next_task, time);
            EXPECT_LE(figures.next_task, time + 15min);
        }
    }
}

TEST(DemoFigures, ApiUsageGrowsFromMidnightToMidnight) {
    for (auto const* who : everybody()) {
        auto last = std::int64_t{-1};
        for (auto time = kMidnight; time < kMidnight + 24h; time += 593s) {
            auto const calls = figures_at(*who, kSeed, time).api_usage[0].calls;
            EXPECT_GE(calls, last) << who->name << " at " << to_rfc3339(time);
            last = calls;
        }
        EXPECT_GT(last, 1'000) << who->name;
        EXPECT_EQ(figures_at(*who, kSeed, kMidnight + 24h).api_usage[0].calls, 0);
    }
}

TEST(DemoFigures, EveryProjectHasABusyAndAQuietPartOfTheDay) {
    EXPECT_GT(mean_load(email_blast(), 8, 12), 1.5 * mean_load(email_blast(), 20, 24));
    EXPECT_GT(mean_load(chatbot(), 13, 17), 1.5 * mean_load(chatbot(), 1, 5));
    EXPECT_GT(mean_load(social_media(), 18, 22), 1.5 * mean_load(social_media(), 5, 9));
}

/// Shares of a busy afternoon's seconds that are nearly idle, and that are near full load.
struct Extremes {
    double idle{};
    double full{};
};

Extremes extremes(Personality const& who) {
    auto const start = kMidnight + std::chrono::hours{static_cast<int>(who.peak_hour_utc) - 2};
    auto extremes = Extremes{};
    constexpr auto kSamples = 4 * 3600 / 5;
    for (auto sample = 0; sample < kSamples; ++sample) {
        auto const load = load_at(who, kSeed, start + sample * 5s);
        extremes.idle += load < 0.1 ? 1.0 : 0.0;
        extremes.full += load > 0.85 ? 1.0 : 0.0;
    }
    return {.idle = extremes.idle / kSamples, .full = extremes.full / kSamples};
}

TEST(DemoFigures, MailComesInBatches) {
    EXPECT_GT(extremes(email_blast()).idle, 0.3);
    EXPECT_LT(extremes(email_blast()).idle, 0.9);
}

TEST(DemoFigures, ChatIsSteady) {
    EXPECT_EQ(extremes(chatbot()).idle, 0.0);
    EXPECT_LT(extremes(chatbot()).full, 0.3);
}

TEST(DemoFigures, TheFeedHasShortSpikes) {
    EXPECT_EQ(extremes(social_media()).idle, 0.0);
    EXPECT_GT(extremes(social_media()).full, 0.005);
    EXPECT_LT(extremes(social_media()).full, 0.3);
}

}  // namespace
}  // namespace muster::demo
