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
