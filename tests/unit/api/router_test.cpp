#include <muster/api/router.hpp>

#include <optional>
#include <string>

#include <gtest/gtest.h>

#include <muster/api/answers.hpp>
#include <muster/api/target.hpp>
#include <muster/memory/simulated_loop.hpp>

namespace muster {
namespace {

class NoFeed final : public Feed {
public:
    std::optional<std::string> objection(Request const& /*request*/) const override {
        return std::nullopt;
    }
    std::unique_ptr<LiveSession> join(Request const& /*request*/, LiveClient& /*client*/) override {
        return nullptr;
    }
};

class RouterTest : public ::testing::Test {
protected:
    RouterTest() {
        router_.add(Method::get, "/api/things",
                    [this](Request const&) { return answer(std::string("[]"), router_.now()); });
        router_.add(Method::post, "/api/things",
                    [this](Request const& request) { return answer(request.body, router_.now()); });
        router_.add(Method::get, "/api/things/{thing}/parts/{part}",
                    [this](Request const& request) {
                        return answer('"' + std::string(request.parameter("thing")) + "+" +
                                          std::string(request.parameter("part")) + '"',
                                      router_.now());
                    });
        router_.add(Method::post, "/api/things/reload",
                    [this](Request const&) { return answer("1", router_.now()); });
        router_.add_feed("/ws/things", feed_);
    }

    Response ask(Method method, std::string_view target, std::string origin = "") {
        Request request;
        request.method = method;
        request.target = parse_target(target).value();
        request.origin = std::move(origin);
        std::optional<Response> got;
        router_.handle(std::move(request), [&got](Response response) {
            EXPECT_FALSE(got) << "answered twice";
            got = std::move(response);
        });
        EXPECT_TRUE(got) << "not answered";
        return std::move(*got);
    }

