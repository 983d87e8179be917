#include <muster/http/http_date.hpp>

#include <string>

#include <gtest/gtest.h>

namespace muster {
namespace {

WallTime const kMoment{Millis(784'111'777'000)};  // 1994-11-06 08:49:37

TEST(HttpDate, IsReadInAllThreeForms) {
    EXPECT_EQ(parse_http_date("Sun, 06 Nov 1994 08:49:37 GMT"), kMoment);
    EXPECT_EQ(parse_http_date("Sunday, 06-Nov-94 08:49:37 GMT"), kMoment);
    EXPECT_EQ(parse_http_date("Sun Nov  6 08:49:37 1994"), kMoment);
}

TEST(HttpDate, KnowsTheCenturyOfTwoDigits) {
    EXPECT_EQ(parse_http_date("Monday, 02-Jan-06 15:04:05 GMT"),
              parse_http_date("Mon, 02 Jan 2006 15:04:05 GMT"));
    EXPECT_EQ(parse_http_date("Wednesday, 01-Jan-69 00:00:00 GMT"),
              parse_http_date("Wed, 01 Jan 1969 00:00:00 GMT"));
}

TEST(HttpDate, TakesALeapSecondForTheOneBefore) {
    EXPECT_EQ(parse_http_date("Sat, 31 Dec 2016 23:59:60 GMT"),
              parse_http_date("Sat, 31 Dec 2016 23:59:59 GMT"));
}

TEST(HttpDate, IsNothingElse) {
    for (auto const* text : {"",
                             " ",
                             "Sun",
                             "Sun,",
                             "now",
                             "1994-11-06T08:49:37Z",
                             "0",
                             "-1",
                             "Sun, 06 Nov 1994 08:49:37",
                             "Sun, 06 Nov 1994 08:49:37 UTC",
                             "Sun, 06 Nov 1994 08:49:37 GMT ",
                             "Sun, 6 Nov 1994 08:49:37 GMT",
                             "Sun, 31 Nov 1994 08:49:37 GMT",
                             "Sun, 00 Nov 1994 08:49:37 GMT",
                             "Sun, 06 Nox 1994 08:49:37 GMT",
                             "Sun, 06 Nov 1994 24:00:00 GMT",
                             "Sun, 06 Nov 1994 08:60:37 GMT",
                             "Sun, 06 Nov 1994 08:49:61 GMT",
                             "Sun, 06 Nov 94 08:49:37 GMT",
                             "Sunday, 06-Nov-1994 08:49:37 GMT",
                             "Sun Nov 6 08:49:37 1994",
                             "Sun Nov  6 08:49:37 1994 GMT"}) {
        EXPECT_EQ(parse_http_date(text), std::nullopt) << text;
    }
    std::string const whole = "Sun, 06 Nov 1994 08:49:37 GMT";
    for (std::size_t size = 0; size < whole.size(); ++size) {
        EXPECT_EQ(parse_http_date(whole.substr(0, size)), std::nullopt) << size;
    }
}

}  // namespace
}  // namespace muster
