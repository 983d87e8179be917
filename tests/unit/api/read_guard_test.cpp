#include <muster/api/read_guard.hpp>

#include <string>

#include <gtest/gtest.h>

#include <muster/api/target.hpp>

namespace muster {
namespace {

WallTime const kNow{Millis(1'700'000'000'000)};

std::string plain_sign(std::string_view key, std::string_view text) {
    return std::string(key) + std::string(text);
}

ReadGuard guard() {
    return ReadGuard({"s3cret", plain_sign, {"*", "https://ops.example.org"}});
}

Request read_of(std::string_view target) {
    Request request;
    request.target = parse_target(target).value();
    request.host = "127.0.0.1:3001";
    request.from_loopback = true;
    return request;
}

std::string cookie() {
    auto const set = guard().session()->set_cookie(kNow);
    return set.substr(0, set.find(';'));
}

bool refuses(Request const& request) {
    return guard().refuse(request, kNow).has_value();
}

TEST(ReadGuard, IsOpenUnlessAToken) {
    ReadGuard const open;
    EXPECT_FALSE(open.refuse(read_of("/api/services"), kNow));
    EXPECT_EQ(open.session(), nullptr);
}

TEST(ReadGuard, WantsTheTokenFromThisMachineToo) {
    auto request = read_of("/api/services");
    EXPECT_TRUE(refuses(request));
    request.authorization = "Bearer wrong";
    EXPECT_TRUE(refuses(request));
    request.authorization = "Bearer s3cret";
    EXPECT_FALSE(refuses(request));
    request.from_loopback = false;
    request.forwarded = true;
    request.origin = "https://evil.example";  // a page that has the token is whoever gave it
    EXPECT_FALSE(refuses(request));
}

TEST(ReadGuard, LeavesOpenWhatTellsNothing) {
    for (auto const* target : {"/health", "/ready", "/status.css", "/health?x=1"}) {
        EXPECT_FALSE(refuses(read_of(target))) << target;
    }
    for (auto const* target : {"/", "/metrics", "/status", "/healthy", "/health/x", "/api/health",
                               "/api/session", "/nothing"}) {
        EXPECT_TRUE(refuses(read_of(target))) << target;
    }
}

TEST(ReadGuard, AnswersPreflightsButNothingElseWithoutTheToken) {
    auto request = read_of("/api/services");
    request.method = Method::options;
    EXPECT_FALSE(refuses(request));
    for (auto const method :
         {Method::head, Method::post, Method::put, Method::patch, Method::del, Method::other}) {
        request.method = method;
        EXPECT_TRUE(refuses(request)) << to_string(method);
    }
}

TEST(ReadGuard, TakesASessionOfOurOwnPagesOnly) {
    auto request = read_of("/ws/status");
    request.cookie = cookie();
    for (auto const* ours : {"", "http://127.0.0.1:3001", "https://ops.example.org"}) {
        request.origin = ours;
        EXPECT_FALSE(refuses(request)) << ours;
    }
    // The same host at another port gets the cookie from the browser as well.
    for (auto const* foreign : {"http://127.0.0.1:8080", "https://evil.example", "null", "*"}) {
        request.origin = foreign;
        EXPECT_TRUE(refuses(request)) << foreign;
    }
}

TEST(ReadGuard, TakesNoSessionBesideAWrongToken) {
    auto request = read_of("/api/services");
    request.cookie = cookie();
    request.authorization = "Bearer wrong";
    EXPECT_TRUE(refuses(request));
    request.authorization.clear();
    EXPECT_FALSE(refuses(request));
    request.cookie += "0";
    EXPECT_TRUE(refuses(request));
}

TEST(ReadGuard, RefusesAsThePathsBesideAreAnswered) {
    auto const refusal = [](std::string_view target) {
        return guard().refuse(read_of(target), kNow).value();
    };
    struct Family {
        char const* target;
        char const* type;
        char const* part;
    };
    for (auto const& [target, type, part] :
         {Family{"/api/services", "application/json; charset=utf-8", R"("code":"UNAUTHORIZED")"},
          Family{"/ws/status", "application/json; charset=utf-8", R"("success":false)"},
          Family{"/report/shop?format=json", "application/json; charset=utf-8", "is missing"},
          Family{"/report/shop", "text/html; charset=utf-8", "Sign in"},
          Family{"/status", "text/html; charset=utf-8", "Token needed"},
          Family{"/metrics", "text/plain; charset=utf-8",
                 "Authorization: Bearer <MUSTER_TOKEN> is missing\n"},
          Family{"/badge/shop.svg", "image/svg+xml; charset=utf-8", "token needed"}}) {
        auto const response = refusal(target);
        EXPECT_EQ(response.status, 401U) << target;
        EXPECT_EQ(response.header("WWW-Authenticate"), "Bearer") << target;
        EXPECT_EQ(response.content_type, type) << target;
        EXPECT_NE(response.body.text().find(part), std::string::npos) << response.body.text();
    }
}

}  // namespace
}  // namespace muster
