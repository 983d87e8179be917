// WebSocket clients that break the protocol, say too much or say nothing: each costs little, is
// sent away with the code that tells why, and slows nobody.

#include <functional>
#include <string>
#include <string_view>
#include <utility>

#include <gtest/gtest.h>

#include <integration/edge/edge_fixture.hpp>

namespace muster {
namespace {

WebSocketClient opened(Edge& edge) {
    WebSocketClient client(edge.port());
    EXPECT_EQ(client.open("/ws/status").status, 101U);
    EXPECT_NE(client.read_message(), "");
    return client;
}

/// The code that bytes are closed with.
unsigned code_of(Edge& edge, std::string_view bytes) {
    auto client = opened(edge);
    client.socket().send(bytes);
    return client.read_close_code();
}

TEST(EdgeHostile, BrokenFramesAreClosedWith1002) {
    Edge edge({.linger = 50ms});
    using namespace std::string_view_literals;
    for (auto const bytes : {
             "\x83\x80mask"sv,              // a reserved opcode
             "\x8b\x80mask"sv,              // a reserved control opcode
             "\xc1\x80mask"sv,              // RSV1 without an extension
             "\x80\x80mask"sv,              // nothing to go on with
             "\x09\x80mask"sv,              // a ping in pieces
             "\x89\xfe\x00\x7emask"sv,      // a ping that is too long
             "\x81\xfe\x00\x05mask"sv,      // a length that is longer than it need be
             "\x01\x80mask\x81\x80mask"sv,  // a message within a message
             "\x88\x81masko"sv,             // half of a code
             "\x81\x01x"sv,                 // not masked
         }) {
        auto const code = code_of(edge, bytes);
        EXPECT_EQ(code, 1002U) << ::testing::PrintToString(bytes);
    }
    while (edge.connections() > 0) {}
    EXPECT_EQ(edge.counters().live_broken, 10U);
}

TEST(EdgeHostile, BadTextIsClosedWith1007) {
    Edge edge({.linger = 50ms});
    auto client = opened(edge);
    client.say("\xc3\x28");
    EXPECT_EQ(client.read_close_code(), 1007U);
    auto in_pieces = opened(edge);
    in_pieces.send(WebSocketClient::kText, "\xe2\x82", false);
    in_pieces.send(0, "x");
    EXPECT_EQ(in_pieces.read_close_code(), 1007U);
    auto fine = opened(edge);
    fine.send(WebSocketClient::kText, "\"\xe2\x82", false);
    fine.send(0, "\xac\"");
    EXPECT_EQ(fine.read_message(), R"({"type":"error","error":"message must be a JSON object"})");
}

TEST(EdgeHostile, HugeFramesAreRefusedByTheirHead) {
    Edge edge({.linger = 50ms});
    using namespace std::string_view_literals;
    EXPECT_EQ(code_of(edge, "\x81\xff\x00\x00\x01\x00\x00\x00\x00\x00mask"sv), 1009U);
    EXPECT_EQ(code_of(edge, "\x01\xff\x00\x00\x00\x00\x00\x01\x00\x01mask"sv), 1009U);
}

TEST(EdgeHostile, AMessageInManyPiecesIsBoundedAsAWhole) {
    Edge edge({.linger = 50ms});
    auto client = opened(edge);
    client.send(WebSocketClient::kText, std::string(1000, ' '), false);
    for (int piece = 0; piece < 70; ++piece) {
        client.send(0, std::string(1000, ' '), false);
    }
    EXPECT_EQ(client.read_close_code(), 1009U);
}

TEST(EdgeHostile, AMessageThatDoesNotEndIsClosedWith1008) {
    Edge edge({.message_deadline = 100ms});
    auto client = opened(edge);
    client.send(WebSocketClient::kText, "{", false);
    edge.let_pass(50ms);
    client.send(0, " ", false);
    EXPECT_EQ(client.read_close_code(), 1008U);
    EXPECT_EQ(edge.counters().live_broken, 1U);
}

/// Runs `last` so many turns of the loop later.
void after_turns(Edge& edge, int turns, std::function<void()> last) {
    if (turns == 0) {
        last();
    } else {
        edge.loop().post([&edge, turns, last = std::move(last)]() mutable {
            after_turns(edge, turns - 1, std::move(last));
        });
    }
}

/// While a ping is answered we close, and what lies behind the ping is a reason to close as well:
/// neither may wait for the other, whenever that happens.
TEST(EdgeHostile, WhoBreaksTheProtocolWhileItIsSentAwayIsGoneInTime) {
    using namespace std::string_view_literals;
    for (int turns = 0; turns < 16; ++turns) {
        Edge edge({.linger = 50ms, .close_deadline = 50ms});
        auto client = opened(edge);
        edge.on_loop([&] {
            client.socket().send("\x01\x80mask\x89\x80mask\x81\x80mask"sv);
            after_turns(edge, turns, [&edge] { (void)edge.begin_stop(10s); });
        });
        for (int look = 0; look < 100 && edge.connections() > 0; ++look) {
            edge.let_pass(20ms);
        }
        EXPECT_EQ(edge.connections(), 0U) << "after " << turns << " turns";
    }
}

TEST(EdgeHostile, AFloodOfPingsIsClosedWith1008) {
    Edge edge({.messages_per_second = 1, .message_burst = 50});
    auto client = opened(edge);
    for (int count = 0; count < 60; ++count) {
        client.send(WebSocketClient::kPing, "");
    }
    EXPECT_EQ(client.read_close_code(), 1008U);
    EXPECT_EQ(edge.counters().live_flooding, 1U);
}

TEST(EdgeHostile, WhoSaysTooMuchIsReadMoreSlowlyAndAnsweredWholly) {
    Edge edge({.messages_per_second = 200, .message_burst = 10});
    auto talker = opened(edge);
    auto other = opened(edge);
    for (int count = 0; count < 100; ++count) {
        talker.say(R"({"type":"ping"})");
    }
    other.say(R"({"type":"ping"})");
    EXPECT_EQ(other.read_message(), R"({"type":"pong"})");
    for (int count = 0; count < 100; ++count) {
        ASSERT_EQ(talker.read_message(), R"({"type":"pong"})");
    }
    EXPECT_GE(edge.counters().messages_delayed, 1U);
}

TEST(EdgeHostile, WhoAnswersNoPingIsGoneAndCounted) {
    Edge edge({.live_idle = 200ms});
    auto const silent = opened(edge);
    while (edge.connections() > 0) {}
    EXPECT_EQ(edge.counters().live_silent, 1U);
    EXPECT_EQ(edge.counters().live_broken, 0U);
}

TEST(EdgeHostile, SubscriptionsAreBounded) {
    Edge edge;
    auto client = opened(edge);
    auto const subscribe = [&client](int from, int count) {
        std::string text = R"({"type":"subscribe","channels":[)";
        for (int index = 0; index < count; ++index) {
            text +=
                (index > 0 ? ",\"project:p" : "\"project:p") + std::to_string(from + index) + '"';
        }
        client.say(text + "]}");
    };
    subscribe(0, 1000);
    EXPECT_EQ(client.read_message().find(R"({"type":"subscribed")"), 0U);
    subscribe(5000, 1);
    std::string answer;
    while (answer.find("error") == std::string::npos) {
        answer = client.read_message();
        ASSERT_NE(answer, "");
    }
    EXPECT_EQ(answer, R"({"type":"error","error":"more than 1000 channels"})");
}

}  // namespace
}  // namespace muster
