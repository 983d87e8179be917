#include <muster/domain/zone_offsets.hpp>

#include <gtest/gtest.h>

namespace muster {
namespace {

WallTime at(char const* text) {
    return *parse_rfc3339(text);
}

Millis local(char const* text) {
    return at(text).time_since_epoch();  // read as if it were UTC
}

/// Berlin in 2026: clocks are turned ahead on 29 March, back on 25 October, at 01:00 UTC.
ZoneOffsets berlin() {
    return ZoneOffsets({{at("2026-01-01T00:00:00Z"), 1h},
                        {at("2026-03-29T01:00:00Z"), 2h},
                        {at("2026-10-25T01:00:00Z"), 1h}});
}

TEST(ZoneOffsets, AreUtcByDefault) {
    EXPECT_EQ(ZoneOffsets{}.at(at("2026-07-01T00:00:00Z")), 0ms);
    EXPECT_EQ(ZoneOffsets(std::vector<ZoneOffset>{}), ZoneOffsets{});
    auto const noon = at("2026-07-01T12:00:00Z");
    EXPECT_EQ(ZoneOffsets{}.moments_of(noon.time_since_epoch()),
              (ZoneOffsets::Moments{noon, noon}));
}

TEST(ZoneOffsets, HoldFromTheirMomentOnAndTheFirstBeforeIt) {
    auto const zone = berlin();
    EXPECT_EQ(zone.at(at("1999-01-01T00:00:00Z")), 1h);
    EXPECT_EQ(zone.at(at("2026-03-29T00:59:59.999Z")), 1h);
    EXPECT_EQ(zone.at(at("2026-03-29T01:00:00Z")), 2h);
    EXPECT_EQ(zone.at(at("2099-01-01T00:00:00Z")), 1h);
}

TEST(ZoneOffsets, GiveTheOneMomentOfAnOrdinaryTime) {
    auto const moment = at("2026-07-01T10:00:00Z");
    EXPECT_EQ(berlin().moments_of(local("2026-07-01T12:00:00Z")),
              (ZoneOffsets::Moments{moment, moment}));
}

TEST(ZoneOffsets, GiveTheJumpForATimeThatIsLeaptOver) {
    auto const jump = at("2026-03-29T01:00:00Z");
    for (auto const* const text : {"2026-03-29T02:00:00Z", "2026-03-29T02:59:59Z"}) {
        EXPECT_EQ(berlin().moments_of(local(text)), (ZoneOffsets::Moments{jump, jump})) << text;
    }
    EXPECT_EQ(berlin().moments_of(local("2026-03-29T03:00:00Z")),
              (ZoneOffsets::Moments{jump, jump}));
    auto const before = jump - 1ms;
    EXPECT_EQ(berlin().moments_of(local("2026-03-29T01:59:59.999Z")),
              (ZoneOffsets::Moments{before, before}));
}

TEST(ZoneOffsets, GiveBothMomentsOfATimeThatIsShownTwice) {
    EXPECT_EQ(berlin().moments_of(local("2026-10-25T02:30:00Z")),
              (ZoneOffsets::Moments{at("2026-10-25T00:30:00Z"), at("2026-10-25T01:30:00Z")}));
    auto const once = at("2026-10-25T02:00:00Z");
    EXPECT_EQ(berlin().moments_of(local("2026-10-25T03:00:00Z")),
              (ZoneOffsets::Moments{once, once}));
}

}  // namespace
}  // namespace muster
