// Server-Sent Events over real sockets.

#include <string>
#include <vector>

#include <gtest/gtest.h>

#include <integration/edge/edge_fixture.hpp>

namespace muster {
namespace {

struct Event {
    std::string id;
    std::string type;
    std::string data;
};

/// A client that reads what the standard says of an event stream's lines.
class StreamClient {
public:
    explicit StreamClient(Edge& edge, std::string const& path = "/api/stream",
                          std::string const& headers = "", int receive_buffer = 0)
        : socket_(edge.port(), receive_buffer) {
        socket_.send("GET " + path + " HTTP/1.1\r\nHost: hub\r\n" + headers + "\r\n");
        head_ = socket_.read_answer();
    }

    [[nodiscard]] RawClient::Answer const& head() const noexcept { return head_; }
    [[nodiscard]] RawClient& socket() noexcept { return socket_; }

    /// The next event; comments and `retry` are kept aside. Empty at the end.
    Event next() {
        Event event;
        while (true) {
            auto line = socket_.read_until("\n");
            if (line.empty() || line.back() != '\n') {
                return {};
            }
            line.pop_back();
            if (line.empty() && !event.type.empty()) {
                return event;
            }
            auto const colon = line.find(": ");
            if (line.substr(0, colon) == "id") {
                event.id = line.substr(colon + 2);
            } else if (line.substr(0, colon) == "event") {
                event.type = line.substr(colon + 2);
            } else if (line.substr(0, colon) == "data") {
                event.data = line.substr(colon + 2);
            } else if (line.substr(0, colon) == "retry") {
                retry = line.substr(colon + 2);
            } else if (!line.empty()) {
                EXPECT_EQ(line, ":");
                ++comments;
            }
        }
    }

