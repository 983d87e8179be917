// `/ws/health` over real sockets.

#include <string>
#include <vector>

#include <gtest/gtest.h>

#include <integration/edge/edge_fixture.hpp>
#include <muster/testing/holds.hpp>

namespace muster {
namespace {

std::string seq(std::uint64_t number) {
    return R"("seq":)" + std::to_string(number) + ",";
}

TEST(EdgeHealth, ShowsASnapshotAndThenTheChanges) {
    Edge edge;
    edge.change(1, HealthStatus::unknown, HealthStatus::up);
    edge.on_loop([] {});
    WebSocketClient client(edge.port());
    EXPECT_EQ(client.open("/ws/health").status, 101U);
    auto const snapshot = client.read_message();
    auto const place = edge.position();
    EXPECT_EQ(snapshot.find(R"({"type":"snapshot","epoch":)" + std::to_string(place.epoch)), 0U);
    EXPECT_TRUE(testing::holds(snapshot, seq(place.seq)));
    EXPECT_TRUE(testing::holds(snapshot, R"("project":"project-1","name":"app")"));
    EXPECT_TRUE(testing::holds(snapshot, R"("status":"up")"));
    edge.change(1, HealthStatus::up, HealthStatus::down);
    auto const change = client.read_message();
    EXPECT_EQ(change.find(R"({"type":"health",)" + seq(place.seq + 1) + R"("service":{"id":1,)"),
              0U);
    EXPECT_TRUE(testing::holds(change, R"("status":"down")"));
    EXPECT_TRUE(testing::holds(change, R"("previousStatus":"up","reason":{"cause":)"));
}

TEST(EdgeHealth, GoesOnWhereAClientStood) {
    Edge edge;
    edge.change(1, HealthStatus::unknown, HealthStatus::up);
    edge.on_loop([] {});
    auto const place = edge.position();
    edge.change(1, HealthStatus::up, HealthStatus::down);
    edge.change(1, HealthStatus::down, HealthStatus::up);
    edge.on_loop([] {});
    WebSocketClient client(edge.port());
    EXPECT_EQ(client.open("/ws/health?since=" + to_text(place)).status, 101U);
    EXPECT_TRUE(testing::holds(client.read_message(), seq(place.seq + 1)));
    EXPECT_TRUE(testing::holds(client.read_message(), seq(place.seq + 2)));
    client.say(R"({"type":"ping"})");
    EXPECT_EQ(client.read_message(), R"({"type":"pong"})");
    WebSocketClient other(edge.port());
    EXPECT_EQ(other.open("/ws/health?since=1:1").status, 101U);
    EXPECT_TRUE(testing::holds(other.read_message(), R"("type":"snapshot")"));
    EXPECT_EQ(edge.health_counters().resumed, 1U);
    EXPECT_EQ(edge.health_counters().too_late, 1U);
}

TEST(EdgeHealth, RefusesAWrongPlaceBeforeItOpens) {
    Edge edge;
    auto const refused = WebSocketClient(edge.port()).open("/ws/health?since=yesterday");
    EXPECT_EQ(refused.status, 400U);
    EXPECT_TRUE(testing::holds(refused.body, "since must be EPOCH:SEQ"));
    EXPECT_TRUE(testing::holds(refused.body, "yesterday"));
    auto const channel = WebSocketClient(edge.port()).open("/ws/status?channels=project:a%2Fb");
    EXPECT_EQ(channel.status, 400U);
    EXPECT_TRUE(testing::holds(channel.body, "unknown channel"));
}

TEST(EdgeHealth, AStuckClientAmongOthersIsClosedAndSlowsNobody) {
    Edge edge({.live_stall = 2s, .live_send_buffer = 4096});
    edge.change(1, HealthStatus::unknown, HealthStatus::up);
    edge.on_loop([] {});
    WebSocketClient stuck(edge.port(), 4096);
    EXPECT_EQ(stuck.open("/ws/health").status, 101U);
    std::vector<WebSocketClient> others;
    for (int index = 0; index < 5; ++index) {
        others.emplace_back(edge.port());
        EXPECT_EQ(others.back().open("/ws/health").status, 101U);
        EXPECT_TRUE(testing::holds(others.back().read_message(), "snapshot"));
    }
    auto next = edge.position().seq;
    bool up = true;
    while (edge.counters().live_left_behind == 0) {
        edge.change(1, up ? HealthStatus::up : HealthStatus::down,
                    up ? HealthStatus::down : HealthStatus::up);
        up = !up;
        ++next;
        for (auto& other : others) {
            ASSERT_TRUE(testing::holds(other.read_message(), seq(next)));
        }
    }
    EXPECT_EQ(edge.counters().live_left_behind, 1U);
    EXPECT_EQ(stuck.read_close_code(), 1013U);
}

}  // namespace
}  // namespace muster
