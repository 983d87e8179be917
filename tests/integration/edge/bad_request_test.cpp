#include <string>

#include <gtest/gtest.h>

#include <integration/edge/edge_fixture.hpp>

namespace muster {
namespace {

/// The message of an error answer after which the connection ends.
std::string refusal(Edge& edge, std::string_view request, unsigned status) {
    RawClient client(edge.port());
    auto const answer = client.ask(request);
    EXPECT_EQ(answer.status, status) << request.substr(0, 100);
    EXPECT_EQ(answer.header("Connection"), "close");
    EXPECT_TRUE(client.sees_end());
    constexpr std::string_view kStart = R"({"success":false,"error":")";
    EXPECT_EQ(answer.body.substr(0, kStart.size()), kStart);
    return answer.body.substr(kStart.size(), answer.body.find(R"(","code":")") - kStart.size());
}

TEST(EdgeBadRequests, WhatIsNoHttpIsRefused) {
    Edge edge;
    for (std::string const request :
         {"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03\r\n\r\n", "hello\r\n\r\n", "GET /\r\n\r\n",
          "GET  / HTTP/1.1\r\nHost: x\r\n\r\n", "GET / HTTP/2.0\r\nHost: x\r\n\r\n",
          "GET / HTTP/0.9\r\n\r\n", "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n",
          "GET / HTTP/1.1\r\nno colon\r\n\r\n", "GET / HTTP/1.1\r\nHost : x\r\n\r\n",
          "GET / HTTP/1.1\r\n Host: x\r\n\r\n", "GET / HTTP/1.1\nHost: x\n\n",
          "GET / HTTP/1.1\r\nHo st: x\r\n\r\n", "GET / HTTP/1.1\r\nHost: x\r\nA: \x01\r\n\r\n"}) {
        EXPECT_EQ(refusal(edge, request, 400).substr(0, 28), "not a readable HTTP request:");
    }
    EXPECT_GE(edge.counters().bad_requests, 13U);
}

TEST(EdgeBadRequests, AmbiguousFramingIsRefused) {
    Edge edge;
    std::string const start = "POST /echo HTTP/1.1\r\nHost: hub\r\n";
    for (std::string const headers :
         {"Content-Length: 5\r\nTransfer-Encoding: chunked\r\n",
          "Transfer-Encoding: chunked\r\nContent-Length: 5\r\n",
          "Content-Length: 5\r\nContent-Length: 6\r\n", "Content-Length: -1\r\n",
          "Content-Length: 5x\r\n", "Content-Length: 99999999999999999999999\r\n",
          "Transfer-Encoding: gzip\r\n", "Transfer-Encoding: chunked, gzip\r\n"}) {
        refusal(edge, start + headers + "\r\nhello", 400);
    }
    refusal(edge, "POST /echo HTTP/1.0\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n", 400);
    refusal(edge, start + "Transfer-Encoding: chunked\r\n\r\nxyz\r\n", 400);
}

TEST(EdgeBadRequests, TheHostIsGivenOnce) {
    Edge edge;
    EXPECT_EQ(refusal(edge, "GET /health HTTP/1.1\r\n\r\n", 400), "the Host header is missing");
    EXPECT_EQ(refusal(edge, "GET /health HTTP/1.1\r\nHost: a\r\nHost: b\r\n\r\n", 400),
              "the Host header must be given once");
}

TEST(EdgeBadRequests, TheUrlIsDecodedOnceAndChecked) {
    Edge edge;
    EXPECT_EQ(refusal(edge, "GET /%zz HTTP/1.1\r\nHost: hub\r\n\r\n", 400),
              "the URL holds a broken percent escape");
    EXPECT_EQ(refusal(edge, "GET /a%00b HTTP/1.1\r\nHost: hub\r\n\r\n", 400),
              "the URL holds control characters");
    EXPECT_EQ(refusal(edge, "GET /%ff HTTP/1.1\r\nHost: hub\r\n\r\n", 400),
              "the URL is not valid UTF-8");
    EXPECT_EQ(refusal(edge, "GET health HTTP/1.1\r\nHost: hub\r\n\r\n", 400),
              "the URL must start with a slash");
}

TEST(EdgeBadRequests, WhatIsTooLargeIsRefused) {
    Edge edge;
    EXPECT_EQ(
        refusal(edge, "GET /" + std::string(8192, 'u') + " HTTP/1.1\r\nHost: hub\r\n\r\n", 414),
        "the URL is longer than 8192 bytes");
    EXPECT_EQ(
        refusal(edge,
                "GET / HTTP/1.1\r\nHost: hub\r\nX-Long: " + std::string(20'000, 'h') + "\r\n\r\n",
                431),
        "the headers are longer than 16384 bytes");
    std::string many = "GET / HTTP/1.1\r\nHost: hub\r\n";
    for (int index = 0; index < 5000; ++index) {
        many += "X-" + std::to_string(index) + ": some value\r\n";
    }
    refusal(edge, many + "\r\n", 431);
    EXPECT_EQ(
        refusal(edge, "POST /echo HTTP/1.1\r\nHost: hub\r\nContent-Length: 1048577\r\n\r\n", 413),
        "the body is longer than 1048576 bytes");
}

TEST(EdgeBadRequests, AnEndlessHeaderCostsNoMoreThanItsLimit) {
    Edge edge;
    RawClient client(edge.port());
    client.send("GET / HTTP/1.1\r\nHost: hub\r\n");
    int lines = 0;
    while (edge.counters().bad_requests == 0 && lines < 100'000) {
        if (!client.send("X-Field: " + std::string(100, 'v') + "\r\n")) {
            break;
        }
        ++lines;
    }
    EXPECT_EQ(client.read_answer().status, 431U);
}

TEST(EdgeBadRequests, AChunkedBodyIsBoundedToo) {
    Edge edge;
    RawClient client(edge.port());
    std::string request = "POST /echo HTTP/1.1\r\nHost: hub\r\nTransfer-Encoding: chunked\r\n\r\n";
    for (int index = 0; index < 40; ++index) {
        request += "8000\r\n" + std::string(0x8000, 'c') + "\r\n";
    }
    client.send(request);
    EXPECT_EQ(client.read_answer().status, 413U);
    RawClient other(edge.port());
    other.send("POST /echo HTTP/1.1\r\nHost: hub\r\nTransfer-Encoding: chunked\r\n\r\n1;" +
               std::string(40'000, 'e'));
    EXPECT_EQ(other.read_answer().status, 400U);
}

TEST(EdgeBadRequests, AReadableRequestBeforeABadOneIsAnswered) {
    Edge edge;
    RawClient client(edge.port());
    client.send("GET /health HTTP/1.1\r\nHost: hub\r\n\r\nrubbish\r\n\r\n");
    EXPECT_EQ(client.read_answer().status, 200U);
    EXPECT_EQ(client.read_answer().status, 400U);
    EXPECT_TRUE(client.sees_end());
}

}  // namespace
}  // namespace muster
