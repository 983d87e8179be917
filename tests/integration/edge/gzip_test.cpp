// Answers in gzip over real sockets.

#include <future>
#include <memory>
#include <string>
#include <string_view>
#include <utility>

#include <gtest/gtest.h>

#include <integration/edge/edge_fixture.hpp>
#include <unit/edge/gunzip.hpp>

namespace muster {
namespace {

constexpr std::string_view kStatus = "/api/projects/status";

std::string request(std::string_view path, std::string_view accept, std::string_view method = "GET",
                    std::string_view more = "") {
    return std::string(method) + " " + std::string(path) +
           " HTTP/1.1\r\nHost: hub\r\nAccept-Encoding: " + std::string(accept) + "\r\n" +
           std::string(more) + "\r\n";
}

/// An encode lane that does nothing until it is let go.
class Hold {
public:
    explicit Hold(Edge& edge) {
        edge.on_loop([&] {
            EXPECT_TRUE(edge.encode_lane().submit(
                [gate = gate_.get_future().share()] { gate.wait(); }, [] {}));
        });
    }
    ~Hold() { release(); }
    Hold(Hold const&) = delete;
    Hold& operator=(Hold const&) = delete;

    void release() {
        if (!std::exchange(released_, true)) {
            gate_.set_value();
        }
    }

private:
    std::promise<void> gate_;
    bool released_{false};
};

/// Waits until as many answers wait for the lane, the one of Hold with them.
void wait_for_jobs(Edge& edge, std::size_t count) {
    std::size_t jobs = 0;
    while (jobs < count) {
        edge.on_loop([&] { jobs = edge.encode_lane().pending(); });
    }
}

TEST(EdgeGzip, LongAnswersArePackedForWhoWantsThat) {
    Edge edge({}, Origins({"https://page.example"}));
    edge.show(200, HealthStatus::up);
    RawClient client(edge.port());
    auto const plain = client.get(kStatus);
    EXPECT_EQ(plain.header("Content-Encoding"), "");
    EXPECT_EQ(plain.header("Vary"), "Accept-Encoding, Origin");
    auto const packed = client.ask(request(kStatus, "deflate, gzip;q=0.8"));
    EXPECT_EQ(packed.status, 200U);
    EXPECT_EQ(packed.header("Content-Encoding"), "gzip");
    EXPECT_EQ(packed.header("Vary"), "Accept-Encoding, Origin");
    EXPECT_EQ(packed.header("ETag"), plain.header("ETag"));
    EXPECT_LT(packed.body.size(), plain.body.size() / 4);
    auto const text = gunzip(packed.body);
    EXPECT_EQ(text.substr(0, 500), plain.body.substr(0, 500));
    EXPECT_EQ(text.size(), plain.body.size());
    for (auto const* accept : {"gzip;q=0", "identity, *;q=0", "br", ""}) {
        EXPECT_EQ(client.ask(request(kStatus, accept)).body.size(), plain.body.size()) << accept;
    }
    auto const twice = "GET " + std::string(kStatus) +
                       " HTTP/1.1\r\nHost: hub\r\nAccept-Encoding: br\r\n"
                       "Accept-Encoding: gzip\r\n\r\n";
    EXPECT_EQ(client.ask(twice).header("Content-Encoding"), "gzip") << "one list in two lines";
    EXPECT_EQ(edge.counters().encode.packed, 2U);
}

TEST(EdgeGzip, AFileOfThePageIsThereInOneFormForAll) {
    Edge edge;
    RawClient client(edge.port());
    auto const plain = client.get("/page.css");
    EXPECT_EQ(plain.body.size(), Edge::kPageBytes);
    auto const packed = client.ask(request("/page.css", "gzip"));
    EXPECT_EQ(gunzip(packed.body), plain.body);
    EXPECT_EQ(packed.header("ETag"), R"(W/"page")");
    EXPECT_EQ(plain.header("ETag"), R"(W/"page")");
    Hold hold(edge);
    EXPECT_EQ(client.ask(request("/page.css", "gzip")).body, packed.body) << "without the lane";
}

TEST(EdgeGzip, AHeadTellsTheSameHeaders) {
    Edge edge;
    RawClient client(edge.port());
    client.send(request("/page.css", "gzip", "HEAD"));
    auto const head = client.read_answer(true);
    auto const whole = client.ask(request("/page.css", "gzip"));
    EXPECT_EQ(head.header("Content-Encoding"), "gzip");
    EXPECT_EQ(head.header("Content-Length"), std::to_string(whole.body.size()));
    auto const without_date = [](std::string text) {
        return text.erase(text.find("Date: "), std::string_view("Date: ").size() + 29);
    };
    EXPECT_EQ(without_date(head.head), without_date(whole.head));
}

TEST(EdgeGzip, WhatDidNotChangeIsStillNotSentAgain) {
    Edge edge;
    RawClient client(edge.port());
    for (std::string_view const tag : {R"(W/"page")", R"("page")", "*"}) {
        auto const same = client.ask(
            request("/page.css", "gzip", "GET", "If-None-Match: " + std::string(tag) + "\r\n"));
        EXPECT_EQ(same.status, 304U) << tag;
        EXPECT_EQ(same.header("ETag"), R"(W/"page")");
        EXPECT_EQ(same.header("Vary"), "Accept-Encoding");
        EXPECT_EQ(same.header("Content-Type"), "");
        EXPECT_EQ(same.header("Content-Encoding"), "");
    }
    edge.show(200, HealthStatus::up);
    auto const tag = client.ask(request(kStatus, "gzip")).header("ETag");
    auto const same = client.ask(request(kStatus, "gzip", "GET", "If-None-Match: " + tag + "\r\n"));
    EXPECT_EQ(same.status, 304U);
    EXPECT_EQ(same.header("ETag"), tag);
    EXPECT_EQ(same.header("Vary"), "Accept-Encoding");
}

TEST(EdgeGzip, ShortAnswersErrorsAndStreamsAreNot) {
    Edge edge;
    RawClient client(edge.port());
    EXPECT_EQ(client.ask(request("/echo/1", "gzip")).header("Content-Encoding"), "");
    EXPECT_EQ(client.ask(request("/nobody", "gzip")).header("Content-Encoding"), "");
    client.send(request("/api/stream", "gzip"));
    auto const stream = client.read_answer();
    EXPECT_EQ(stream.status, 200U);
    EXPECT_EQ(stream.header("Content-Encoding"), "");
    EXPECT_NE(client.read_until("event: "), "");
}

TEST(EdgeGzip, RequestsSentAheadAreAnsweredInTheirOrder) {
    Edge edge;
    edge.show(200, HealthStatus::up);
    RawClient client(edge.port());
    client.send(request(kStatus, "gzip") + request("/echo/2", "gzip"));
    EXPECT_EQ(client.read_answer().header("Content-Encoding"), "gzip");
    EXPECT_NE(client.read_answer().body.find("\"2\""), std::string::npos);
}

TEST(EdgeGzip, BeyondTheBoundAnswersComePlain) {
    EdgeOptions options;
    options.encode_bytes = Edge::kPageBytes;
    Edge edge(options);
    Hold hold(edge);
    RawClient first(edge.port());
    first.send(request("/page.css", "gzip"));
    wait_for_jobs(edge, 2);
    RawClient second(edge.port());
    auto const plain = second.ask(request("/page.css", "gzip"));
    EXPECT_EQ(plain.header("Content-Encoding"), "");
    EXPECT_EQ(plain.header("Vary"), "Accept-Encoding");
    EXPECT_EQ(plain.body.size(), Edge::kPageBytes);
    EXPECT_EQ(edge.counters().encode.left_plain, 1U);
    hold.release();
    EXPECT_EQ(first.read_answer().header("Content-Encoding"), "gzip");
}

TEST(EdgeGzip, AClientMayLeaveWhileItsAnswerIsPacked) {
    Edge edge;
    Hold hold(edge);
    {
        RawClient client(edge.port());
        client.send(request("/page.css", "gzip"));
        wait_for_jobs(edge, 2);
    }
    hold.release();
    while (edge.connections() > 0) {}
    RawClient other(edge.port());
    EXPECT_EQ(other.ask(request("/page.css", "gzip")).status, 200U);
}

TEST(EdgeGzip, AStopLetsTheAnswerBePackedAndSent) {
    Edge edge;
    Hold hold(edge);
    RawClient client(edge.port());
    client.send(request("/page.css", "gzip"));
    wait_for_jobs(edge, 2);
    auto const stopped = edge.begin_stop(10s);
    edge.on_loop([] {});
    hold.release();
    auto const answer = client.read_answer();
    EXPECT_EQ(gunzip(answer.body).size(), Edge::kPageBytes);
    EXPECT_EQ(answer.header("Connection"), "close");
    stopped.wait();
}

TEST(EdgeGzip, AStopThatMayNotWaitLeavesTheLaneToEnd) {
    std::promise<void> gate;
    {
        Edge edge;
        edge.on_loop([&] {
            EXPECT_TRUE(edge.encode_lane().submit(
                [opened = gate.get_future().share()] { opened.wait(); }, [] {}));
        });
        RawClient client(edge.port());
        client.send(request("/page.css", "gzip"));
        wait_for_jobs(edge, 2);
        edge.begin_stop(0ms).wait();
        EXPECT_TRUE(client.sees_end());
        gate.set_value();
        // The fixture ends server and lane, whatever the lane is at.
    }
}

}  // namespace
}  // namespace muster
