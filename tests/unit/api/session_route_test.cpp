#include <muster/api/session_route.hpp>

#include <optional>
#include <string>

#include <gtest/gtest.h>

#include <muster/api/answers.hpp>
#include <muster/api/target.hpp>
#include <muster/memory/simulated_loop.hpp>

namespace muster {
namespace {

std::string sign_of(std::string_view key, std::string_view text) {
    return std::string(key) + std::string(text);
}

class SessionRouteTest : public ::testing::Test {
protected:
    SessionRouteTest() {
        add_session_route(router_, guard_);
        router_.add(Method::get, "/api/things",
                    [](Request const&) { return answer_plain(200, "{}"); });
        router_.add(Method::post, "/api/things", [this](Request const& request) {
            return guard_.refuse(request, router_.now()).value_or(answer_plain(201, "{}"));
        });
    }

    Response ask(Method method, std::string_view target, std::string token,
                 std::string cookie = {}) {
        Request request;
        request.method = method;
        request.target = parse_target(target).value();
        request.host = "localhost:3001";
        request.content_type = "application/json";
        request.authorization = token.empty() ? "" : "Bearer " + token;
        request.cookie = std::move(cookie);
        std::optional<Response> got;
        router_.handle(std::move(request),
                       [&got](Response response) { got = std::move(response); });
        return std::move(got).value();
    }

    SimulatedLoop loop_;
    Router router_{loop_, Origins({"*"})};
    ChangeGuard guard_{ChangeGuard::Options{"s3cret", {{"127.0.0.1", 3001}}, {}, {"*"}}};
};

TEST_F(SessionRouteTest, GivesACookieThatReadsAndChangesNothing) {
    router_.set_read_guard(ReadGuard({"s3cret", sign_of, {"*"}}));
    auto const begun = ask(Method::post, "/api/session", "s3cret");
    EXPECT_EQ(begun.status, 200U);
    EXPECT_EQ(begun.body.text(), R"({"success":true,"data":{"until":"2023-11-21T22:13:20.000Z"},)"
                                 R"("timestamp":"2023-11-14T22:13:20.000Z"})");
    std::string const set(begun.header("Set-Cookie"));
    auto const cookie = set.substr(0, set.find(';'));
    EXPECT_EQ(ask(Method::get, "/api/things", "", cookie).status, 200U);
    EXPECT_EQ(ask(Method::get, "/api/things", "").status, 401U);
    EXPECT_EQ(ask(Method::post, "/api/things", "", cookie).status, 401U);
    EXPECT_EQ(ask(Method::post, "/api/things", "s3cret", cookie).status, 201U);
    // Nor does a session prolong itself.
    EXPECT_EQ(ask(Method::post, "/api/session", "", cookie).status, 401U);
}

TEST_F(SessionRouteTest, WantsTheTokenAndAllElseThatAChangeMustBring) {
    router_.set_read_guard(ReadGuard({"s3cret", sign_of, {"*"}}));
    EXPECT_EQ(ask(Method::post, "/api/session", "").status, 401U);
    EXPECT_EQ(ask(Method::post, "/api/session", "wrong").status, 401U);
    EXPECT_EQ(ask(Method::post, "/api/session?x=1", "s3cret").status, 400U);
    Request foreign;
    foreign.method = Method::post;
    foreign.target = parse_target("/api/session").value();
    foreign.host = "localhost:3001";
    foreign.origin = "https://evil.example";
    foreign.content_type = "application/json";
    foreign.authorization = "Bearer s3cret";
    std::optional<Response> got;
    router_.handle(foreign, [&got](Response response) { got = std::move(response); });
    EXPECT_EQ(got.value().status, 403U);
}

TEST_F(SessionRouteTest, IsNotNeededWhereReadsAreOpen) {
    auto const response = ask(Method::post, "/api/session", "s3cret");
    EXPECT_EQ(response.status, 409U);
    EXPECT_EQ(response.header("Set-Cookie"), "");
    EXPECT_EQ(ask(Method::get, "/api/things", "").status, 200U);
}

}  // namespace
}  // namespace muster
