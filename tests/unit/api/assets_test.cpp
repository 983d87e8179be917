#include <muster/api/assets.hpp>

#include <array>
#include <string>

#include <gtest/gtest.h>

#include <muster/api/target.hpp>

namespace muster {
namespace {

constexpr std::array<Asset, 3> kAssets{{
    {"/", "text/html; charset=utf-8", "<!doctype html>", "\"a1\""},
    {"/ui/app.js", "text/javascript", "1;", "\"b2\""},
    {"/docs/index.html", "text/html", "docs", "\"c3\""},
}};

std::optional<Response> ask(std::string_view target, std::string if_none_match = "",
                            Method method = Method::get) {
    Request request;
    request.method = method;
    request.target = parse_target(target).value();
    request.if_none_match = std::move(if_none_match);
    return Assets(kAssets).find(request, WallTime{});
}

TEST(Assets, ServesWhatItWasGiven) {
    auto const page = ask("/").value();
    EXPECT_EQ(page.status, 200U);
    EXPECT_EQ(page.content_type, "text/html; charset=utf-8");
    EXPECT_EQ(page.body.text(), "<!doctype html>");
    EXPECT_EQ(page.header("ETag"), "\"a1\"");
    EXPECT_TRUE(page.lasting);
    EXPECT_EQ(page.header("Cache-Control"), "no-cache");
    EXPECT_EQ(page.header("Referrer-Policy"), "no-referrer");
    EXPECT_EQ(page.header("Content-Security-Policy").substr(0, 19), "default-src 'none';");
    EXPECT_EQ(ask("/ui/app.js?v=1").value().body.text(), "1;");
    EXPECT_EQ(ask("/docs/").value().body.text(), "docs");
}

TEST(Assets, KnowsNothingElse) {
    for (std::string_view const target :
         {"/ui", "/ui/", "/ui/App.js", "/index.html", "/docs", "/ui/../etc/passwd",
          "/ui/%2e%2e/app.js", "/ui//app.js", "/etc/passwd"}) {
        EXPECT_FALSE(ask(target)) << target;
    }
}

TEST(Assets, SpareTheBodyOfWhatTheClientHas) {
    for (std::string const etags :
         {"\"a1\"", "*", "W/\"a1\"", "\"x\", \"a1\"", "\"x\" , W/\"a1\""}) {
        auto const response = ask("/", etags).value();
        EXPECT_EQ(response.status, 304U) << etags;
        EXPECT_EQ(response.body.size(), 0U);
        EXPECT_EQ(response.content_type, "text/html; charset=utf-8") << "what it stands for";
        EXPECT_EQ(response.header("ETag"), "\"a1\"");
    }
    for (std::string const etags : {"\"a2\"", "a1", ",", "\"a1", " , "}) {
        EXPECT_EQ(ask("/", etags).value().status, 200U) << etags;
    }
}

TEST(Assets, CanOnlyBeRead) {
    auto const response = ask("/", "", Method::post).value();
    EXPECT_EQ(response.status, 405U);
    EXPECT_EQ(response.header("Allow"), "GET, HEAD");
    EXPECT_EQ(ask("/", "", Method::head).value().status, 200U);
}

}  // namespace
}  // namespace muster
