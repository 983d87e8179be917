#include <string>

#include "probing_test.hpp"

namespace muster {
namespace {

struct HttpUrls : ProbingTest {
    /// One service behind two URLs on two servers.
    [[nodiscard]] HttpProbeSpec both() const {
        auto spec = spec_of("/a");
        spec.more_urls = {parse_url(other.url("/b?token=t0ken")).value()};
        return spec;
    }

    ScriptedServer other{loop.context()};
};

TEST_F(HttpUrls, AllPass) {
    server.then(one_answer("200 OK"));
    other.then(
        {step::read_request(), step::drip("HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n", 1ms)});
    auto const outcome = run(*prepare(both()));
    EXPECT_EQ(outcome.verdict, Verdict::passed) << outcome.error;
    EXPECT_EQ(outcome.endpoints_healthy, 2);
    EXPECT_EQ(outcome.endpoints_total, 2);
    EXPECT_GE(outcome.response_time, 38ms) << "the slowest one's";
}

TEST_F(HttpUrls, OneFailureIsTheFailureOfAllAndIsNamed) {
    server.then(one_answer("200 OK"));
    other.then(one_answer("503 Busy"));
    auto const outcome = run(*prepare(both()));
    EXPECT_EQ(outcome.verdict, Verdict::failed);
    EXPECT_EQ(outcome.error, other.url("/b") + ": HTTP error: 503");
    EXPECT_EQ(outcome.http_status, 503);
    EXPECT_EQ(outcome.endpoints_healthy, 1);
    EXPECT_EQ(outcome.endpoints_total, 2);
}

TEST_F(HttpUrls, OnOneHostAreNamedByTheirPath) {
    server.then(one_answer("503 Busy"));
    auto spec = spec_of("/a?x=1");
    spec.more_urls = {parse_url(server.url("/b")).value(), parse_url(server.url("/c")).value()};
    auto const outcome = run(*prepare(spec));
    EXPECT_EQ(outcome.error, "/a: HTTP error: 503");
    EXPECT_EQ(outcome.endpoints_healthy, 0);
    EXPECT_EQ(outcome.endpoints_total, 3);
}

TEST_F(HttpUrls, AreAskedAtOnceSoThatASilentOneCostsTheOthersNothing) {
    server.then({step::read_request(), step::stay()});
    other.then(one_answer("200 OK"));
    auto const outcome = run(*prepare(both()), 200ms);
    EXPECT_EQ(outcome.error, server.url("/a") + ": timed out after 200 ms");
    EXPECT_EQ(outcome.note, "while waiting for the answer");
    EXPECT_EQ(outcome.endpoints_healthy, 1);
    EXPECT_LT(outcome.response_time, 300ms);
}

TEST_F(HttpUrls, AreAskedAgainAndAgain) {
    auto const probe = prepare(both());
    for (int round = 0; round < 3; ++round) {
        server.then(one_answer("200 OK"));
        other.then(one_answer("200 OK"));
        auto const outcome = run(*probe);
        EXPECT_EQ(outcome.endpoints_healthy, 2);
    }
    EXPECT_EQ(server.accepted(), 3U);
}

TEST_F(HttpUrls, EndTogether) {
    server.then(one_answer("200 OK"));
    other.then({step::read_request(), step::stay()});
    auto probe = prepare(both());
    probe->start({.timeout = 10s, .fresh = true}, observer, 7);
    run_until([this] { return server.ended() == 1 && other.requests().size() == 1; });
    probe.reset();
    run_until([this] { return other.ended() == 1; });
    EXPECT_FALSE(observer.last.has_value());
}

}  // namespace
}  // namespace muster
