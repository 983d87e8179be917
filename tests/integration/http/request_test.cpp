#include <string>

#include "probing_test.hpp"

namespace muster {
namespace {

using HttpRequests = ProbingTest;

std::string refusal(HttpProber& prober, HttpProbeSpec const& spec) {
    auto const made = prober.prepare(spec, false);
    EXPECT_FALSE(made);
    EXPECT_EQ(made ? Errc::internal : made.error().code, Errc::invalid);
    return made ? std::string() : made.error().message;
}

TEST_F(HttpRequests, PostsABodyWithHeaders) {
    server.then(one_answer("201 Created"));
    auto spec = spec_of("/hook");
    spec.method = HttpMethod::post;
    spec.headers = {{"X-Api-Key", "abc"}, {"Accept", "application/json"}};
    spec.body = R"({"ping":true})";
    EXPECT_EQ(run(*prepare(spec)).verdict, Verdict::passed);
    ASSERT_EQ(server.requests().size(), 1U);
    auto const host = "127.0.0.1:" + std::to_string(server.port());
    EXPECT_EQ(server.requests()[0],
              "POST /hook HTTP/1.1\r\nHost: " + host +
                  "\r\nUser-Agent: muster\r\nX-Api-Key: abc\r\nAccept: application/json\r\n"
                  "Content-Type: application/json\r\nContent-Length: 13\r\n"
                  "Connection: close\r\n\r\n{\"ping\":true}");
}

TEST_F(HttpRequests, AskForAHeadAndWaitForNoBody) {
    server.then({step::read_request(),
                 step::send("HTTP/1.1 200 OK\r\nContent-Type: application/json\r\n"
                            "Content-Length: 5000\r\n\r\n"),
                 step::read_request(),
                 step::send("HTTP/1.1 503 Busy\r\nTransfer-Encoding: chunked\r\n\r\n"),
                 step::stay()});
    auto spec = spec_of();
    spec.method = HttpMethod::head;
    auto const probe = prepare(spec, true);
    auto const first = run(*probe);
    EXPECT_EQ(first.verdict, Verdict::passed) << first.error;
    EXPECT_EQ(first.note, "");
    auto const second = run(*probe);
    EXPECT_EQ(second.error, "HTTP error: 503");
    EXPECT_EQ(second.connection, ConnectionUse::reused);
    EXPECT_TRUE(server.requests()[1].starts_with("HEAD /health HTTP/1.1\r\n"));
}

TEST_F(HttpRequests, NeverPostOverAKeptConnection) {
    for (int round = 0; round < 2; ++round) {
        server.then({step::read_request(), step::send(std::string(kOk)), step::stay()});
    }
    auto spec = spec_of();
    spec.method = HttpMethod::post;
    auto const probe = prepare(spec, true);
    EXPECT_EQ(run(*probe).verdict, Verdict::passed);
    EXPECT_EQ(run(*probe).connection, ConnectionUse::fresh);
    EXPECT_EQ(server.accepted(), 2U);
    EXPECT_EQ(client.idle_connections(), 0U);
}

/// Longer than what the kernel takes for a peer that does not read.
HttpProbeSpec huge(HttpProbeSpec spec, HttpMethod method) {
    spec.method = method;
    spec.body.assign(32 * 1024 * 1024, 'x');
    return spec;
}

TEST_F(HttpRequests, AreAnsweredBeforeTheyAreSentWhole) {
    std::string const head = "HTTP/1.1 413 Content Too Large\r\n";
    for (auto const* rest : {"Content-Length: 3\r\n\r\nbig", "Content-Length: 0\r\n\r\n"}) {
        server.then({step::send(head + rest), step::close()});
        for (auto const method : {HttpMethod::post, HttpMethod::get}) {
            auto const outcome = run(*prepare(huge(spec_of(), method), true));
            EXPECT_EQ(outcome.verdict, Verdict::failed);
            EXPECT_EQ(outcome.error, "HTTP error: 413");
            EXPECT_EQ(outcome.http_status, 413);
            EXPECT_EQ(client.idle_connections(), 0U);
        }
    }
}

TEST_F(HttpRequests, ThatAreNotTakenAreToldAsReset) {
    server.then({step::reset()});
    server.then({step::close()});
    server.then({step::send("HTTP/1.1 413 Content Too Large\r\nContent-Length: 9\r\n\r\nbig"),
                 step::reset()});
    for (auto const* error : {"connection reset after 0 bytes", "connection reset after 0 bytes",
                              "connection reset after 56 bytes"}) {
        auto const outcome = run(*prepare(huge(spec_of(), HttpMethod::post)));
        EXPECT_EQ(outcome.verdict, Verdict::failed);
        EXPECT_EQ(outcome.error, error);
    }
}

TEST_F(HttpRequests, GoToTheAddressAndNameTheHostThatWasGiven) {
    server.then(one_answer("200 OK"));
    auto spec = spec_of();
    spec.headers = {{"Host", "shop.example"}};
    EXPECT_EQ(run(*prepare(spec)).verdict, Verdict::passed);
    EXPECT_TRUE(server.requests()[0].starts_with("GET /health HTTP/1.1\r\nHost: shop.example\r\n"));
}

TEST_F(HttpRequests, AreRefusedWhereTheyCouldNotBeMeant) {
    auto spec = spec_of();
    spec.headers = {{"X-Key", "hush\r\nEvil: 1"}};
    auto const injected = refusal(http, spec);
    EXPECT_EQ(injected, "the value of header 'X-Key' has a line end or another control character");
    spec.headers = {{"Connection", "close"}};
    EXPECT_NE(refusal(http, spec).find("'Connection'"), std::string::npos);

    spec = spec_of();
    spec.expect.body_matches = "(up";
    EXPECT_EQ(refusal(http, spec), "the expression for the body: missing ): (up");
    spec = spec_of();
    spec.method = HttpMethod::head;
    spec.expect.body = "ok";
    EXPECT_EQ(refusal(http, spec), "the answer to a HEAD has no body to expect anything of");
    spec.expect.body.clear();
    spec.body = "x";
    EXPECT_EQ(refusal(http, spec), "a HEAD is sent without a body: use POST");
    spec = spec_of();
    spec.redirects = 11;
    EXPECT_EQ(refusal(http, spec), "a probe follows at most 10 redirects");
    spec = spec_of();
    spec.more_urls.assign(32, spec.url);
    EXPECT_EQ(refusal(http, spec), "a probe has at most 32 URLs");
    spec = spec_of();
    spec.ip = IpFamily::v6;
    EXPECT_EQ(refusal(http, spec), "127.0.0.1 is no IPv6 address");
}

/// A server that says back what it was sent, as the echo service does.
TEST_F(HttpRequests, KeepTheirSecretsThoughTheTargetEchoesThem) {
    auto spec =
        HttpProbeSpec{parse_url("http://user:p4ssword@127.0.0.1:" + std::to_string(server.port()) +
                                "/x?token=t0ken-value")
                          .value()};
    spec.headers = {{"X-Api-Key", "k3y-value-of-many-letters"}};
    for (auto const* echo : {"GET /x?token=t0ken-value HTTP/1.1\r\n",
                             "dXNlcjpwNHNzd29yZA== k3y-value-of-many-letters\r\n",
                             "HTTP/1.1 301 k3y\r\nLocation: ftp://p4ssword/\r\n\r\n"}) {
        server.then({step::read_request(), step::send(echo), step::close()});
    }
    for (int round = 0; round < 3; ++round) {
        auto const outcome = run(*prepare(spec));
        EXPECT_EQ(outcome.verdict, Verdict::failed);
        for (auto const* secret : {"t0ken", "p4ss", "k3y-value", "dXNl"}) {
            EXPECT_EQ((outcome.error + outcome.note).find(secret), std::string::npos)
                << outcome.error << outcome.note;
        }
    }
    EXPECT_EQ(server.requests().size(), 3U);
}

}  // namespace
}  // namespace muster
