#include <muster/codec/live_json.hpp>

#include <string>

#include <gtest/gtest.h>

namespace muster {
namespace {

using Kind = ClientMessage::Kind;

std::string problem_of(std::string_view text) {
    auto const message = decode_client_message(text);
    return message ? "none" : message.error().message;
}

TEST(LiveJson, ReadsWhatClientsAsk) {
    EXPECT_EQ(decode_client_message(R"({"type":"ping"})").value(), (ClientMessage{Kind::ping, {}}));
    EXPECT_EQ(decode_client_message(R"({"type":"ping","id":[1,{"type":2}],"channels":3})").value(),
              (ClientMessage{Kind::ping, {}}));
    EXPECT_EQ(
        decode_client_message(R"({"channels":["status-update","project:x"],"type":"subscribe"})")
            .value(),
        (ClientMessage{Kind::subscribe, {"status-update", "project:x"}}));
    EXPECT_EQ(decode_client_message(R"({"type":"unsubscribe","channels":["a"]})").value(),
              (ClientMessage{Kind::unsubscribe, {"a"}}));
}

TEST(LiveJson, SaysWhatIsWrong) {
    EXPECT_EQ(problem_of("hello"), "message is not readable JSON");
    EXPECT_EQ(problem_of(""), "message is not readable JSON");
    EXPECT_EQ(problem_of("[]"), "message must be a JSON object");
    EXPECT_EQ(problem_of(R"([{"type":"ping"}])"), "message must be a JSON object");
    EXPECT_EQ(problem_of("{}"), "type must be ping, subscribe or unsubscribe");
    EXPECT_EQ(problem_of(R"({"type":7})"), "type must be ping, subscribe or unsubscribe");
    EXPECT_EQ(problem_of(R"({"data":{"type":"ping"}})"),
              "type must be ping, subscribe or unsubscribe");
    EXPECT_EQ(problem_of(R"({"type":"pong"})"),
              "type must be ping, subscribe or unsubscribe, not 'pong'");
    for (std::string_view const channels :
         {"", R"(,"channels":[])", R"(,"channels":"x")", R"(,"channels":[1])",
          R"(,"channels":["x",["y"]])", R"(,"channels":["x",null])", R"(,"channels":{"a":"b"})",
          R"(,"channels":["x"],"channels":7)"}) {
        EXPECT_EQ(problem_of(R"({"type":"subscribe")" + std::string(channels) + "}"),
                  "channels must be a list of channel names")
            << channels;
    }
    EXPECT_EQ(problem_of(std::string(1000, '[')), "message is nested too deep to read");
}

TEST(LiveJson, BoundsTheChannels) {
    std::string text = R"({"type":"subscribe","channels":["a")";
    for (std::size_t count = 1; count < ClientMessage::kMaxChannels; ++count) {
        text += R"(,"a")";
    }
    EXPECT_EQ(problem_of(text + "]}"), "none");
    EXPECT_EQ(problem_of(text + R"(,"a"]})"), "channels has more than 1000 entries");
}

TEST(LiveJson, WritesFrames) {
    EXPECT_EQ(pong_frame(), R"({"type":"pong"})");
    EXPECT_EQ(subscribed_frame({}), R"({"type":"subscribed","channels":[]})");
    EXPECT_EQ(subscribed_frame({"a", "b\""}), R"({"type":"subscribed","channels":["a","b\""]})");
    EXPECT_EQ(error_frame("what?"), R"({"type":"error","error":"what?"})");
    EXPECT_EQ(status_frame(R"({"a":{}})", WallTime(Millis(1'795'326'900'123))),
              R"({"type":"status-update","data":{"a":{}},"timestamp":"2026-11-22T05:55:00.123Z"})");
}

TEST(LiveJson, WritesTheFramesOfTheHealthFeed) {
    HealthFrame frame;
    frame.seq = 42;
    frame.service = R"({"id":7})";
    frame.previous = HealthStatus::up;
    frame.reason = R"({"cause":"failures"})";
    frame.at = WallTime(Millis(1'700'000'000'123));
    EXPECT_EQ(health_frame(frame),
              R"({"type":"health","seq":42,"service":{"id":7},"previousStatus":"up",)"
              R"("reason":{"cause":"failures"},"timestamp":"2023-11-14T22:13:20.123Z"})");
    frame.removed = true;
    frame.seq = 18'446'744'073'709'551'615U;
    EXPECT_EQ(health_frame(frame),
              R"({"type":"health","seq":18446744073709551615,"service":{"id":7},)"
              R"("previousStatus":"up","reason":{"cause":"failures"},"removed":true,)"
              R"("timestamp":"2023-11-14T22:13:20.123Z"})");
    EXPECT_EQ(
        snapshot_frame_begin(1'700'000'000'000, 3) + R"({"id":7})" + snapshot_frame_end(frame.at),
        R"({"type":"snapshot","epoch":1700000000000,"seq":3,"services":[{"id":7}],)"
        R"("timestamp":"2023-11-14T22:13:20.123Z"})");
}

}  // namespace
}  // namespace muster
