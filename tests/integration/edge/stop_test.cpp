#include <chrono>
#include <string>
#include <vector>

#include <gtest/gtest.h>

#include <integration/edge/edge_fixture.hpp>

namespace muster {
namespace {

TEST(EdgeStop, IdleConnectionsAreClosed) {
    Edge edge;
    RawClient idle(edge.port());
    EXPECT_EQ(idle.get("/health").status, 200U);
    edge.begin_stop(10s).wait();
    EXPECT_TRUE(idle.sees_end());
    EXPECT_EQ(edge.connections(), 0U);
}

TEST(EdgeStop, AnAnswerUnderWayIsFinished) {
    Edge edge;
    RawClient client(edge.port());
    RawClient trigger(edge.port());
    EXPECT_EQ(trigger.get("/health").status, 200U);
    client.send("GET /later HTTP/1.1\r\nHost: hub\r\n\r\n");
    trigger.send("GET /now HTTP/1.1\r\nHost: hub\r\n");
    while (edge.counters().requests < 2) {}
    auto const stopped = edge.begin_stop(10s);
    edge.on_loop([] {});
    trigger.send("\r\n");
    auto const answer = client.read_answer();
    EXPECT_EQ(answer.body, R"({"late":true})");
    EXPECT_EQ(answer.header("Connection"), "close");
    EXPECT_EQ(trigger.read_answer().header("Connection"), "close");
    stopped.wait();
}

TEST(EdgeStop, WebSocketsAreClosedWith1001) {
    Edge edge;
    edge.show(3, HealthStatus::up);
    std::vector<WebSocketClient> clients;
    for (int index = 0; index < 20; ++index) {
        clients.emplace_back(edge.port());
        EXPECT_EQ(clients.back().open("/ws/status").status, 101U);
        EXPECT_NE(clients.back().read_message(), "");
    }
    auto const stopped = edge.begin_stop(10s);
    for (auto& client : clients) {
        EXPECT_EQ(client.read_close_code(), 1001U);
        client.send(WebSocketClient::kClose, "\x03\xe9");
        EXPECT_TRUE(client.socket().sees_end());
        client.socket().close();
    }
    stopped.wait();
}

TEST(EdgeStop, WhatDoesNotEndIsEndedAtTheLimit) {
    Edge edge;
    edge.show(1, HealthStatus::up);
    WebSocketClient deaf(edge.port());
    EXPECT_EQ(deaf.open("/ws").status, 101U);
    RawClient waiting(edge.port());
    waiting.send("GET /never HTTP/1.1\r\nHost: hub\r\n\r\n");
    RawClient half(edge.port());
    half.send("GET /health HTTP/1.1\r\nHo");
    while (edge.counters().requests < 2) {}
    edge.begin_stop(100ms).wait();
    EXPECT_TRUE(waiting.sees_end());
    EXPECT_TRUE(half.sees_end());
}

TEST(EdgeStop, NobodyIsAcceptedAnyMore) {
    Edge edge;
    auto const port = edge.port();
    edge.begin_stop(10s).wait();
    Edge other({.listen = {{"127.0.0.1", port}}});
    EXPECT_EQ(other.port(), port);
}

}  // namespace
}  // namespace muster
