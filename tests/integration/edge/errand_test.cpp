#include <atomic>
#include <memory>
#include <optional>
#include <string>
#include <utility>

#include <gtest/gtest.h>

#include <integration/edge/edge_fixture.hpp>

namespace muster {
namespace {

constexpr auto kErrand = "GET /errand HTTP/1.1\r\nHost: hub\r\n\r\n";

/// Waits until the edge has come so far.
template <class Condition>
void wait_for(Edge& edge, Condition condition) {
    bool met = false;
    while (!met) {
        edge.on_loop([&] { met = condition(); });
    }
}

TEST(EdgeErrand, IsAnsweredWhenItIsDone) {
    Edge edge;
    RawClient client(edge.port());
    client.send(kErrand);
    wait_for(edge, [&] { return edge.errands().under_way == 1; });
    edge.on_loop([&] { edge.errands().finish(); });
    EXPECT_EQ(client.read_answer().body, R"({"done":true})");
    EXPECT_EQ(edge.errands().under_way, 0);
    // The connection goes on, and is watched again.
    client.send(kErrand);
    wait_for(edge, [&] { return edge.errands().under_way == 1; });
    client.close();
    wait_for(edge, [&] { return edge.errands().under_way == 0; });
    EXPECT_EQ(edge.errands().answered, 1);
}

TEST(EdgeErrand, EndsWhenItsClientGoesAway) {
    Edge edge;
    {
        RawClient client(edge.port());
        client.send(kErrand);
        wait_for(edge, [&] { return edge.errands().under_way == 1; });
    }
    wait_for(edge, [&] { return edge.errands().under_way == 0; });
    wait_for(edge, [&] { return edge.server().connections() == 0; });
    EXPECT_EQ(edge.errands().answered, 0);
}

TEST(EdgeErrand, GoesOnForAClientThatHasMoreToAsk) {
    Edge edge;
    RawClient client(edge.port());
    client.send(std::string(kErrand) + "GET /health HTTP/1.1\r\nHost: hub\r\n\r\n");
    wait_for(edge, [&] { return edge.errands().under_way == 1; });
    client.send("GET /health HTTP/1.1\r\nHost: hub\r\n\r\n");
    // Time enough for the edge to see it: another client is answered meanwhile, again and again.
    RawClient other(edge.port());
    for (int turn = 0; turn < 20; ++turn) {
        other.send("GET /health HTTP/1.1\r\nHost: hub\r\n\r\n");
        EXPECT_EQ(other.read_answer().status, 200U);
    }
    edge.on_loop([&] {
        ASSERT_EQ(edge.errands().under_way, 1);
        edge.errands().finish();
    });
    EXPECT_EQ(client.read_answer().body, R"({"done":true})");
    EXPECT_EQ(client.read_answer().status, 200U);
    EXPECT_EQ(client.read_answer().status, 200U);
}

TEST(EdgeErrand, GivesWayToTheStop) {
    Edge edge;
    RawClient client(edge.port());
    client.send(kErrand);
    wait_for(edge, [&] { return edge.errands().under_way == 1; });
    auto const stopped = edge.begin_stop(10s);
    auto const answer = client.read_answer();
    EXPECT_EQ(answer.status, 503U);
    EXPECT_NE(answer.header("Retry-After"), "");
    EXPECT_EQ(answer.header("Connection"), "close");
    stopped.wait();
    EXPECT_EQ(edge.errands().under_way, 0);
}

}  // namespace
}  // namespace muster
