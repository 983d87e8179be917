#include <muster/time_zone/system_zone_rules.hpp>

#include <string>

#include <gtest/gtest.h>

#include <muster/domain/maintenance.hpp>

namespace muster {
namespace {

WallTime at(std::string const& text) {
    return *parse_rfc3339(text);
}

ZoneOffsets offsets(std::string const& zone, std::string const& from, std::string const& until) {
    SystemZoneRules rules;
    auto found = rules.offsets(zone, at(from), at(until));
    EXPECT_TRUE(found) << zone;
    return found ? *found : ZoneOffsets{};
}

TEST(SystemZoneRules, KnowTheChangesOfBerlin) {
    EXPECT_EQ(offsets("Europe/Berlin", "2026-01-01T00:00:00Z", "2026-12-31T00:00:00Z"),
              ZoneOffsets({{at("2026-01-01T00:00:00Z"), 1h},
                           {at("2026-03-29T01:00:00Z"), 2h},
                           {at("2026-10-25T01:00:00Z"), 1h}}));
}

TEST(SystemZoneRules, KnowTheChangesOfNewYork) {
    EXPECT_EQ(offsets("America/New_York", "2026-01-01T00:00:00Z", "2026-12-31T00:00:00Z"),
              ZoneOffsets({{at("2026-01-01T00:00:00Z"), -5h},
                           {at("2026-03-08T07:00:00Z"), -4h},
                           {at("2026-11-01T06:00:00Z"), -5h}}));
}

TEST(SystemZoneRules, KnowTheHalfHourOfLordHowe) {
    EXPECT_EQ(offsets("Australia/Lord_Howe", "2026-01-01T00:00:00Z", "2026-12-31T00:00:00Z"),
              ZoneOffsets({{at("2026-01-01T00:00:00Z"), 11h},
                           {at("2026-04-04T15:00:00Z"), 10h + 30min},
                           {at("2026-10-03T15:30:00Z"), 11h}}));
}

TEST(SystemZoneRules, KnowOnlyTheSpanThatIsAskedFor) {
    EXPECT_EQ(offsets("Europe/Berlin", "2026-03-29T01:00:00Z", "2026-10-25T00:59:59Z"),
              ZoneOffsets({{at("2026-03-29T01:00:00Z"), 2h}}));
    EXPECT_EQ(offsets("UTC", "2026-01-01T00:00:00Z", "2036-01-01T00:00:00Z"),
              ZoneOffsets({{at("2026-01-01T00:00:00Z"), 0h}}));
}

TEST(SystemZoneRules, RefuseAZoneThatDoesNotExistByName) {
    SystemZoneRules rules;
    for (std::string const zone : {"Europe/Berlyn", "", "/etc/localtime", "../../etc/localtime",
                                   "file:/etc/localtime", "localtime", "Europe/"}) {
        auto const found = rules.offsets(zone, {}, {});
        ASSERT_FALSE(found) << zone;
        EXPECT_EQ(found.error().code, Errc::not_found);
        EXPECT_NE(found.error().message.find("'" + zone + "'"), std::string::npos) << zone;
    }
}

/// The half hour of Lord Howe is shown twice on 5 April 2026 (01:30 to 02:00) and leapt over on
/// 4 October (02:00 to 02:30).
TEST(SystemZoneRules, MakeWindowsRightOverTheChangesOfLordHowe) {
    MaintenanceSpec window;
    window.weekly = WeeklyWindow{Weekday::sun, 105, 150, "Australia/Lord_Howe"};  // 01:45 - 02:30
    auto const autumn =
        offsets("Australia/Lord_Howe", "2026-03-25T00:00:00Z", "2026-05-01T00:00:00Z");
    EXPECT_EQ(window_at(window, autumn, at("2026-04-04T12:00:00Z")),
              (WindowState{false, at("2026-04-04T14:45:00Z")}));
    EXPECT_EQ(window_at(window, autumn, at("2026-04-04T15:00:00Z")),
              (WindowState{true, at("2026-04-04T16:00:00Z")}));
    auto const spring =
        offsets("Australia/Lord_Howe", "2026-09-25T00:00:00Z", "2026-11-01T00:00:00Z");
    EXPECT_EQ(window_at(window, spring, at("2026-10-03T15:20:00Z")),
              (WindowState{true, at("2026-10-03T15:30:00Z")}));
}

}  // namespace
}  // namespace muster
