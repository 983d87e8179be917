#include <string>
#include <vector>

#include <gtest/gtest.h>

#include <integration/edge/edge_fixture.hpp>

namespace muster {
namespace {

TEST(EdgeLimits, HeadersThatDoNotComeInTimeAreRefused) {
    Edge edge({.header_deadline = 100ms});
    RawClient client(edge.port());
    client.send("GET / HTTP/1.1\r\nHost:");
    auto const answer = client.read_answer();
    EXPECT_EQ(answer.status, 408U);
    EXPECT_EQ(answer.header("Connection"), "close");
    EXPECT_TRUE(client.sees_end());
}

TEST(EdgeLimits, DrippingBytesDoNotExtendTheDeadline) {
    Edge edge({.header_deadline = 100ms, .linger = 50ms});
    RawClient client(edge.port());
    client.send("GET / HTTP/1.1\r\nX-Drip: ");
    while (edge.counters().bad_requests == 0 && client.send("x")) {}
    EXPECT_EQ(client.read_answer().status, 408U);
}

TEST(EdgeLimits, ABodyThatDoesNotComeInTimeIsRefused) {
    Edge edge({.body_deadline = 100ms});
    RawClient client(edge.port());
    client.send("POST /echo HTTP/1.1\r\nHost: hub\r\nContent-Length: 10\r\n\r\nabc");
    EXPECT_EQ(client.read_answer().status, 408U);
}

TEST(EdgeLimits, AConnectionThatSaysNothingIsClosed) {
    Edge edge({.header_deadline = 100ms});
    RawClient client(edge.port());
    EXPECT_TRUE(client.sees_end());
}

TEST(EdgeLimits, AnIdleConnectionIsClosed) {
    Edge edge({.idle_deadline = 100ms});
    RawClient client(edge.port());
    EXPECT_EQ(client.get("/health").status, 200U);
    EXPECT_TRUE(client.sees_end());
}

TEST(EdgeLimits, AClientThatTakesNothingIsClosedAndSlowsNobody) {
    Edge edge({.write_stall = 100ms});
    RawClient stuck(edge.port(), 4096);
    stuck.send("GET /big HTTP/1.1\r\nHost: hub\r\n\r\n");
    RawClient other(edge.port());
    EXPECT_EQ(other.get("/health").status, 200U);
    while (edge.connections() > 1) {
        EXPECT_EQ(other.get("/health").status, 200U);
    }
    EXPECT_LT(stuck.read_all().size(), Edge::kBigBytes);
}

TEST(EdgeLimits, MoreConnectionsThanAllowedAreRefused) {
    Edge edge({.max_connections = 3});
    std::vector<RawClient> clients;
    for (int index = 0; index < 3; ++index) {
        clients.emplace_back(edge.port());
        EXPECT_EQ(clients.back().get("/health").status, 200U);
    }
    RawClient refused(edge.port());
    auto const answer = refused.read_answer();
    EXPECT_EQ(answer.status, 503U);
    EXPECT_EQ(answer.header("Retry-After"), "1");
    EXPECT_NE(answer.body.find("too many connections"), std::string::npos);
    EXPECT_TRUE(refused.sees_end());
    clients.pop_back();
    while (edge.connections() > 2) {}
    RawClient again(edge.port());
    EXPECT_EQ(again.get("/health").status, 200U);
    EXPECT_EQ(edge.counters().refused_connections, 1U);
}

TEST(EdgeLimits, AClientThatTakesBytesOneByOneIsNotWaitedForForever) {
    Edge edge({.answer_deadline = 100ms, .slowest_bytes_per_second = 1U << 30U});
    RawClient slow(edge.port(), 4096);
    slow.send("GET /big HTTP/1.1\r\nHost: hub\r\n\r\n");
    RawClient other(edge.port());
    std::size_t taken = 0;
    while (edge.counters().slow_takers == 0) {
        taken += slow.read_exactly(100).size();
        EXPECT_EQ(other.get("/health").status, 200U);
    }
    EXPECT_LT(taken + slow.read_all().size(), Edge::kBigBytes);
}

TEST(EdgeLimits, ALargeAnswerMayTakeAsLongAsItsSizeAsks) {
    Edge edge({.answer_deadline = 1ms, .slowest_bytes_per_second = 100'000});
    RawClient client(edge.port(), 4096);
    client.send("GET /big HTTP/1.1\r\nHost: hub\r\n\r\n");
    edge.let_pass(100ms);
    EXPECT_EQ(client.read_answer().body.size(), Edge::kBigBytes);
    EXPECT_EQ(edge.counters().slow_takers, 0U);
}

TEST(EdgeLimits, OneAddressMayHaveNoMoreThanItsShare) {
    Edge edge({.max_per_address = 2});
    RawClient first(edge.port());
    EXPECT_EQ(first.get("/health").status, 200U);
    WebSocketClient second(edge.port());
    EXPECT_EQ(second.open("/ws").status, 101U) << "its place stays taken by the WebSocket";
    RawClient refused(edge.port());
    auto const answer = refused.read_answer();
    EXPECT_EQ(answer.status, 503U);
    EXPECT_NE(answer.body.find("too many connections from this address"), std::string::npos);
    EXPECT_TRUE(refused.sees_end());
    EXPECT_EQ(edge.counters().refused_addresses, 1U);
    first.close();
    while (edge.connections() > 1) {}
    EXPECT_EQ(RawClient(edge.port()).get("/health").status, 200U);
}

TEST(EdgeLimits, LiveConnectionsHaveALimitOfTheirOwn) {
    Edge edge({.max_live = 2});
    WebSocketClient socket(edge.port());
    EXPECT_EQ(socket.open("/ws").status, 101U);
    RawClient stream(edge.port());
    stream.send("GET /api/stream HTTP/1.1\r\nHost: hub\r\n\r\n");
    EXPECT_EQ(stream.read_answer().status, 200U);
    auto const refused = WebSocketClient(edge.port()).open("/ws/health");
    EXPECT_EQ(refused.status, 503U);
    EXPECT_EQ(refused.header("Retry-After"), "5");
    EXPECT_NE(refused.body.find("too many live connections"), std::string::npos);
    RawClient other(edge.port());
    auto const refused_stream = other.get("/api/stream");
    EXPECT_EQ(refused_stream.status, 503U);
    EXPECT_EQ(refused_stream.header("Retry-After"), "5");
    EXPECT_EQ(refused_stream.header("Access-Control-Allow-Origin"), "*");
    EXPECT_EQ(other.get("/health").status, 200U) << "what is no live connection goes on";
    EXPECT_EQ(edge.counters().live_refused, 2U);
    stream.close();
    while (edge.connections() > 2) {}
    EXPECT_EQ(WebSocketClient(edge.port()).open("/ws/health").status, 101U);
}

TEST(EdgeLimits, ManyWhoOnlyBeginRequestsKeepNobodyOut) {
    // As slowloris does: heads that never end, bodies that drip, answers that nobody takes.
    Edge edge({.header_deadline = 1s,
               .body_deadline = 1s,
               .idle_deadline = 1s,
               .write_stall = 300ms,
               .linger = 100ms});
    std::vector<RawClient> slow;
    for (int index = 0; index < 150; ++index) {
        slow.emplace_back(edge.port(), 4096);
        slow.back().send(index % 3 == 0   ? "GET / HTTP/1.1\r\nX-a: "
                         : index % 3 == 1 ? "POST /echo HTTP/1.1\r\nHost: hub\r\n"
                                            "Content-Length: 4096\r\n\r\nx"
                                          : "GET /big HTTP/1.1\r\nHost: hub\r\n\r\n");
    }
    do {
        for (auto& client : slow) {
            client.send("b");
        }
        EXPECT_EQ(RawClient(edge.port()).get("/health").status, 200U);
    } while (edge.connections() > 0);
    EXPECT_GE(edge.counters().bad_requests, 100U);
}

TEST(EdgeLimits, OwnLimitsHold) {
    Edge edge({.request = {.header_bytes = 1024, .url_bytes = 100, .body_bytes = 10}});
    EXPECT_EQ(RawClient(edge.port()).get("/" + std::string(100, 'x')).status, 414U);
    EXPECT_EQ(RawClient(edge.port())
                  .ask("GET / HTTP/1.1\r\nHost: hub\r\nX: " + std::string(1200, 'x') + "\r\n\r\n")
                  .status,
              431U);
    EXPECT_EQ(RawClient(edge.port())
                  .ask("POST /echo HTTP/1.1\r\nHost: hub\r\nContent-Length: 11\r\n\r\n")
                  .status,
              413U);
}

}  // namespace
}  // namespace muster