    SimulatedLoop loop_;
    Router router_{loop_, Origins({"*"})};
    NoFeed feed_;
};

TEST_F(RouterTest, FindsTheRouteByMethodAndPath) {
    EXPECT_EQ(ask(Method::get, "/api/things").body.text(),
              R"({"success":true,"data":[],"timestamp":"2023-11-14T22:13:20.000Z"})");
    EXPECT_EQ(ask(Method::get, "/api/things/a%2Fb/parts/7").body.text(),
              R"({"success":true,"data":"a/b+7","timestamp":"2023-11-14T22:13:20.000Z"})");
    EXPECT_EQ(ask(Method::get, "/api/things/").status, 200U);
}

TEST_F(RouterTest, AnswersHeadWhereItAnswersGet) {
    EXPECT_EQ(ask(Method::head, "/api/things").status, 200U);
}

TEST_F(RouterTest, TellsThatAPathIsUnknown) {
    for (std::string_view const target :
         {"/", "/api", "/api/nothing", "/api/things/x", "/api//things", "/api/things/x/parts",
          "/api/things//parts/1", "/api/Things"}) {
        auto const response = ask(Method::get, target);
        EXPECT_EQ(response.status, 404U) << target;
        EXPECT_EQ(response.content_type, kJson);
        EXPECT_EQ(response.body.text(),
                  R"({"success":false,"error":"No such path: ')" + std::string(target) +
                      R"('","code":"NOT_FOUND","timestamp":"2023-11-14T22:13:20.000Z"})");
    }
}

TEST_F(RouterTest, TellsWhichMethodsAPathHas) {
    auto const response = ask(Method::del, "/api/things");
    EXPECT_EQ(response.status, 405U);
    EXPECT_EQ(response.header("Allow"), "GET, HEAD, POST, OPTIONS");
    EXPECT_EQ(ask(Method::other, "/api/things").status, 405U);
    EXPECT_EQ(ask(Method::post, "/api/things/1/parts/2").header("Allow"), "GET, HEAD, OPTIONS");
}

TEST_F(RouterTest, AnswersPreflights) {
    auto const response = ask(Method::options, "/api/things", "https://ops.example");
    EXPECT_EQ(response.status, 204U);
    EXPECT_EQ(response.header("Allow"), "GET, HEAD, POST, OPTIONS");
    EXPECT_EQ(response.header("Access-Control-Allow-Origin"), "*");
    EXPECT_EQ(response.body.size(), 0U);
    EXPECT_EQ(ask(Method::options, "/nothing").status, 404U);
}

TEST_F(RouterTest, LetsEveryPageRead) {
    for (std::string_view const target : {"/api/things", "/nothing"}) {
        EXPECT_EQ(ask(Method::get, target).header("Access-Control-Allow-Origin"), "*") << target;
    }
}

TEST_F(RouterTest, RefusesAReadWhereOnlyChangesAreDone) {
    auto const response = ask(Method::get, "/api/things/reload");
    EXPECT_EQ(response.status, 405U);
    EXPECT_EQ(response.header("Allow"), "POST, OPTIONS");
}

TEST_F(RouterTest, KnowsThePathsOfFeeds) {
    EXPECT_EQ(router_.feed_at(parse_target("/ws/things").value()), &feed_);
    EXPECT_EQ(router_.feed_at(parse_target("/ws/other").value()), nullptr);
    auto const response = ask(Method::get, "/ws/things");
    EXPECT_EQ(response.status, 426U);
    EXPECT_EQ(response.header("Upgrade"), "websocket");
    EXPECT_EQ(ask(Method::post, "/ws/things").status, 405U);
}

TEST_F(RouterTest, AsksTheFallbackForWhatNoRouteKnows) {
    router_.set_fallback([](Request const& request) -> std::optional<Response> {
        if (request.target.path != "/page") {
            return std::nullopt;
        }
        return answer_plain(200, "{}");
    });
    EXPECT_EQ(ask(Method::get, "/page").status, 200U);
    EXPECT_EQ(ask(Method::get, "/other").status, 404U);
    EXPECT_EQ(ask(Method::put, "/api/things").status, 405U);
}

TEST(Response, HeadersCannotBeSplit) {
    Response response;
    response.add_header("X-A", "1\r\nX-B: 2");
    response.add_header("X-C", "3");
    EXPECT_EQ(response.headers, "X-A: 1  X-B: 2\r\nX-C: 3\r\n");
    EXPECT_EQ(response.header("X-C"), "3");
    EXPECT_EQ(response.header("X-B"), "");
}

TEST(Refusal, HasTheCodeOfItsStatus) {
    WallTime const now{};
    EXPECT_NE(refuse(Error{Errc::full, "x"}, now).body.text().find("NOT_READY"), std::string::npos);
    EXPECT_EQ(refuse(Error{Errc::full, "x"}, now).header("Retry-After"), "1");
    EXPECT_EQ(refuse(Error{Errc::timed_out, "x"}, now).status, 503U);
    EXPECT_EQ(refuse(Error{Errc::invalid, "x"}, now).status, 400U);
    EXPECT_EQ(refuse(Error{Errc::not_found, "x"}, now).status, 404U);
    EXPECT_EQ(refuse(Error{Errc::conflict, "x"}, now).status, 409U);
    EXPECT_EQ(refuse(Error{Errc::internal, "x"}, now).status, 500U);
}

TEST_F(RouterTest, RefusesEveryReadThatTheGuardRefuses) {
    router_.set_fallback([](Request const& request) {
        Response page;
        page.body.head = "page";
        return request.target.path == "/" || request.target.path == "/api/things"
                   ? std::optional(std::move(page))
                   : std::nullopt;
    });
    router_.set_read_guard(
        ReadGuard({"s3cret", [](auto, auto) { return std::string("x"); }, {"*"}}));
    for (std::string_view const target :
         {"/api/things", "/api/things/1/parts/2", "/ws/things", "/nothing", "/metrics"}) {
        auto const response = ask(Method::get, target);
        EXPECT_EQ(response.status, 401U) << target;
        EXPECT_EQ(response.header("Access-Control-Allow-Origin"), "*") << target;
        EXPECT_EQ(ask(Method::head, target).status, 401U) << target;
    }
    EXPECT_EQ(ask(Method::post, "/api/things").status, 401U);
    EXPECT_EQ(ask(Method::options, "/api/things").status, 204U);
    // Pages hold nothing that is watched; a path of a route is none of theirs.
    EXPECT_EQ(ask(Method::get, "/").body.text(), "page");
    Request upgrade;
    upgrade.target = parse_target("/ws/things").value();
    EXPECT_EQ(router_.refuse_read(upgrade).value().status, 401U);
    upgrade.authorization = "Bearer s3cret";
    EXPECT_FALSE(router_.refuse_read(upgrade));
}

}  // namespace
}  // namespace muster
