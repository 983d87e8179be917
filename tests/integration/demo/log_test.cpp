#include <algorithm>
#include <cstdint>

#include <gtest/gtest.h>

#include <demo/log.hpp>
#include <demo/project.hpp>

namespace muster::demo {
namespace {

constexpr std::uint64_t kLogSeed = 7;
constexpr auto kNoon = WallTime{std::chrono::sys_days{std::chrono::year{2026} / 11 / 22}} + 12h;

LogLine line(int number) {
    return {.at = kNoon + std::chrono::seconds{number},
            .level = LogLevel::info,
            .message = std::to_string(number)};
}

TEST(DemoLog, NeighbouringRangesGiveTheLinesOfTheWhole) {
    auto const whole = log_lines(chatbot(), kLogSeed, kNoon, kNoon + 1h);
    auto pieces = std::size_t{0};
    for (auto from = kNoon; from < kNoon + 1h; from += 1500ms) {
        pieces += log_lines(chatbot(), kLogSeed, from, from + 1500ms).size();
    }
    EXPECT_GT(whole.size(), 100U);
    EXPECT_EQ(pieces, whole.size());
}

TEST(DemoLog, LinesAreInOrderAndWithinTheirRange) {
    auto const lines = log_lines(social_media(), kLogSeed, kNoon, kNoon + 10min);
    auto const in_order = [](auto const& a, auto const& b) { return a.at < b.at; };
    EXPECT_TRUE(std::is_sorted(lines.begin(), lines.end(), in_order));
    EXPECT_GT(lines.front().at, kNoon);
    EXPECT_LE(lines.back().at, kNoon + 10min);
}

TEST(DemoLog, LinesAreFilledInAndMostlyInfo) {
    for (auto const* who : {&email_blast(), &chatbot(), &social_media()}) {
        auto const lines = log_lines(*who, kLogSeed, kNoon, kNoon + 6h);
        auto info = std::size_t{0};
        for (auto const& line : lines) {
            EXPECT_FALSE(line.message.empty());
            EXPECT_EQ(line.message.find_first_of("{}"), std::string::npos) << line.message;
            info += line.level == LogLevel::info ? 1U : 0U;
        }
        EXPECT_GT(info, lines.size() * 3 / 4) << who->name;
        EXPECT_LT(info, lines.size()) << who->name;
    }
}

TEST(DemoLog, APageBeginsWithTheNewestLine) {
    auto ring = LogRing{100};
    for (auto number = 1; number <= 10; ++number) {
        ring.push(line(number));
    }
    auto const page = ring.page(3, 2);
    ASSERT_EQ(page.lines.size(), 3U);
    EXPECT_EQ(page.lines[0].message, "8");
    EXPECT_EQ(page.lines[2].message, "6");
    EXPECT_EQ(page.total, 10U);
}

TEST(DemoLog, APagePastTheEndIsEmpty) {
    auto ring = LogRing{100};
    ring.push(line(1));
    EXPECT_TRUE(ring.page(10, 1).lines.empty());
    EXPECT_TRUE(ring.page(10, 1'000'000).lines.empty());
    EXPECT_EQ(ring.page(10, 0).lines.size(), 1U);
}

TEST(DemoLog, AFullRingForgetsTheOldest) {
    auto ring = LogRing{3};
    for (auto number = 1; number <= 5; ++number) {
        ring.push(line(number));
    }
    auto const page = ring.page(10, 0);
    EXPECT_EQ(page.total, 3U);
    EXPECT_EQ(page.lines.front().message, "5");
    EXPECT_EQ(page.lines.back().message, "3");
}

TEST(DemoProject, SaysMoreAsTimeGoesBy) {
    auto now = Instant{.wall = kNoon};
    auto project = Project{chatbot(), kLogSeed, [&now] { return now; }};
    auto const before = project.log(1, 0).total;
    now.wall += 10min;
    auto const after = project.log(1, 0).total;
    EXPECT_GT(before, 0U) << "a project has a past when it starts";
    EXPECT_GT(after, before);
}

TEST(DemoProject, SurvivesAClockThatIsSetBackOrFarAhead) {
    auto now = Instant{.wall = kNoon};
    auto project = Project{chatbot(), kLogSeed, [&now] { return now; }};
    auto const before = project.log(1, 0).total;
    now.wall -= 24h;
    EXPECT_EQ(project.log(1, 0).total, before);
    now.wall += 24h * 3'650;
    EXPECT_GE(project.log(1, 0).lines.front().at, now.wall - 1h);
}

TEST(DemoProject, LogsTheChaosItIsIn) {
    auto now = Instant{.wall = kNoon};
    auto project = Project{chatbot(), kLogSeed, [&now] { return now; }};
    project.set_chaos({.mode = ChaosMode::slow, .delay = 1s, .lasts = 30s});
    EXPECT_EQ(project.log(1, 0).lines.front().message, "chaos: mode slow for 30s");
    EXPECT_EQ(project.log(1, 0).lines.front().level, LogLevel::warn);
    project.set_chaos({});
    EXPECT_EQ(project.log(1, 0).lines.front().message, "chaos: recovered");
}

TEST(DemoProject, ChaosEndsWhenItsTimeIsUp) {
    auto now = Instant{.wall = kNoon};
    auto project = Project{chatbot(), kLogSeed, [&now] { return now; }};
    project.set_chaos({.mode = ChaosMode::fail, .lasts = 30s});
    now.steady += 29'999ms;
    EXPECT_EQ(project.chaos().mode, ChaosMode::fail);
    EXPECT_EQ(project.chaos().lasts, 1ms);
    now.steady += 1ms;
    EXPECT_EQ(project.chaos().mode, ChaosMode::none);
}

}  // namespace
}  // namespace muster::demo
