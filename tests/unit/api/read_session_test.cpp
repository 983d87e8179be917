#include <muster/api/read_session.hpp>

#include <string>

#include <gtest/gtest.h>

namespace muster {
namespace {

WallTime const kNow{Millis(1'700'000'000'250)};

/// Shows what is signed, with what.
std::string plain_sign(std::string_view key, std::string_view text) {
    return "<" + std::string(key) + "|" + std::string(text) + ">";
}

ReadSession session(std::string token = "s3cret") {
    return {std::move(token), plain_sign};
}

/// As a browser sends back what it was given.
std::string cookie_of(ReadSession const& session, WallTime given_at) {
    auto const set = session.set_cookie(given_at);
    return set.substr(0, set.find(';'));
}

TEST(ReadSession, IsACookieThatScriptsAndOtherSitesDoNotHave) {
    EXPECT_EQ(session().set_cookie(kNow),
              "muster_session=1700604800.<s3cret|muster read session until 1700604800>; Path=/; "
              "HttpOnly; SameSite=Strict; Max-Age=604800");
    EXPECT_EQ(to_rfc3339(ReadSession::end_of(kNow)), "2023-11-21T22:13:20.000Z");
}

TEST(ReadSession, HoldsForAWeek) {
    auto const ours = session();
    auto const cookie = cookie_of(ours, kNow);
    EXPECT_TRUE(ours.holds(cookie, kNow));
    EXPECT_TRUE(ours.holds(cookie, kNow + ReadSession::kLifetime - 1s));
    EXPECT_FALSE(ours.holds(cookie, kNow + ReadSession::kLifetime));
    // Longer than we give: of a clock that has been set back, or none of ours.
    EXPECT_FALSE(ours.holds(cookie, kNow - 2s));
}

TEST(ReadSession, EndsWithItsToken) {
    EXPECT_FALSE(session("other").holds(cookie_of(session(), kNow), kNow));
}

TEST(ReadSession, IsFoundAmongOtherCookies) {
    auto const ours = session();
    auto const cookie = cookie_of(ours, kNow);
    EXPECT_TRUE(ours.holds("a=b; " + cookie + "; c", kNow));
    EXPECT_TRUE(ours.holds("muster_session=1.old; " + cookie, kNow));
    EXPECT_TRUE(ours.holds("a=b;" + cookie + ";", kNow));
}

TEST(ReadSession, TakesNothingElse) {
    auto const ours = session();
    std::string const signed_until = "<s3cret|muster read session until ";
    for (auto const& text :
         {std::string(), std::string(";"), std::string("="), std::string("muster_session"),
          std::string("muster_session="), std::string("muster_session=1700604800"),
          std::string("muster_session=1700604800."),
          "muster_session=1700604800." + signed_until + "1700604799>",
          "muster_session=." + signed_until + ">", "muster_session=x." + signed_until + "x>",
          "muster_session= 1700604800." + signed_until + " 1700604800>",
          "muster_session=99999999999999999999." + signed_until + "99999999999999999999>",
          "MUSTER_SESSION=1700604800." + signed_until + "1700604800>",
          "xmuster_session=1700604800." + signed_until + "1700604800>"}) {
        EXPECT_FALSE(ours.holds(text, kNow)) << text;
    }
}

}  // namespace
}  // namespace muster
