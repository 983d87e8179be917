#include <chrono>
#include <string>
#include <vector>

#include <gtest/gtest.h>

#include <integration/edge/edge_fixture.hpp>

namespace muster {
namespace {

bool shows(std::string const& frame, std::string_view status) {
    return frame.find(R"("status":")" + std::string(status) + '"') != std::string::npos;
}

TEST(EdgeLive, ShowsTheMapAtOnceAndThenTheChanges) {
    Edge edge;
    edge.show(2, HealthStatus::up);
    for (std::string_view const path : {"/ws/status", "/ws", "/ws/status?channels=status-update"}) {
        WebSocketClient client(edge.port());
        auto const opening = client.open(path);
        EXPECT_EQ(opening.status, 101U) << opening.head;
        EXPECT_EQ(opening.header("Sec-WebSocket-Accept"), "s3pPLMBiTxaQ9kYGzzhZRbK+xOo=");
        auto const first = client.read_message();
        EXPECT_EQ(first.find(R"({"type":"status-update","data":{"project-1":{)"), 0U);
        edge.show(2, HealthStatus::down);
        EXPECT_TRUE(shows(client.read_message(), "down"));
        edge.show(2, HealthStatus::up);
        EXPECT_TRUE(shows(client.read_message(), "healthy"));
    }
}

TEST(EdgeLive, CoalescesWhatComesFast) {
    Edge edge;
    edge.show(1, HealthStatus::up);
    WebSocketClient client(edge.port());
    client.open("/ws/status");
    auto const start = std::chrono::steady_clock::now();
    int frames = 0;
    int changes = 0;
    while (std::chrono::steady_clock::now() - start < 600ms) {
        edge.show(1, ++changes % 2 == 0 ? HealthStatus::up : HealthStatus::degraded);
        edge.on_loop([] {});
    }
    edge.show(1, HealthStatus::down);
    while (!shows(client.read_message(), "down")) {
        ++frames;
    }
    EXPECT_GT(changes, 20);
    EXPECT_LE(frames, 5);
}

TEST(EdgeLive, AnswersMessages) {
    Edge edge;
    edge.show(2, HealthStatus::up);
    WebSocketClient client(edge.port());
    client.open("/ws/status");
    client.read_message();
    client.say(R"({"type":"ping"})");
    EXPECT_EQ(client.read_message(), R"({"type":"pong"})");
    client.say("what?");
    EXPECT_EQ(client.read_message(), R"({"type":"error","error":"message is not readable JSON"})");
    client.send(WebSocketClient::kBinary, R"({"type":"ping"})");
    EXPECT_EQ(client.read_message(), R"({"type":"error","error":"message is not readable JSON"})");
    client.send(WebSocketClient::kText, R"({"type":)", false);
    client.send(WebSocketClient::kPing, "beat");
    client.send(0, R"("ping"})");
    auto const beat = client.read_frame();
    EXPECT_EQ(beat.opcode, WebSocketClient::kPong);
    EXPECT_EQ(beat.payload, "beat");
    EXPECT_EQ(client.read_message(), R"({"type":"pong"})");
    client.say(R"({"type":"subscribe","channels":["project:project-2"]})");
    EXPECT_EQ(client.read_message(), R"({"type":"subscribed","channels":["project:project-2"]})");
    EXPECT_EQ(client.read_message().find(R"({"type":"status-update","data":{"project-2":{)"), 0U);
}

TEST(EdgeLive, ABurstOfMessagesIsAnsweredWholly) {
    Edge edge;
    WebSocketClient client(edge.port());
    client.open("/ws/status");
    client.read_message();
    for (int index = 0; index < 1000; ++index) {
        client.say(R"({"type":"ping"})");
    }
    for (int index = 0; index < 1000; ++index) {
        ASSERT_EQ(client.read_message(), R"({"type":"pong"})");
    }
}

TEST(EdgeLive, EndsTheConnectionAsTheProtocolSays) {
    Edge edge({.linger = 100ms});
    auto const opened = [&edge] {
        WebSocketClient client(edge.port());
        client.open("/ws/status");
        client.read_message();
        return client;
    };
    auto polite = opened();
    polite.send(WebSocketClient::kClose, "\x03\xe8");
    EXPECT_EQ(polite.read_close_code(), 1000U);
    EXPECT_TRUE(polite.socket().sees_end());
    auto unmasked = opened();
    unmasked.send(WebSocketClient::kText, "x", true, false);
    EXPECT_EQ(unmasked.read_close_code(), 1002U);
    auto no_text = opened();
    no_text.say("\xff\xfe");
    EXPECT_EQ(no_text.read_close_code(), 1007U);
    auto too_big = opened();
    too_big.say(std::string(70'000, 'x'));
    EXPECT_EQ(too_big.read_close_code(), 1009U);
    auto fits = opened();
    fits.say(std::string(65'536, ' '));
    EXPECT_NE(fits.read_message().find("error"), std::string::npos);
    auto gone = opened();
    gone.socket().close();
    while (edge.connections() > 1) {}
    fits.say(R"({"type":"ping"})");
    EXPECT_EQ(fits.read_message(), R"({"type":"pong"})");
}

TEST(EdgeLive, AClientMayEndInTheMiddleOfAFrame) {
    Edge edge;
    edge.show(20'000, HealthStatus::up);
    WebSocketClient client(edge.port(), 4096);
    client.open("/ws/status");
    client.send(WebSocketClient::kClose, "\x03\xe8");
    EXPECT_EQ(client.read_close_code(), 1000U);
}

TEST(EdgeLive, RefusesOpeningsThatAreWrong) {
    Edge edge({}, Origins({"https://ops.example"}));
    auto const status_of = [&edge](std::string_view path, std::string_view headers) {
        return WebSocketClient(edge.port()).open(path, headers).status;
    };
    EXPECT_EQ(status_of("/ws/status", "Origin: https://evil.example\r\n"), 403U);
    EXPECT_EQ(status_of("/ws/status", "Origin: https://ops.example\r\n"), 101U);
    EXPECT_EQ(status_of("/ws/status", "Origin: http://hub:3001\r\n"), 101U);
    EXPECT_EQ(status_of("/ws/status", "Origin: http://localhost:5173\r\n"), 101U);
    EXPECT_EQ(status_of("/ws/nothing", ""), 404U);
    EXPECT_EQ(status_of("/health", ""), 200U) << "an upgrade that nobody has is ignored";
    std::string const start =
        "GET /ws HTTP/1.1\r\nHost: hub\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n";
    auto const version = RawClient(edge.port())
                             .ask(start +
                                  "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n"
                                  "Sec-WebSocket-Version: 8\r\n\r\n");
    EXPECT_EQ(version.status, 426U);
    EXPECT_EQ(version.header("Sec-WebSocket-Version"), "13");
    EXPECT_EQ(RawClient(edge.port())
                  .ask(start + "Sec-WebSocket-Key: short\r\nSec-WebSocket-Version: 13\r\n\r\n")
                  .status,
              400U);
    EXPECT_EQ(RawClient(edge.port())
                  .ask(start + "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n"
                               "Sec-WebSocket-Version: 13\r\n\r\n\x81\x80mask")
                  .status,
              400U);
    EXPECT_EQ(RawClient(edge.port()).get("/ws/status").status, 426U);
}

TEST(EdgeLive, AStuckClientIsClosedWith1013AndSlowsNobody) {
    Edge edge({.live_stall = 2s});
    edge.show(20'000, HealthStatus::up);
    WebSocketClient stuck(edge.port(), 4096);
    EXPECT_EQ(stuck.open("/ws/status").status, 101U);
    WebSocketClient other(edge.port());
    EXPECT_EQ(other.open("/ws/status").status, 101U);
    EXPECT_TRUE(shows(other.read_message(), "healthy"));
    edge.show(20'000, HealthStatus::down);
    EXPECT_TRUE(shows(other.read_message(), "down"));
    while (edge.counters().live_left_behind == 0) {
        other.say(R"({"type":"ping"})");
        ASSERT_NE(other.read_message(), "");
    }
    EXPECT_EQ(stuck.read_close_code(), 1013U);
}

TEST(EdgeLive, ASlowClientThatTakesPartsStays) {
    Edge edge({.live_stall = 1s});
    edge.show(5'000, HealthStatus::up);
    WebSocketClient slow(edge.port(), 4096);
    EXPECT_EQ(slow.open("/ws/status").status, 101U);
    std::size_t taken = 0;
    while (taken < 700'000) {
        taken += slow.socket().read_exactly(32'000).size();
        edge.let_pass(20ms);
    }
    EXPECT_EQ(edge.counters().live_left_behind, 0U);
}

TEST(EdgeLive, PingsAClientThatIsSilentAndDropsOneThatIsGone) {
    Edge edge({.live_idle = 200ms});
    WebSocketClient client(edge.port());
    client.open("/ws/status");
    client.read_message();
    EXPECT_EQ(client.read_frame().opcode, WebSocketClient::kPing);
    client.send(WebSocketClient::kPong, "");
    EXPECT_EQ(client.read_frame().opcode, WebSocketClient::kPing);
    while (edge.connections() > 0) {}
}

TEST(EdgeLive, ReachesManyClients) {
    Edge edge;
    edge.show(10, HealthStatus::up);
    std::vector<WebSocketClient> clients;
    for (int index = 0; index < 400; ++index) {
        clients.emplace_back(edge.port());
        ASSERT_EQ(clients.back().open("/ws/status").status, 101U);
        ASSERT_TRUE(shows(clients.back().read_message(), "healthy"));
    }
    edge.show(10, HealthStatus::down);
    for (auto& client : clients) {
        EXPECT_TRUE(shows(client.read_message(), "down"));
    }
    EXPECT_EQ(edge.counters().live_opened, 400U);
}

}  // namespace
}  // namespace muster