    std::string retry;
    int comments{0};

private:
    RawClient socket_;
    RawClient::Answer head_;
};

TEST(EdgeStream, SaysWhatItIs) {
    Edge edge;
    StreamClient client(edge);
    EXPECT_EQ(client.head().status, 200U);
    EXPECT_EQ(client.head().header("Content-Type"), "text/event-stream; charset=utf-8");
    EXPECT_EQ(client.head().header("Cache-Control"), "no-cache");
    EXPECT_EQ(client.head().header("Content-Length"), "");
    EXPECT_EQ(client.head().header("Connection"), "close");
    EXPECT_EQ(client.head().header("Access-Control-Allow-Origin"), "*");
    EXPECT_EQ(client.next().type, "status-update");
    EXPECT_EQ(client.retry, "2000");
    RawClient other(edge.port());
    auto const head = other.ask("HEAD /api/stream HTTP/1.1\r\nHost: hub\r\n\r\n");
    EXPECT_EQ(head.status, 200U);
    EXPECT_EQ(head.header("Content-Type"), "text/event-stream; charset=utf-8");
    EXPECT_EQ(other.get("/health").status, 200U) << "a HEAD opens nothing";
    EXPECT_EQ(other.ask("POST /api/stream HTTP/1.1\r\nHost: hub\r\nContent-Length: 0\r\n\r\n")
                  .header("Allow"),
              "GET, HEAD, OPTIONS");
    EXPECT_EQ(edge.counters().streams_opened, 1U);
}

TEST(EdgeStream, ShowsTheSameTextAsTheWebSockets) {
    Edge edge;
    edge.change(1, HealthStatus::unknown, HealthStatus::up);
    edge.on_loop([] {});
    StreamClient client(edge, "/api/stream?channels=health");
    auto const snapshot = client.next();
    EXPECT_EQ(snapshot.type, "snapshot");
    EXPECT_EQ(snapshot.id, to_text(edge.position()));
    WebSocketClient socket(edge.port());
    socket.open("/ws/health");
    EXPECT_NE(socket.read_message(), "");
    edge.change(1, HealthStatus::up, HealthStatus::down);
    auto const change = client.next();
    EXPECT_EQ(change.type, "health");
    EXPECT_EQ(change.id, to_text(edge.position()));
    EXPECT_EQ(change.data, socket.read_message());
}

TEST(EdgeStream, ShowsMapAndChangesTogether) {
    Edge edge;
    edge.change(1, HealthStatus::unknown, HealthStatus::up);
    edge.on_loop([] {});
    StreamClient client(edge);
    EXPECT_EQ(client.next().type, "status-update");
    EXPECT_EQ(client.next().type, "snapshot");
    edge.change(1, HealthStatus::up, HealthStatus::down);
    auto const first = client.next();
    auto const second = client.next();
    EXPECT_EQ(first.type, "health");
    EXPECT_EQ(second.type, "status-update");
    EXPECT_NE(second.data.find(R"("status":"down")"), std::string::npos);
    EXPECT_EQ(second.id, "");
}

TEST(EdgeStream, GoesOnBehindTheLastEvent) {
    Edge edge;
    edge.change(1, HealthStatus::unknown, HealthStatus::up);
    edge.on_loop([] {});
    auto const place = to_text(edge.position());
    edge.change(1, HealthStatus::up, HealthStatus::down);
    edge.on_loop([] {});
    for (auto const& [path, headers] : std::vector<std::pair<std::string, std::string>>{
             {"/api/stream?channels=health", "Last-Event-ID: " + place + "\r\n"},
             {"/api/stream?channels=health", "last-event-id: " + place + "\r\n"},
             {"/api/stream?channels=health&since=" + place, ""}}) {
        StreamClient client(edge, path, headers);
        auto const event = client.next();
        EXPECT_EQ(event.type, "health");
        EXPECT_EQ(event.id, to_text(edge.position()));
    }
    RawClient wrong(edge.port());
    EXPECT_EQ(wrong.get("/api/stream?since=1").status, 400U);
    EXPECT_EQ(wrong.get("/api/stream?channels=x").status, 400U);
    EXPECT_EQ(wrong.get("/health").status, 200U);
}

TEST(EdgeStream, SpeaksUpWhenItHasNothingToSay) {
    Edge edge({.stream_beat = 50ms});
    edge.change(1, HealthStatus::unknown, HealthStatus::up);
    edge.on_loop([] {});
    StreamClient client(edge, "/api/stream?channels=health");
    EXPECT_EQ(client.next().type, "snapshot");
    edge.let_pass(300ms);
    edge.change(1, HealthStatus::up, HealthStatus::down);
    EXPECT_EQ(client.next().type, "health");
    EXPECT_GE(client.comments, 2);
}

TEST(EdgeStream, EndsWithItsClientAndWithTheHub) {
    Edge edge;
    StreamClient gone(edge);
    EXPECT_EQ(gone.next().type, "status-update");
    gone.socket().close();
    while (edge.connections() > 0) {}
    EXPECT_EQ(edge.counters().stream_clients, 0U);
    StreamClient talker(edge);
    EXPECT_EQ(talker.next().type, "status-update");
    talker.socket().send(std::string(200'000, 'x'));
    while (edge.connections() > 0) {}
    StreamClient last(edge);
    EXPECT_EQ(last.next().type, "status-update");
    EXPECT_EQ(last.next().type, "snapshot");
    edge.stop(10s);
    EXPECT_EQ(last.next().type, "");
}

TEST(EdgeStream, ASlowReaderIsShownTheNewestAndAStuckOneIsEnded) {
    Edge edge({.live_stall = 2s, .live_send_buffer = 4096});
    edge.show(20'000, HealthStatus::up);
    edge.on_loop([] {});
    StreamClient stuck(edge, "/api/stream?channels=status-update", "", 4096);
    StreamClient other(edge, "/api/stream?channels=status-update");
    EXPECT_NE(other.next().data.find("healthy"), std::string::npos);
    while (edge.counters().streams_left_behind == 0) {
        EXPECT_EQ(RawClient(edge.port()).get("/health").status, 200U);
    }
    edge.show(20'000, HealthStatus::down);
    EXPECT_EQ(other.next().data.find("healthy"), std::string::npos);
    while (edge.connections() > 1) {}
    EXPECT_EQ(edge.counters().streams_left_behind, 1U);
}

}  // namespace
}  // namespace muster
