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

unsigned status_of_probe(ChangeGuard const& guard, Request const& request) {
    auto const refused = guard.refuse_probe(request, kNow);
    return refused ? refused->status : 0;
}

Request probe_from_here() {
    auto request = change_from_here();
    request.method = Method::get;
    request.content_type.clear();
    return request;
}

TEST(ChangeGuard, LetsThoseHaveAnythingProbedWhoMayChange) {
    ChangeGuard const without(options());
    auto request = probe_from_here();
    EXPECT_EQ(status_of_probe(without, request), 0U);
    request.forwarded = true;
    EXPECT_EQ(status_of_probe(without, request), 403U);
    request.forwarded = false;
    request.from_loopback = false;
    EXPECT_EQ(without.refuse_probe(request, kNow)->body.text().find("changes are"),
              std::string::npos);
    ChangeGuard const with(options("s3cret"));
    EXPECT_EQ(status_of_probe(with, request), 401U);
    request.authorization = "Bearer s3cret";
    EXPECT_EQ(status_of_probe(with, request), 0U);
    request.host = "evil.example";
    EXPECT_EQ(status_of_probe(with, request), 403U);
}

TEST(ChangeGuard, LetsNoPageOfAnotherSiteHaveAnythingProbed) {
    ChangeGuard const guard(options());
    auto request = probe_from_here();
    for (auto const* own : {"same-origin", "none"}) {
        request.fetch_site = own;
        EXPECT_EQ(status_of_probe(guard, request), 0U) << own;
    }
    for (auto const* foreign : {"cross-site", "same-site"}) {
        request.fetch_site = foreign;
        EXPECT_EQ(status_of_probe(guard, request), 403U) << foreign;
    }
    request.fetch_site.clear();
    request.origin = "https://evil.example";
    EXPECT_EQ(status_of_probe(guard, request), 403U);
}

TEST(ChangeGuard, OpensProbesAndNothingElse) {
    auto open = options("s3cret");
    open.probe_is_open = true;
    ChangeGuard const guard(open);
    auto request = probe_from_here();
    request.from_loopback = false;
    request.host = "anything.example";
    EXPECT_EQ(status_of_probe(guard, request), 0U);
    EXPECT_EQ(status_of(guard, request), 401U);
    // A page that a browser behind the hub's walls shows could read what answers there.
    request.origin = "https://evil.example";
    EXPECT_EQ(status_of_probe(guard, request), 403U);
    request.origin.clear();
    request.fetch_site = "cross-site";
    EXPECT_EQ(status_of_probe(guard, request), 403U);
}

}  // namespace
}  // namespace muster
