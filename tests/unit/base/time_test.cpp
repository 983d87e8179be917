#include <muster/base/time.hpp>

#include <cstdint>
#include <string>
#include <string_view>

#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

namespace muster {
namespace {

constexpr std::int64_t kFirstMillis = -62'167'219'200'000;  // 0000-01-01T00:00:00.000Z
constexpr std::int64_t kLastMillis = 253'402'300'799'999;   // 9999-12-31T23:59:59.999Z

WallTime at(std::int64_t millis) {
    return WallTime(Millis(millis));
}

std::string read(std::string_view text) {
    auto const time = parse_rfc3339(text);
    return time ? to_rfc3339(*time) : "invalid";
}

TEST(Rfc3339, IsWrittenInUtcWithMilliseconds) {
    EXPECT_EQ(to_rfc3339(at(0)), "1970-01-01T00:00:00.000Z");
    EXPECT_EQ(to_rfc3339(at(1'795'326'900'123)), "2026-11-22T05:55:00.123Z");
    EXPECT_EQ(to_rfc3339(at(-1)), "1969-12-31T23:59:59.999Z");
    EXPECT_EQ(to_rfc3339(at(951'782'400'000)), "2000-02-29T00:00:00.000Z");
}

TEST(Rfc3339, OutsideOfItsYearsTheNearestBoundIsWritten) {
    EXPECT_EQ(to_rfc3339(at(kFirstMillis)), "0000-01-01T00:00:00.000Z");
    EXPECT_EQ(to_rfc3339(at(kFirstMillis - 1)), "0000-01-01T00:00:00.000Z");
    EXPECT_EQ(to_rfc3339(WallTime::min()), "0000-01-01T00:00:00.000Z");
    EXPECT_EQ(to_rfc3339(at(kLastMillis)), "9999-12-31T23:59:59.999Z");
    EXPECT_EQ(to_rfc3339(WallTime::max()), "9999-12-31T23:59:59.999Z");
}

TEST(Rfc3339, ReadsOffsetsAndAnyNumberOfDecimals) {
    EXPECT_EQ(read("2026-11-22T05:55:00Z"), "2026-11-22T05:55:00.000Z");
    EXPECT_EQ(read("2026-11-22t05:55:00.5z"), "2026-11-22T05:55:00.500Z");
    EXPECT_EQ(read("2026-11-22 05:55:00.12Z"), "2026-11-22T05:55:00.120Z");
    EXPECT_EQ(read("2026-11-22T05:55:00.123999999999Z"), "2026-11-22T05:55:00.123Z");
    EXPECT_EQ(read("2026-11-22T05:55:00+02:00"), "2026-11-22T03:55:00.000Z");
    EXPECT_EQ(read("2026-11-22T05:55:00-09:30"), "2026-11-22T15:25:00.000Z");
    EXPECT_EQ(read("2026-01-01T00:30:00+01:00"), "2025-12-31T23:30:00.000Z");
    EXPECT_EQ(read("1969-12-31T23:59:59.999Z"), "1969-12-31T23:59:59.999Z");
}

TEST(Rfc3339, ALeapSecondIsTheLastMillisecondOfItsMinute) {
    EXPECT_EQ(read("1990-12-31T23:59:60Z"), "1990-12-31T23:59:59.999Z");
    EXPECT_EQ(read("1990-12-31T15:59:60.7-08:00"), "1990-12-31T23:59:59.999Z");
}

TEST(Rfc3339, RefusesEverythingElse) {
    for (std::string_view const text : {"",
                                        "now",
                                        "2026-11-22",
                                        "2026-11-22T05:55:00",
                                        "2026-11-22T05:55Z",
                                        "2026-02-29T00:00:00Z",
                                        "2026-13-01T00:00:00Z",
                                        "2026-00-01T00:00:00Z",
                                        "2026-11-31T00:00:00Z",
                                        "2026-11-22T24:00:00Z",
                                        "2026-11-22T05:60:00Z",
                                        "2026-11-22T05:55:61Z",
                                        "2026-11-22T05:55:00.Z",
                                        "2026-11-22T05:55:00+0200",
                                        "2026-11-22T05:55:00+24:00",
                                        "2026-11-22T05:55:00+02:60",
                                        "2026-11-22T05:55:00Zx",
                                        " 2026-11-22T05:55:00Z",
                                        "26-11-22T05:55:00Z",
                                        "-026-11-22T05:55:00Z",
                                        "0000-01-01T00:00:00+00:01",
                                        "9999-12-31T23:59:59-00:01"}) {
        EXPECT_EQ(read(text), "invalid") << text;
    }
}

TEST(Rfc3339, SaysWhatWouldBeRight) {
    auto const time = parse_rfc3339("yester\nday");
    ASSERT_FALSE(time);
    EXPECT_EQ(time.error().code, Errc::invalid);
    EXPECT_EQ(time.error().message,
              "'yester day' is not a time: write it as in 2026-11-22T05:55:00.123Z");
}

RC_GTEST_PROP(Rfc3339Property, SurvivesTheRoundTrip, ()) {
    auto const time = at(*rc::gen::inRange(kFirstMillis, kLastMillis + 1));
    auto const text = to_rfc3339(time);
    RC_ASSERT(text.size() == 24U);
    auto const again = parse_rfc3339(text);
    RC_ASSERT(again.has_value());
    RC_ASSERT(*again == time);
}

RC_GTEST_PROP(Rfc3339Property, TextSortsAsTimeDoes, ()) {
    auto const left = *rc::gen::inRange(kFirstMillis, kLastMillis + 1);
    auto const right = *rc::gen::inRange(kFirstMillis, kLastMillis + 1);
    RC_ASSERT((to_rfc3339(at(left)) < to_rfc3339(at(right))) == (left < right));
}

TEST(Duration, IsReadWithItsUnit) {
    EXPECT_EQ(parse_duration("250ms").value(), 250ms);
    EXPECT_EQ(parse_duration("5s").value(), 5s);
    EXPECT_EQ(parse_duration("2m").value(), 2min);
    EXPECT_EQ(parse_duration("1h").value(), 1h);
    EXPECT_EQ(parse_duration("7d").value(), 7 * 24h);
    EXPECT_EQ(parse_duration("30").value(), 30s);
    EXPECT_EQ(parse_duration("1.5s").value(), 1500ms);
    EXPECT_EQ(parse_duration("0.25").value(), 250ms);
    EXPECT_EQ(parse_duration("1.5d").value(), 36h);
    EXPECT_EQ(parse_duration("0").value(), 0ms);
    EXPECT_EQ(parse_duration("100000d").value(), 100'000 * 24h);
    EXPECT_EQ(parse_duration("0.00049s").value(), 0ms);
    EXPECT_EQ(parse_duration("0.0005s").value(), 1ms);
}

TEST(Duration, RefusesWhatIsNone) {
    for (std::string_view const text :
         {"", "s", "5 s", " 5s", "5s ", "-5s", "+5s", "5S", "5sec", "1h30m", ".5s", "5.s", "1e3",
          "five", "5,5s", "0x10", "inf"}) {
        auto const duration = parse_duration(text);
        ASSERT_FALSE(duration) << text;
        EXPECT_EQ(duration.error().code, Errc::invalid);
        EXPECT_NE(duration.error().message.find("such as 250ms, 5s, 2m, 1h or 7d"),
                  std::string::npos)
            << duration.error().message;
    }
}

TEST(Duration, HasALimit) {
    for (std::string_view const text :
         {"100000.1d", "100001d", "99999999999999999999999999s", "8640000000001ms", "2400001h"}) {
        auto const duration = parse_duration(text);
        ASSERT_FALSE(duration) << text;
        EXPECT_EQ(duration.error().message,
                  "'" + std::string(text) + "' is too long: at most 100000d");
    }
}

TEST(Duration, IsWrittenInTheLargestUnitThatIsExact) {
    EXPECT_EQ(format_duration(1500ms), "1500ms");
    EXPECT_EQ(format_duration(60s), "1m");
    EXPECT_EQ(format_duration(36h), "36h");
    EXPECT_EQ(format_duration(48h), "2d");
    EXPECT_EQ(format_duration(90s), "90s");
    EXPECT_EQ(format_duration(0ms), "0s");
    EXPECT_EQ(format_duration(1ms), "1ms");
}

RC_GTEST_PROP(DurationProperty, SurvivesTheRoundTrip, ()) {
    auto const unit = *rc::gen::element<std::int64_t>(1, 1000, 60'000, 3'600'000, 86'400'000);
    auto const duration = Millis(unit * *rc::gen::inRange<std::int64_t>(0, 100'001));
    auto const again = parse_duration(format_duration(duration));
    RC_ASSERT(again.has_value());
    RC_ASSERT(*again == duration);
}

}  // namespace
}  // namespace muster
