#include <muster/http/secrets.hpp>

#include <string>

#include <gtest/gtest.h>

#include <muster/base/utf8.hpp>

namespace muster {
namespace {

HttpProbeSpec spec_with_secrets() {
    HttpProbeSpec spec{parse_url("http://user:p%40ssword@h/x?deep=1&token=t0ken-value").value()};
    spec.more_urls = {parse_url("http://h/y?api_key=k3y-value").value()};
    spec.headers = {{"Authorization", "Bearer abcdefghij"},
                    {"Cookie", "session=0123456789; theme=dark"},
                    {"Accept", "text/html"},
                    {"Host", "virtual.example"},
                    {"X-Pin", "123"}};
    return spec;
}

std::string cleaned(std::string text) {
    Secrets(spec_with_secrets()).hide_in(text);
    return text;
}

TEST(Secrets, AreHiddenWhereverATargetEchoesThem) {
    EXPECT_EQ(cleaned("not HTTP: GET /x?deep=1&token=t0ken-value HTTP/1.1"),
              "not HTTP: GET /x?deep=1&token=*** HTTP/1.1");
    EXPECT_EQ(cleaned("a k3y-value k3y-value"), "a *** ***");
    EXPECT_EQ(cleaned("Bearer abcdefghij"), "***");
    EXPECT_EQ(cleaned("token abcdefghij is bad"), "token *** is bad");
    EXPECT_EQ(cleaned("id 0123456789"), "id ***");
    EXPECT_EQ(cleaned("user:p%40ssword, p@ssword"), "***, ***");
    EXPECT_EQ(cleaned("Basic dXNlcjpwQHNzd29yZA=="), "Basic ***");
}

TEST(Secrets, AreHiddenWhereTheTextIsCut) {
    EXPECT_EQ(cleaned("not HTTP: GET /x?deep=1&token=t0ken-v"),
              "not HTTP: GET /x?deep=1&token=***");
    EXPECT_EQ(cleaned("x=t0ke"), "x=***");
    EXPECT_EQ(cleaned("x=t0k"), "x=t0k");
}

TEST(Secrets, AreBodiesToo) {
    HttpProbeSpec spec{parse_url("http://h/").value()};
    spec.body = "user=x\npassword=hush";
    for (auto const* text : {"not HTTP: user=x\npassword=hush", "not HTTP: user=x\npass"}) {
        std::string echo = text;
        Secrets(spec).hide_in(echo);
        EXPECT_EQ(echo, "not HTTP: ***");
        auto quoted = clean_text(text, 200);
        Secrets(spec).hide_in(quoted);
        EXPECT_EQ(quoted, "not HTTP: ***");
    }
}

TEST(Secrets, OfAUrlOnItsOwn) {
    std::string text = "not HTTP: GET /m?token=t0ken-value HTTP/1.1, Basic dXNlcjpwYXNz";
    Secrets(parse_url("http://user:pass@h/m?token=t0ken-value").value()).hide_in(text);
    EXPECT_EQ(text, "not HTTP: GET /m?token=*** HTTP/1.1, Basic ***");
}

TEST(Secrets, LeaveEverythingElse) {
    for (auto const* text : {"", "HTTP error: 503", "text/html on virtual.example, deep=1, 123",
                             "Bearer of bad news", "a user of it"}) {
        EXPECT_EQ(cleaned(text), text);
    }
    std::string text = "nothing is secret here";
    Secrets(HttpProbeSpec{parse_url("http://h/").value()}).hide_in(text);
    EXPECT_EQ(text, "nothing is secret here");
}

}  // namespace
}  // namespace muster
