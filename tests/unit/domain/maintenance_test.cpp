#include <muster/domain/maintenance.hpp>

#include <string>
#include <vector>

#include <gtest/gtest.h>

namespace muster {
namespace {

WallTime at(std::string const& text) {
    return *parse_rfc3339(text);
}

ZoneOffsets berlin() {
    return ZoneOffsets({{at("2026-01-01T00:00:00Z"), 1h},
                        {at("2026-03-29T01:00:00Z"), 2h},
                        {at("2026-10-25T01:00:00Z"), 1h}});
}

MaintenanceSpec weekly(Weekday day, int from_minute, int to_minute) {
    MaintenanceSpec window;
    window.weekly = WeeklyWindow{day, static_cast<std::uint16_t>(from_minute),
                                 static_cast<std::uint16_t>(to_minute), "any"};
    return window;
}

/// Holds a window against the moments at which it must begin and end: closed right before a begin,
/// open from it on, and each side knows the next edge.
void expect_edges(MaintenanceSpec const& window, ZoneOffsets const& zone,
                  std::vector<std::string> const& edges, bool open_before = false) {
    bool open = open_before;
    for (std::size_t index = 0; index < edges.size(); ++index) {
        auto const edge = at(edges[index]);
        EXPECT_EQ(window_at(window, zone, edge - 1ms), (WindowState{open, edge})) << edges[index];
        open = !open;
        EXPECT_EQ(window_at(window, zone, edge).open, open) << edges[index];
        if (index + 1 < edges.size()) {
            EXPECT_EQ(window_at(window, zone, edge).next_edge, at(edges[index + 1]))
                << edges[index];
        }
    }
}

TEST(Window, OnceIsOpenFromItsFirstMomentToItsLast) {
    MaintenanceSpec window;
    window.from = at("2026-11-22T02:00:00Z");
    window.until = at("2026-11-22T04:00:00Z");
    expect_edges(window, {}, {"2026-11-22T02:00:00Z", "2026-11-22T04:00:00Z"});
    EXPECT_EQ(window_at(window, {}, *window.until), WindowState{});
}

TEST(Window, OnceMayHaveNoBeginningOrNoEnd) {
    MaintenanceSpec until;
    until.until = at("2026-11-22T04:00:00Z");
    EXPECT_EQ(window_at(until, {}, at("1970-01-01T00:00:00Z")), (WindowState{true, until.until}));
    MaintenanceSpec from;
    from.from = at("2026-11-22T04:00:00Z");
    EXPECT_EQ(window_at(from, {}, *from.from), (WindowState{true, std::nullopt}));
    EXPECT_EQ(window_at(from, {}, *from.from - 1ms), (WindowState{false, from.from}));
}

TEST(Window, WeeklyOpensAtTheSameLocalTimeInSummerAndWinter) {
    // Sundays 02:00 to 04:00 UTC.
    expect_edges(weekly(Weekday::sun, 120, 240), {},
                 {"2026-11-22T02:00:00Z", "2026-11-22T04:00:00Z", "2026-11-29T02:00:00Z",
                  "2026-11-29T04:00:00Z"});
    // Wednesdays 12:00 to 13:30 in Berlin, over the change of 29 March and that of 25 October.
    expect_edges(weekly(Weekday::wed, 720, 810), berlin(),
                 {"2026-03-25T11:00:00Z", "2026-03-25T12:30:00Z", "2026-04-01T10:00:00Z",
                  "2026-04-01T11:30:00Z"});
    expect_edges(weekly(Weekday::wed, 720, 810), berlin(),
                 {"2026-10-21T10:00:00Z", "2026-10-21T11:30:00Z", "2026-10-28T11:00:00Z",
                  "2026-10-28T12:30:00Z"});
}

TEST(Window, WeeklyGoesOverMidnightWhenItsEndIsNotBehindItsBeginning) {
    expect_edges(weekly(Weekday::sat, 23 * 60, 60), berlin(),
                 {"2026-07-04T21:00:00Z", "2026-07-04T23:00:00Z", "2026-07-11T21:00:00Z"});
    // From noon to noon.
    expect_edges(weekly(Weekday::sat, 720, 720), {},
                 {"2026-07-04T12:00:00Z", "2026-07-05T12:00:00Z", "2026-07-11T12:00:00Z"});
}

TEST(Window, WeeklyIsOfTheLocalDayAndNotOfTheUtcOne) {
    ZoneOffsets const auckland({{at("2026-01-01T00:00:00Z"), 13h}});
    expect_edges(weekly(Weekday::mon, 60, 120), auckland,
                 {"2026-01-11T12:00:00Z", "2026-01-11T13:00:00Z", "2026-01-18T12:00:00Z"});
    ZoneOffsets const honolulu({{at("2026-01-01T00:00:00Z"), -10h}});
    expect_edges(weekly(Weekday::sun, 1380, 1410), honolulu,
                 {"2026-01-12T09:00:00Z", "2026-01-12T09:30:00Z", "2026-01-19T09:00:00Z"});
}

TEST(Window, WhatTheClocksLeapOverBeginsOrEndsWithTheLeap) {
    // Berlin, 29 March 2026: 02:00 to 03:00 is never shown.
    expect_edges(weekly(Weekday::sun, 150, 240), berlin(),
                 {"2026-03-29T01:00:00Z", "2026-03-29T02:00:00Z", "2026-04-05T00:30:00Z"});
    expect_edges(weekly(Weekday::sun, 60, 150), berlin(),
                 {"2026-03-29T00:00:00Z", "2026-03-29T01:00:00Z", "2026-04-04T23:00:00Z"});
    // Wholly in the leap: not that week.
    expect_edges(weekly(Weekday::sun, 135, 165), berlin(),
                 {"2026-03-22T01:15:00Z", "2026-03-22T01:45:00Z", "2026-04-05T00:15:00Z"});
}

TEST(Window, WhatTheClocksShowTwiceBelongsToItBothTimes) {
    // Berlin, 25 October 2026: 02:00 to 03:00 is shown twice.
    expect_edges(weekly(Weekday::sun, 150, 240), berlin(),
                 {"2026-10-25T00:30:00Z", "2026-10-25T03:00:00Z", "2026-11-01T01:30:00Z"});
    expect_edges(weekly(Weekday::sun, 60, 150), berlin(),
                 {"2026-10-24T23:00:00Z", "2026-10-25T01:30:00Z", "2026-11-01T00:00:00Z"});
}

TEST(Window, WeeklyIsBoundedByFromAndUntil) {
    auto window = weekly(Weekday::sun, 120, 240);
    window.from = at("2026-11-22T03:00:00Z");
    window.until = at("2026-11-29T03:00:00Z");
    expect_edges(window, {},
                 {"2026-11-22T03:00:00Z", "2026-11-22T04:00:00Z", "2026-11-29T02:00:00Z",
                  "2026-11-29T03:00:00Z"});
    EXPECT_EQ(window_at(window, {}, *window.until), WindowState{});
    window.from = at("2027-11-22T03:00:00Z");
    window.until.reset();
    EXPECT_EQ(window_at(window, {}, at("2026-11-22T02:30:00Z")), (WindowState{false, window.from}));
}

TEST(Window, ThatCanNeverOpenIsRefusedWithTheField) {
    EXPECT_TRUE(check_window(weekly(Weekday::sun, 0, 0)));
    MaintenanceSpec window;
    EXPECT_EQ(check_window(window).error().message,
              "a maintenance window needs from and until, or weekly");
    window.from = at("2026-11-22T04:00:00Z");
    EXPECT_TRUE(check_window(window));
    window.until = window.from;
    EXPECT_EQ(check_window(window).error().message,
              "from (2026-11-22T04:00:00.000Z) must lie before until (2026-11-22T04:00:00.000Z)");
    EXPECT_FALSE(check_window(weekly(Weekday::sun, 0, 1440)));
}

ServiceSpec service(std::string project, std::string name) {
    ServiceSpec result;
    result.project = std::move(project);
    result.name = std::move(name);
    result.type = ServiceType::database;
    result.tags = {"eu", "sql"};
    result.group = "back";
    return result;
}

TEST(Match, AsksForNothingWhereItsListsAreEmpty) {
    EXPECT_TRUE(matches({}, service("shop", "db")));
}

TEST(Match, AsksForEachOfItsListsAndForAnyItemOfOne) {
    auto const db = service("shop", "db");
    ServiceMatch match;
    match.projects = {"blog", "shop"};
    EXPECT_TRUE(matches(match, db));
    match.services = {"db"};
    match.types = {ServiceType::cache, ServiceType::database};
    match.tags = {"sql"};
    match.groups = {"back"};
    match.critical = true;
    EXPECT_TRUE(matches(match, db));
    auto other = match;
    other.projects = {"blog"};
    EXPECT_FALSE(matches(other, db));
    other = match;
    other.services = {"shop/cache", "web"};
    EXPECT_FALSE(matches(other, db));
    other.services = {"web", "shop/db"};
    EXPECT_TRUE(matches(other, db));
    other.services = {"blog/db"};
    EXPECT_FALSE(matches(other, db));
    other = match;
    other.types = {ServiceType::web};
    EXPECT_FALSE(matches(other, db));
    other = match;
    other.tags = {"us"};
    EXPECT_FALSE(matches(other, db));
    other = match;
    other.groups = {"front"};
    EXPECT_FALSE(matches(other, db));
    other = match;
    other.critical = false;
    EXPECT_FALSE(matches(other, db));
}

}  // namespace
}  // namespace muster
