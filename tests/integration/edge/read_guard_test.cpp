// Reads that need the token, over real sockets: REST, WebSockets and event streams.

#include <string>

#include <gtest/gtest.h>

#include <integration/edge/edge_fixture.hpp>
#include <muster/tls/hmac.hpp>

namespace muster {
namespace {

constexpr std::string_view kToken = "Authorization: Bearer s3cret\r\n";

ReadGuard guard(std::string token = "s3cret") {
    return ReadGuard({std::move(token), hmac_sha256, {"*"}});
}

/// As a browser would send it, which has been given it.
std::string cookie(std::string token = "s3cret") {
    auto const set = guard(std::move(token)).session()->set_cookie(SystemClock().now().wall);
    return "Cookie: theme=dark; " + set.substr(0, set.find(';')) + "\r\n";
}

RawClient::Answer get(Edge& edge, std::string_view path, std::string_view headers = {}) {
    RawClient client(edge.port());
    return client.ask("GET " + std::string(path) + " HTTP/1.1\r\nHost: hub\r\n" +
                      std::string(headers) + "Connection: close\r\n\r\n");
}

TEST(EdgeReadGuard, AnswersReadsByTokenOrSessionOnly) {
    Edge edge({}, Origins({"*"}), guard());
    edge.show(1, HealthStatus::up);
    for (auto const* path : {"/api/projects/status", "/echo/x", "/big", "/nothing"}) {
        auto const refused = get(edge, path);
        EXPECT_EQ(refused.status, 401U) << path;
        EXPECT_EQ(refused.header("WWW-Authenticate"), "Bearer") << path;
        EXPECT_EQ(refused.body.find("project-1"), std::string::npos) << path;
    }
    for (auto const& headers : {std::string(kToken), cookie()}) {
        auto const answer = get(edge, "/api/projects/status", headers);
        EXPECT_EQ(answer.status, 200U) << headers;
        EXPECT_NE(answer.body.find("project-1"), std::string::npos);
    }
    EXPECT_EQ(get(edge, "/echo/x", cookie("another")).status, 401U);
    EXPECT_EQ(get(edge, "/echo/x", "Authorization: Bearer another\r\n").status, 401U);
    EXPECT_EQ(get(edge, "/health").status, 200U);
    EXPECT_EQ(get(edge, "/ready").status, 503U);  // it has not started: that is told to everybody
}

TEST(EdgeReadGuard, RefusesEachRequestOfAConnectionForItself) {
    Edge edge({}, Origins({"*"}), guard());
    RawClient client(edge.port());
    EXPECT_EQ(client.get("/echo/x").status, 401U);
    EXPECT_EQ(
        client.ask("GET /echo/x HTTP/1.1\r\nHost: hub\r\n" + std::string(kToken) + "\r\n").status,
        200U);
    EXPECT_EQ(client.get("/echo/x").status, 401U);
}

TEST(EdgeReadGuard, OpensWebSocketsByTokenOrSessionOfOurPage) {
    Edge edge({}, Origins({"*"}), guard());
    edge.show(1, HealthStatus::up);
    for (auto const* path : {"/ws", "/ws/status", "/ws/health"}) {
        WebSocketClient refused(edge.port());
        auto const opening = refused.open(path);
        EXPECT_EQ(opening.status, 401U) << path;
        EXPECT_EQ(opening.header("WWW-Authenticate"), "Bearer") << path;
        WebSocketClient by_token(edge.port());
        EXPECT_EQ(by_token.open(path, kToken).status, 101U) << path;
        EXPECT_NE(by_token.read_message(), "") << path;
        WebSocketClient by_session(edge.port());
        EXPECT_EQ(by_session.open(path, cookie() + "Origin: http://hub:3001\r\n").status, 101U)
            << path;
        EXPECT_NE(by_session.read_message(), "") << path;
    }
    // A page at another port of the same host has the cookie sent along as well.
    WebSocketClient foreign(edge.port());
    EXPECT_EQ(foreign.open("/ws/status", cookie() + "Origin: http://hub:81\r\n").status, 401U);
}

TEST(EdgeReadGuard, OpensEventStreamsByTokenOrSession) {
    Edge edge({}, Origins({"*"}), guard());
    edge.show(1, HealthStatus::up);
    EXPECT_EQ(get(edge, "/api/stream").status, 401U);
    for (auto const& headers : {std::string(kToken), cookie()}) {
        RawClient client(edge.port());
        client.send("GET /api/stream HTTP/1.1\r\nHost: hub\r\n" + headers + "\r\n");
        EXPECT_EQ(client.read_answer().status, 200U) << headers;
        EXPECT_NE(client.read_until("project-1").find("event: status-update"), std::string::npos);
    }
}

TEST(EdgeReadGuard, HoldsFromTheNextRequestOnAndLeavesWhatIsOpen) {
    Edge edge;
    edge.show(1, HealthStatus::up);
    WebSocketClient open(edge.port());
    EXPECT_EQ(open.open("/ws/status").status, 101U);
    EXPECT_NE(open.read_message(), "");
    edge.guard_reads(guard());
    EXPECT_EQ(get(edge, "/api/projects/status").status, 401U);
    edge.show(1, HealthStatus::down);
    EXPECT_NE(open.read_message().find("down"), std::string::npos);
    edge.guard_reads(guard("another"));
    EXPECT_EQ(get(edge, "/api/projects/status", kToken).status, 401U);
    edge.guard_reads({});
    EXPECT_EQ(get(edge, "/api/projects/status").status, 200U);
}

}  // namespace
}  // namespace muster
