#include <string>
#include <thread>
#include <vector>

#include <gtest/gtest.h>

#include <integration/edge/edge_fixture.hpp>

namespace muster {
namespace {

constexpr std::string_view kGetHealth = "GET /health HTTP/1.1\r\nHost: hub\r\n\r\n";

TEST(EdgeHttp, AnswersManyRequestsOnOneConnection) {
    Edge edge;
    RawClient client(edge.port());
    for (int round = 0; round < 100; ++round) {
        auto const answer = client.get("/echo/" + std::to_string(round));
        ASSERT_EQ(answer.status, 200U);
        EXPECT_EQ(answer.body.substr(0, 25),
                  (R"({"success":true,"data":")" + std::to_string(round) + "\"    ").substr(0, 25));
        EXPECT_EQ(answer.header("Content-Type"), "application/json; charset=utf-8");
        EXPECT_EQ(answer.header("X-Content-Type-Options"), "nosniff");
        EXPECT_EQ(answer.header("Access-Control-Allow-Origin"), "*");
        EXPECT_EQ(answer.header("Connection"), "");
        EXPECT_EQ(answer.header("Date").size(), 29U);
    }
    EXPECT_EQ(edge.counters().requests, 100U);
}

TEST(EdgeHttp, AnswersRequestsSentAheadInTheirOrder) {
    Edge edge;
    RawClient client(edge.port());
    std::string requests;
    for (int round = 0; round < 2000; ++round) {
        requests += "GET /echo/" + std::to_string(round) + " HTTP/1.1\r\nHost: hub\r\n\r\n";
    }
    std::thread sender([&] { client.send(requests); });
    for (int round = 0; round < 2000; ++round) {
        auto const answer = client.read_answer();
        ASSERT_NE(answer.body.find("\"" + std::to_string(round) + "\""), std::string::npos);
    }
    sender.join();
}

TEST(EdgeHttp, ALateAnswerHoldsBackWhatWasSentBehindIt) {
    Edge edge;
    RawClient client(edge.port());
    client.send(
        "GET /later HTTP/1.1\r\nHost: hub\r\n\r\nGET /echo/2 HTTP/1.1\r\nHost: hub\r\n\r\n");
    RawClient other(edge.port());
    while (edge.counters().requests < 1) {}
    EXPECT_EQ(other.get("/now").body, "{}");
    EXPECT_EQ(client.read_answer().body, R"({"late":true})");
    EXPECT_NE(client.read_answer().body.find("\"2\""), std::string::npos);
}

TEST(EdgeHttp, AClientMayLeaveBeforeItsAnswer) {
    Edge edge;
    {
        RawClient client(edge.port());
        client.send("GET /later HTTP/1.1\r\nHost: hub\r\n\r\n");
        while (edge.counters().requests < 1) {}
    }
    RawClient other(edge.port());
    EXPECT_EQ(other.get("/now").status, 200U);
    EXPECT_EQ(other.get("/health").status, 200U);
}

TEST(EdgeHttp, ReadsRequestsInPiecesOfAnySize) {
    Edge edge;
    RawClient client(edge.port());
    for (char const character : kGetHealth) {
        ASSERT_TRUE(client.send({&character, 1}));
    }
    EXPECT_EQ(client.read_answer().status, 200U);
    EXPECT_EQ(client.ask("\r\n\r\n" + std::string(kGetHealth)).status, 200U)
        << "empty lines before";
}

TEST(EdgeHttp, LeavesTheBodyOutForHead) {
    Edge edge;
    RawClient client(edge.port());
    auto const answer = client.ask("HEAD /big HTTP/1.1\r\nHost: hub\r\n\r\n");
    EXPECT_EQ(answer.status, 200U);
    EXPECT_EQ(answer.header("Content-Length"), std::to_string(Edge::kBigBytes));
    EXPECT_EQ(client.get("/health").status, 200U) << "nothing but the head was sent";
}

TEST(EdgeHttp, SendsLargeBodiesWhole) {
    Edge edge;
    RawClient client(edge.port());
    for (int round = 0; round < 3; ++round) {
        auto const answer = client.get("/big");
        ASSERT_EQ(answer.body.size(), Edge::kBigBytes);
        EXPECT_EQ(answer.body.find_first_not_of('x'), std::string::npos);
    }
}

TEST(EdgeHttp, TellsUnknownPathsAndMethods) {
    Edge edge;
    RawClient client(edge.port());
    auto const unknown = client.get("/nothing/here");
    EXPECT_EQ(unknown.status, 404U);
    EXPECT_NE(unknown.body.find(R"("code":"NOT_FOUND")"), std::string::npos);
    auto const method = client.ask("DELETE /health HTTP/1.1\r\nHost: hub\r\n\r\n");
    EXPECT_EQ(method.status, 405U);
    EXPECT_EQ(method.header("Allow"), "GET, HEAD, OPTIONS");
    auto const odd = client.ask("BREW /health HTTP/1.1\r\nHost: hub\r\n\r\n");
    EXPECT_EQ(odd.status, 405U);
    auto const preflight = client.ask("OPTIONS /health HTTP/1.1\r\nHost: hub\r\n\r\n");
    EXPECT_EQ(preflight.status, 204U);
    EXPECT_EQ(preflight.header("Content-Length"), "");
    EXPECT_EQ(client.get("/health").status, 200U);
}

TEST(EdgeHttp, ClosesWhenAskedTo) {
    Edge edge;
    RawClient client(edge.port());
    auto const answer =
        client.ask("GET /health HTTP/1.1\r\nHost: hub\r\nConnection: close\r\n\r\n");
    EXPECT_EQ(answer.status, 200U);
    EXPECT_EQ(answer.header("Connection"), "close");
    EXPECT_TRUE(client.sees_end());
}

TEST(EdgeHttp, SpeaksHttp10) {
    Edge edge;
    RawClient once(edge.port());
    auto const answer = once.ask("GET /health HTTP/1.0\r\n\r\n");
    EXPECT_EQ(answer.status, 200U);
    EXPECT_EQ(answer.header("Connection"), "close");
    EXPECT_TRUE(once.sees_end());
    RawClient kept(edge.port());
    for (int round = 0; round < 2; ++round) {
        auto const again = kept.ask("GET /health HTTP/1.0\r\nConnection: keep-alive\r\n\r\n");
        EXPECT_EQ(again.status, 200U);
        EXPECT_EQ(again.header("Connection"), "keep-alive");
    }
}

TEST(EdgeHttp, AnswersAClientThatHalfCloses) {
    Edge edge;
    RawClient client(edge.port());
    client.send(kGetHealth);
    client.end_of_input();
    EXPECT_EQ(client.read_answer().status, 200U);
    EXPECT_TRUE(client.sees_end());
}

TEST(EdgeHttp, ReadsBodies) {
    Edge edge;
    RawClient client(edge.port());
    std::string const body(100'000, 'b');
    auto const by_length =
        client.ask("POST /echo HTTP/1.1\r\nHost: hub\r\nContent-Length: 100000\r\n\r\n" + body);
    EXPECT_EQ(by_length.body, body);
    auto const chunked = client.ask(
        "POST /echo HTTP/1.1\r\nHost: hub\r\nTransfer-Encoding: chunked\r\n\r\n"
        "5\r\nhello\r\n1;x=y\r\n \r\n5\r\nworld\r\n0\r\nHost: trailer\r\n\r\n");
    EXPECT_EQ(chunked.body, "hello world");
    EXPECT_EQ(client.get("/health").status, 200U);
}

TEST(EdgeHttp, AsksForTheBodyThatIsHeldBack) {
    Edge edge;
    RawClient client(edge.port());
    client.send(
        "POST /echo HTTP/1.1\r\nHost: hub\r\nContent-Length: 2\r\nExpect: 100-continue\r\n\r\n");
    EXPECT_EQ(client.read_until("\r\n\r\n"), "HTTP/1.1 100 Continue\r\n\r\n");
    client.send("ok");
    EXPECT_EQ(client.read_answer().body, "ok");
    auto const other = client.ask("GET /health HTTP/1.1\r\nHost: hub\r\nExpect: miracles\r\n\r\n");
    EXPECT_EQ(other.status, 417U);
}

TEST(EdgeHttp, ShowsWhatTheHubTold) {
    Edge edge;
    RawClient client(edge.port());
    EXPECT_EQ(client.get("/ready").status, 503U);
    HubCondition condition;
    condition.started = true;
    edge.broadcaster().publish(condition);
    edge.show(2, HealthStatus::up);
    edge.on_loop([] {});
    EXPECT_EQ(client.get("/ready").body, R"({"ready":true})");
    auto const status = client.get("/api/projects/status").body;
    EXPECT_NE(status.find(R"("data":{"project-1":{"projectName":"project-1","status":"healthy",)"),
              std::string::npos);
    EXPECT_EQ(client.get("/api/events").status, 503U) << "no lanes here";
}

TEST(EdgeHttp, ServesManyConnections) {
    Edge edge;
    std::vector<RawClient> clients;
    for (int index = 0; index < 300; ++index) {
        clients.emplace_back(edge.port());
    }
    for (auto& client : clients) {
        client.send(kGetHealth);
    }
    for (auto& client : clients) {
        EXPECT_EQ(client.read_answer().status, 200U);
    }
    EXPECT_EQ(edge.connections(), 300U);
}

}  // namespace
}  // namespace muster
