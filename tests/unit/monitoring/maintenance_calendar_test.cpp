#include <muster/monitoring/maintenance_calendar.hpp>

#include <string>
#include <vector>

#include <gtest/gtest.h>

#include <muster/memory/table_zone_rules.hpp>

namespace muster {
namespace {

WallTime at(std::string const& text) {
    return *parse_rfc3339(text);
}

Maintenance once(std::string service, std::string from, std::string until, std::string why) {
    Maintenance window;
    window.spec.match.services = {std::move(service)};
    window.spec.from = at(from);
    window.spec.until = at(until);
    window.spec.why = std::move(why);
    return window;
}

Maintenance weekly(std::string zone, std::uint16_t from_minute, std::uint16_t to_minute) {
    Maintenance window;
    window.spec.weekly = WeeklyWindow{Weekday::sun, from_minute, to_minute, std::move(zone)};
    window.spec.why = "backups";
    return window;
}

ServiceSpec service(std::string name) {
    ServiceSpec spec;
    spec.project = "shop";
    spec.name = std::move(name);
    return spec;
}

class MaintenanceCalendarTest : public ::testing::Test {
protected:
    std::string covers(std::string name) {
        auto const* window = calendar.covering(service(std::move(name)));
        return window == nullptr ? "" : window->spec.why;
    }

    TableZoneRules zones;
    MaintenanceCalendar calendar{zones};
};

TEST_F(MaintenanceCalendarTest, WithoutWindowsCoversNobodyEver) {
    ASSERT_TRUE(calendar.set({}, at("2026-11-22T00:00:00Z")));
    EXPECT_EQ(covers("db"), "");
    EXPECT_FALSE(calendar.next_edge());
    EXPECT_FALSE(calendar.advance(at("2027-11-22T00:00:00Z")));
}

TEST_F(MaintenanceCalendarTest, GoesFromEdgeToEdge) {
    ASSERT_TRUE(calendar.set({once("db", "2026-11-22T02:00:00Z", "2026-11-22T04:00:00Z", "disks"),
                              once("web", "2026-11-22T03:00:00Z", "2026-11-22T05:00:00Z", "certs")},
                             at("2026-11-22T00:00:00Z")));
    EXPECT_EQ(calendar.next_edge(), at("2026-11-22T02:00:00Z"));
    EXPECT_FALSE(calendar.advance(at("2026-11-22T01:59:59Z")));
    EXPECT_TRUE(calendar.advance(at("2026-11-22T02:00:00Z")));
    EXPECT_EQ(covers("db"), "disks");
    EXPECT_EQ(covers("web"), "");
    EXPECT_EQ(calendar.next_edge(), at("2026-11-22T03:00:00Z"));
    EXPECT_TRUE(calendar.advance(at("2026-11-22T03:00:00Z")));
    EXPECT_EQ(covers("web"), "certs");
    EXPECT_TRUE(calendar.advance(at("2026-11-22T06:00:00Z")));
    EXPECT_EQ(covers("db"), "");
    EXPECT_FALSE(calendar.next_edge());
    // A clock that is set back opens them again.
    EXPECT_TRUE(calendar.advance(at("2026-11-22T02:30:00Z")));
    EXPECT_EQ(covers("db"), "disks");
}

TEST_F(MaintenanceCalendarTest, RefusesAnUnknownZoneByNameAndKeepsWhatItHad) {
    auto const now = at("2026-11-22T02:30:00Z");
    ASSERT_TRUE(calendar.set({weekly("UTC", 120, 240)}, now));
    EXPECT_EQ(covers("db"), "backups");
    auto const refused = calendar.set({weekly("Europe/Berlyn", 120, 240)}, now);
    ASSERT_FALSE(refused);
    EXPECT_EQ(refused.error().message,
              "maintenance window 'backups': unknown time zone 'Europe/Berlyn'");
    EXPECT_EQ(covers("db"), "backups");
    Maintenance empty;
    EXPECT_EQ(calendar.set({empty}, now).error().message,
              "maintenance window: a maintenance window needs from and until, or weekly");
}

TEST_F(MaintenanceCalendarTest, AsksForTheRulesOfAZoneAgainAsTimeGoesOn) {
    zones.put("Here", ZoneOffsets({{at("2026-01-01T00:00:00Z"), 1h}}));
    ASSERT_TRUE(calendar.set({weekly("Here", 120, 240)}, at("2026-11-22T00:00:00Z")));
    EXPECT_EQ(calendar.next_edge(), at("2026-11-22T01:00:00Z"));
    zones.put("Here", ZoneOffsets({{at("2026-01-01T00:00:00Z"), 2h}}));  // a new tzdata
    EXPECT_TRUE(calendar.advance(at("2027-03-28T00:00:00Z")));
    EXPECT_EQ(covers("db"), "backups");
    EXPECT_EQ(calendar.next_edge(), at("2027-03-28T02:00:00Z"));
}

}  // namespace
}  // namespace muster
