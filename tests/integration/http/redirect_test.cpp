#include <string>

#include "probing_test.hpp"

namespace muster {
namespace {

struct HttpRedirects : ProbingTest {
    [[nodiscard]] HttpProbeSpec following(std::uint8_t redirects) const {
        auto spec = spec_of("/start?token=t0ken");
        spec.redirects = redirects;
        return spec;
    }
    void redirect(std::string_view status, std::string const& location) {
        server.then(one_answer(status, "Location: " + location + "\r\n"));
    }
    [[nodiscard]] std::string start_of(std::size_t request) const {
        auto const& text = server.requests().at(request);
        return text.substr(0, text.find(" HTTP/1.1"));
    }
};

TEST_F(HttpRedirects, AreFollowedRelativeAndAbsolute) {
    redirect("302 Found", "next");
    redirect("307 Temporary", "../up?x=1#f");
    redirect("301 Moved", server.url("/end"));
    server.then(one_answer("200 OK", "Content-Type: application/json\r\n", R"({"status":"warn"})"));
    auto const outcome = run(*prepare(following(3)));
    EXPECT_EQ(outcome.verdict, Verdict::passed) << outcome.error;
    EXPECT_EQ(outcome.word, BodyWord::degraded);
    EXPECT_EQ(outcome.http_status, 200);
    EXPECT_EQ(outcome.note, "");
    ASSERT_EQ(server.requests().size(), 4U);
    EXPECT_EQ(start_of(1), "GET /next");
    EXPECT_EQ(start_of(2), "GET /up?x=1");
    EXPECT_EQ(start_of(3), "GET /end");
    EXPECT_LE(outcome.phases.connect + outcome.phases.first_byte + outcome.phases.transfer,
              outcome.response_time);
}

TEST_F(HttpRedirects, AreCounted) {
    for (auto const* next : {"/1", "/2", "/3"}) {
        redirect("302 Found", next);
    }
    auto const outcome = run(*prepare(following(2)));
    EXPECT_EQ(outcome.error, "too many redirects: more than 2");
    EXPECT_EQ(outcome.note, "after 2 redirects, at " + server.url("/2"));
    EXPECT_EQ(outcome.http_status, 302);
    EXPECT_EQ(server.requests().size(), 3U);
}

TEST_F(HttpRedirects, InARingAreToldAtOnce) {
    redirect("302 Found", "/a");
    redirect("302 Found", "/start?token=t0ken");
    auto const outcome = run(*prepare(following(10)));
    EXPECT_EQ(outcome.error, "redirect loop at " + server.url("/start"));
    EXPECT_EQ(server.requests().size(), 2U);
}

TEST_F(HttpRedirects, ThatLeadNowhereSaySo) {
    redirect("302 Found", "ftp://h/");
    redirect("302 Found", "");
    server.then(one_answer("304 Not Modified"));
    auto const other = run(*prepare(following(5)));
    EXPECT_EQ(other.error, "HTTP error: 302");
    EXPECT_EQ(other.note, "its Location is no http or https address");
    auto const none = run(*prepare(following(5)));
    EXPECT_EQ(none.error, "HTTP error: 302");
    EXPECT_EQ(none.note, "it names no Location");
    EXPECT_EQ(run(*prepare(following(5))).error, "HTTP error: 304");
}

TEST_F(HttpRedirects, TellWhereTheyFailed) {
    redirect("302 Found", "/login?code=hush");
    server.then(one_answer("500 Oops"));
    auto const outcome = run(*prepare(following(5)));
    EXPECT_EQ(outcome.error, "HTTP error: 500");
    EXPECT_EQ(outcome.note, "after 1 redirect, at " + server.url("/login"));
}

TEST_F(HttpRedirects, ThatAreExpectedAreNotFollowed) {
    redirect("302 Found", "/a");
    auto spec = following(5);
    spec.expect.status = {{302, 302}};
    EXPECT_EQ(run(*prepare(spec)).verdict, Verdict::passed);
    EXPECT_EQ(server.requests().size(), 1U);
}

/// The first answer takes half the time: what is left is the second one's.
TEST_F(HttpRedirects, ShareOneDeadline) {
    server.then({step::read_request(), step::drip("H", 300ms),
                 step::send("TTP/1.1 302 Found\r\nLocation: /a\r\nContent-Length: 0\r\n\r\n"),
                 step::close()});
    server.then({step::read_request(), step::stay()});
    auto const outcome = run(*prepare(following(5)), 600ms);
    EXPECT_EQ(outcome.verdict, Verdict::failed);
    EXPECT_EQ(outcome.error, "timed out after 600 ms");
    EXPECT_EQ(outcome.note,
              "while waiting for the answer; after 1 redirect, at " + server.url("/a"));
    EXPECT_GE(outcome.response_time, 599ms);
    EXPECT_LT(outcome.response_time, 850ms);
}

TEST_F(HttpRedirects, ChangeThePostToAGet) {
    redirect("303 See Other", "/seen");
    server.then(one_answer("200 OK"));
    auto spec = following(1);
    spec.method = HttpMethod::post;
    spec.body = "x";
    EXPECT_EQ(run(*prepare(spec)).verdict, Verdict::passed);
    EXPECT_TRUE(server.requests()[0].ends_with("\r\n\r\nx"));
    EXPECT_EQ(start_of(1), "GET /seen");
    EXPECT_EQ(server.requests()[1].find("Content-"), std::string::npos);
}

TEST_F(HttpRedirects, TakeNoBodyToAnotherOrigin) {
    ScriptedServer other(loop.context());
    other.then(one_answer("200 OK"));
    redirect("307 Temporary", "/same");
    redirect("307 Temporary", other.url("/taken"));
    auto spec = following(5);
    spec.method = HttpMethod::post;
    spec.body = "key=hush";
    auto const outcome = run(*prepare(spec));
    EXPECT_EQ(outcome.error, "HTTP error: 307");
    EXPECT_EQ(outcome.note,
              "its Location is another origin, where no body is sent; after 1 redirect, at " +
                  server.url("/same"));
    EXPECT_TRUE(server.requests().at(1).ends_with("\r\n\r\nkey=hush"));
    EXPECT_EQ(other.accepted(), 0U);
}

TEST_F(HttpRedirects, TakeNoSecretsToAnotherHost) {
    ScriptedServer other(loop.context());
    other.then(one_answer("200 OK"));
    redirect("302 Found", "/same");
    redirect("307 Temporary", other.url("/taken"));
    auto spec = following(5);
    spec.url.user_info = "user:p4ssword";
    spec.headers = {{"X-Api-Key", "k3y"}, {"Cookie", "id=1"}, {"Accept", "text/x"}};
    auto const outcome = run(*prepare(spec));
    EXPECT_EQ(outcome.verdict, Verdict::passed) << outcome.error;
    for (auto const* name : {"Authorization: ", "X-Api-Key: ", "Cookie: ", "Accept: text/x"}) {
        EXPECT_NE(server.requests().at(1).find(name), std::string::npos) << name;
    }
    ASSERT_EQ(other.requests().size(), 1U);
    for (auto const* name : {"Authorization: ", "X-Api-Key: ", "Cookie: "}) {
        EXPECT_EQ(other.requests()[0].find(name), std::string::npos) << name;
    }
    EXPECT_NE(other.requests()[0].find("Accept: text/x"), std::string::npos);
}

TEST_F(HttpRedirects, OfTheSameWayUseTheirConnectionsAgain) {
    ServerScript script;
    for (int round = 0; round < 2; ++round) {
        for (auto const* text : {"HTTP/1.1 302 Found\r\nLocation: /a\r\nContent-Length: 0\r\n\r\n",
                                 "HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n"}) {
            script.push_back(step::read_request());
            script.push_back(step::send(text));
        }
    }
    script.push_back(step::stay());
    server.then(script);
    auto const probe = prepare(following(1), true);
    for (int round = 0; round < 2; ++round) {
        EXPECT_EQ(run(*probe).verdict, Verdict::passed);
    }
    EXPECT_EQ(server.requests().size(), 4U);
    EXPECT_EQ(server.accepted(), 1U);
}

TEST_F(HttpRedirects, EndWhenTheProbeDoes) {
    redirect("302 Found", "/a");
    server.then({step::read_request(), step::stay()});
    auto probe = prepare(following(1));
    probe->start({.timeout = 10s, .fresh = true}, observer, 7);
    run_until([this] { return server.requests().size() == 2; });
    probe->cancel();
    run_until([this] { return server.ended() == 2; });
    EXPECT_FALSE(observer.last.has_value());
}

}  // namespace
}  // namespace muster
