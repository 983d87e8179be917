#include <muster/api/change_guard.hpp>

#include <string>

#include <gtest/gtest.h>

namespace muster {
namespace {

WallTime const kNow{Millis(1'700'000'000'000)};

Request change_from_here() {
    Request request;
    request.method = Method::post;
    request.host = "127.0.0.1:3001";
    request.content_type = "application/json";
    request.from_loopback = true;
    return request;
}

ChangeGuard::Options options(std::string token = {}) {
    ChangeGuard::Options result;
    result.token = std::move(token);
    result.listen = {{"127.0.0.1", 3001}};
    result.hosts = {"Muster.Example.Org"};
    result.origins = {"*", "https://ops.example.org"};
    return result;
}

unsigned status_of(ChangeGuard const& guard, Request const& request) {
    auto const refused = guard.refuse(request, kNow);
    return refused ? refused->status : 0;
}

TEST(ChangeGuard, WithoutATokenOnlyThisMachineMay) {
    ChangeGuard const guard(options());
    auto request = change_from_here();
    EXPECT_EQ(status_of(guard, request), 0U);
    request.from_loopback = false;
    EXPECT_EQ(status_of(guard, request), 403U);
    // A token that nobody set opens nothing.
    request.authorization = "Bearer anything";
    EXPECT_EQ(status_of(guard, request), 403U);
}

TEST(ChangeGuard, ForwardedIsNotFromThisMachine) {
    ChangeGuard const guard(options());
    auto request = change_from_here();
    request.forwarded = true;
    EXPECT_EQ(status_of(guard, request), 403U);
}

TEST(ChangeGuard, WithATokenItCountsAloneFromEverywhere) {
    ChangeGuard const guard(options("s3cret"));
    auto request = change_from_here();
    EXPECT_EQ(status_of(guard, request), 401U);
    EXPECT_EQ(guard.refuse(request, kNow)->header("WWW-Authenticate"), "Bearer");
    for (auto const* wrong : {"Bearer s3cre", "Bearer s3cret0", "Bearer S3cret", "Bearer ",
                              "Basic s3cret", "s3cret", "Bearer s3cret s3cret"}) {
        request.authorization = wrong;
        EXPECT_EQ(status_of(guard, request), 401U) << wrong;
    }
    request.authorization = "bearer  s3cret ";
    request.from_loopback = false;
    request.forwarded = true;
    EXPECT_EQ(status_of(guard, request), 0U);
}

TEST(ChangeGuard, TakesOnlyHostsThatAreOurs) {
    ChangeGuard const guard(options());
    auto request = change_from_here();
    for (auto const* ours : {"localhost", "LOCALHOST:3001", "127.0.0.1", "127.9.9.9:80",
                             "[::1]:3001", "muster.example.org", "muster.example.org:443"}) {
        request.host = ours;
        EXPECT_EQ(status_of(guard, request), 0U) << ours;
    }
    for (auto const* foreign : {"", "evil.example", "evil.example:3001", "10.0.0.7:3001",
                                "localhost.evil.example", "127.0.0.1.evil.example", "[::2]:3001"}) {
        request.host = foreign;
        EXPECT_EQ(status_of(guard, request), 403U) << foreign;
    }
}

TEST(ChangeGuard, ListeningEverywhereTakesEveryAddressButNoForeignName) {
    auto everywhere = options();
    everywhere.listen = {{"0.0.0.0", 3001}};
    ChangeGuard const guard(everywhere);
    auto request = change_from_here();
    request.host = "10.0.0.7:3001";
    EXPECT_EQ(status_of(guard, request), 0U);
    request.host = "evil.example:3001";
    EXPECT_EQ(status_of(guard, request), 403U);
}

TEST(ChangeGuard, RefusesForeignPagesWhateverTheStarSays) {
    ChangeGuard const guard(options());
    auto request = change_from_here();
    for (auto const* ours : {"", "http://127.0.0.1:3001", "https://ops.example.org"}) {
        request.origin = ours;
        EXPECT_EQ(status_of(guard, request), 0U) << ours;
    }
    for (auto const* foreign : {"null", "*", "https://evil.example", "http://127.0.0.1:8080",
                                "http://localhost:3001", "https://ops.example.org.evil"}) {
        request.origin = foreign;
        EXPECT_EQ(status_of(guard, request), 403U) << foreign;
    }
}

TEST(ChangeGuard, WantsTheBodyDeclaredAsJson) {
    ChangeGuard const guard(options());
    auto request = change_from_here();
    for (auto const* fine : {"application/json", "Application/JSON; charset=utf-8"}) {
        request.content_type = fine;
        EXPECT_EQ(status_of(guard, request), 0U) << fine;
    }
    for (auto const* wrong :
         {"", "text/plain", "application/jsonp", "text/plain; application/json"}) {
        request.content_type = wrong;
        EXPECT_EQ(status_of(guard, request), 415U) << wrong;
    }
}

}  // namespace
}  // namespace muster
