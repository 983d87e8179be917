#include <string>

#include <boost/asio/ip/tcp.hpp>

#include "probing_test.hpp"

namespace muster {
namespace {

using step::close;
using step::drip;
using step::read_request;
using step::reset;
using step::send;
using step::stay;

using HttpVerdict = ProbingTest;

std::string answer(std::string_view headers, std::string_view body = {}) {
    return std::string("HTTP/1.1 200 OK\r\n").append(headers).append("\r\n").append(body);
}

TEST_F(HttpVerdict, PassesAnAnswerOf200) {
    auto const outcome = probe_script({read_request(), send(std::string(kOk)), close()});
    EXPECT_EQ(outcome.verdict, Verdict::passed);
    EXPECT_EQ(outcome.http_status, 200);
    EXPECT_EQ(outcome.error, "");
    EXPECT_EQ(outcome.connection, ConnectionUse::fresh);
    EXPECT_EQ(outcome.phases.dns, Phases::kNone);
    EXPECT_EQ(outcome.phases.tls, Phases::kNone);
    EXPECT_GE(outcome.phases.connect, 0us);
    EXPECT_GE(outcome.phases.first_byte, 0us);
    EXPECT_GE(outcome.phases.transfer, 0us);
    EXPECT_LE(outcome.phases.connect + outcome.phases.first_byte + outcome.phases.transfer,
              outcome.response_time);
    ASSERT_EQ(server.requests().size(), 1U);
    EXPECT_TRUE(server.requests()[0].starts_with("GET /health HTTP/1.1\r\nHost: 127.0.0.1:"));
    EXPECT_NE(server.requests()[0].find("\r\nConnection: close\r\n"), std::string::npos);
}

TEST_F(HttpVerdict, NamesTheStatusOfAnythingElse) {
    auto const outcome = probe_script(
        {read_request(), send("HTTP/1.1 503 Service Unavailable\r\nContent-Length: 0\r\n\r\n")});
    EXPECT_EQ(outcome.verdict, Verdict::failed);
    EXPECT_EQ(outcome.http_status, 503);
    EXPECT_EQ(outcome.error, "HTTP error: 503");
}

TEST_F(HttpVerdict, FollowsNoRedirect) {
    auto const outcome = probe_script(
        {read_request(),
         send("HTTP/1.1 301 Moved\r\nLocation: /elsewhere\r\nContent-Length: 0\r\n\r\n")});
    EXPECT_EQ(outcome.error, "HTTP error: 301");
    EXPECT_EQ(server.accepted(), 1U);
}

TEST_F(HttpVerdict, ListensToAJsonBody) {
    auto const outcome = probe_script(
        {read_request(), send(answer("Content-Type: application/json\r\nContent-Length: 17\r\n",
                                     R"({"status":"down"})"))});
    EXPECT_EQ(outcome.verdict, Verdict::failed);
    EXPECT_EQ(outcome.word, BodyWord::down);
    EXPECT_EQ(outcome.error, "body says down");
    EXPECT_EQ(outcome.http_status, 200);
}

TEST_F(HttpVerdict, ListensToABodyThatComesInPieces) {
    auto const outcome = probe_script(
        {read_request(),
         drip(answer("Content-Type: application/json\r\nTransfer-Encoding: chunked\r\n",
                     "b\r\n{\"status\":\"\r\n6\r\nwarn\"}\r\n0\r\n\r\n"),
              1ms)});
    EXPECT_EQ(outcome.verdict, Verdict::passed);
    EXPECT_EQ(outcome.word, BodyWord::degraded);
}

TEST_F(HttpVerdict, ReadsUntilTheCloseWithoutALength) {
    auto const outcome = probe_script(
        {read_request(), send("HTTP/1.0 200 OK\r\nContent-Type: application/json\r\n\r\n"),
         send(R"({"isRunning":)"), send("false}"), close()});
    EXPECT_EQ(outcome.verdict, Verdict::failed);
    EXPECT_EQ(outcome.error, "body says down");
}

TEST_F(HttpVerdict, SkipsInterimAnswers) {
    auto const outcome = probe_script({read_request(), send("HTTP/1.1 100 Continue\r\n\r\n"),
                                       send("HTTP/1.1 103 Early Hints\r\nLink: </a>\r\n\r\n"),
                                       send(std::string(kOk))});
    EXPECT_EQ(outcome.verdict, Verdict::passed);
}

TEST_F(HttpVerdict, SaysThatTheConnectionWasRefused) {
    boost::asio::ip::tcp::acceptor free_port(loop.context(),
                                             {boost::asio::ip::address_v4::loopback(), 0});
    auto const url = "http://127.0.0.1:" + std::to_string(free_port.local_endpoint().port()) + "/";
    free_port.close();
    auto const outcome = probe(url);
    EXPECT_EQ(outcome.verdict, Verdict::failed);
    EXPECT_EQ(outcome.error, "connection refused");
    EXPECT_EQ(outcome.http_status, 0);
}

TEST_F(HttpVerdict, CountsTheBytesBeforeAReset) {
    auto const outcome = probe_script({read_request(), send("HTTP/1.1 200"), reset()});
    EXPECT_EQ(outcome.verdict, Verdict::failed);
    EXPECT_EQ(outcome.error, "connection reset after 12 bytes");
}

TEST_F(HttpVerdict, CountsTheBytesBeforeAClose) {
    server.then({read_request(), close()});
    server.then({read_request(), send(answer("Content-Length: 100\r\n", "short")), close()});
    EXPECT_EQ(probe(server.url()).error, "connection closed after 0 bytes");
    auto const outcome = probe(server.url());
    EXPECT_EQ(outcome.error, "connection closed after 45 bytes");
    EXPECT_EQ(outcome.http_status, 200);
}

TEST_F(HttpVerdict, RefusesWhatIsNotHttp) {
    auto const outcome = probe_script({send("220 mail.example.org ESMTP\r\n"), stay()});
    EXPECT_EQ(outcome.verdict, Verdict::failed);
    EXPECT_EQ(outcome.error, "not HTTP: 220 mail.example.org ESMTP");
}

TEST_F(HttpVerdict, RefusesANegativeLength) {
    auto const outcome =
        probe_script({read_request(), send(answer("Content-Length: -1\r\n", "x")), stay()});
    EXPECT_EQ(outcome.error, "malformed answer: its Content-Length is not a number");
}

TEST_F(HttpVerdict, ReadsNoMoreThanItNeedsOfAHugeBody) {
    auto const outcome = probe_script(
        {read_request(),
         send(answer("Content-Length: 9000000000000000000\r\n", std::string(3 * 1024 * 1024, 'x'))),
         stay()});
    EXPECT_EQ(outcome.verdict, Verdict::passed);
    EXPECT_EQ(outcome.note, "");
    run_until([this] { return server.ended() == 1; });  // it was told to stop
}

TEST_F(HttpVerdict, HasNoOpinionOfAJsonBodyThatIsTooLong) {
    auto const outcome = probe_script(
        {read_request(), send(answer("Content-Type: application/json\r\nContent-Length: 100000\r\n",
                                     "{\"status\":\"down\",\"x\":\"" + std::string(99'979, 'x')))});
    EXPECT_EQ(outcome.verdict, Verdict::passed);
    EXPECT_EQ(outcome.note, "body is too long to read");
}

TEST_F(HttpVerdict, BoundsEndlessHeaders) {
    auto const outcome = probe_script(
        {read_request(), send("HTTP/1.1 200 OK\r\nX: " + std::string(1024 * 1024, 'y')), stay()});
    EXPECT_EQ(outcome.verdict, Verdict::failed);
    EXPECT_EQ(outcome.error, "the answer's headers are longer than 64 KiB");
}

TEST_F(HttpVerdict, AcceptsAnAnswerThatDidNotWaitForTheRequest) {
    auto const outcome = probe_script({send(std::string(kOk)), close()});
    EXPECT_EQ(outcome.verdict, Verdict::passed);
}

TEST_F(HttpVerdict, RefusesWhatItCannotProbe) {
    HttpProbeSpec other;
    other.url = Url{"ftp", "127.0.0.1", 21, "/", {}};
    auto const probe = http.prepare(other, false);
    ASSERT_FALSE(probe.has_value());
    EXPECT_EQ(probe.error().code, Errc::invalid);
    auto const tcp = http.prepare(TcpProbeSpec{{"127.0.0.1", 1}}, false);
    ASSERT_FALSE(tcp.has_value());
    EXPECT_EQ(tcp.error().code, Errc::unsupported);
    EXPECT_NE(tcp.error().message.find("tcp"), std::string::npos);
}

}  // namespace
}  // namespace muster
