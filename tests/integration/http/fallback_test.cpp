#include <string>
#include <vector>

#include "probing_test.hpp"

namespace muster {
namespace {

/// One connection for each request, so that each connection's script is one answer.
struct HttpFallback : ProbingTest {
    HttpFallback() {
        auto spec = spec_of("/base/");
        spec.fallback = true;
        probe = prepare(spec);
    }

    void answers(std::vector<std::string_view> const& statuses) {
        for (auto const status : statuses) {
            server.then(one_answer(status));
        }
    }

    /// The paths asked by one run.
    std::vector<std::string> asked_by_a_run(Millis timeout = 10s) {
        auto const before = server.requests().size();
        last = run(*probe, timeout);
        std::vector<std::string> paths;
        for (auto at = before; at < server.requests().size(); ++at) {
            auto const& text = server.requests()[at];
            paths.push_back(text.substr(4, text.find(" HTTP") - 4));
        }
        return paths;
    }

    using Paths = std::vector<std::string>;
    std::unique_ptr<Probe> probe;
    Outcome last;
};

TEST_F(HttpFallback, AsksInOrderAndRemembersWhatAnswered) {
    answers({"404 Not Found", "404 Not Found", "200 OK", "200 OK"});
    EXPECT_EQ(asked_by_a_run(), (Paths{"/base/health", "/base/api/health", "/base/status"}));
    EXPECT_EQ(last.verdict, Verdict::passed);
    EXPECT_EQ(last.note, "");
    EXPECT_EQ(asked_by_a_run(), Paths{"/base/status"});
    EXPECT_EQ(last.verdict, Verdict::passed);
}

TEST_F(HttpFallback, StaysWithAPathThatFailsAsOnlyOneThatIsThereCan) {
    answers({"404 Not Found", "200 OK", "503 Busy", "200 OK"});
    EXPECT_EQ(asked_by_a_run(), (Paths{"/base/health", "/base/api/health"}));
    EXPECT_EQ(asked_by_a_run(), Paths{"/base/api/health"});
    EXPECT_EQ(last.error, "HTTP error: 503");
    EXPECT_EQ(last.note, "at /api/health");
    EXPECT_EQ(asked_by_a_run(), Paths{"/base/api/health"});
    EXPECT_EQ(last.verdict, Verdict::passed);
}

TEST_F(HttpFallback, DoesNotLetAPingHideAnIllHealth) {
    answers({"503 Busy", "200 OK"});
    EXPECT_EQ(asked_by_a_run(), Paths{"/base/health"});
    EXPECT_EQ(last.error, "HTTP error: 503");
}

TEST_F(HttpFallback, ForgetsAPathThatIsGone) {
    answers({"200 OK", "404 Not Found", "404 Not Found", "404 Not Found", "200 OK", "200 OK"});
    EXPECT_EQ(asked_by_a_run(), Paths{"/base/health"});
    EXPECT_EQ(asked_by_a_run(),
              (Paths{"/base/health", "/base/api/health", "/base/status", "/base/ping"}));
    EXPECT_EQ(last.verdict, Verdict::passed);
    EXPECT_EQ(asked_by_a_run(), Paths{"/base/ping"});
}

TEST_F(HttpFallback, AsksForAtMostTwoWhileNoneAnswers) {
    answers({"404 Not Found"});
    EXPECT_EQ(asked_by_a_run().size(), 4U);
    EXPECT_EQ(last.verdict, Verdict::failed);
    EXPECT_EQ(last.error, "HTTP error: 404");
    EXPECT_EQ(last.note, "none of /health, /api/health, /status, /ping answers");
    EXPECT_EQ(asked_by_a_run(), (Paths{"/base/health", "/base/api/health"}));
    EXPECT_EQ(asked_by_a_run(), (Paths{"/base/health", "/base/status"}));
    EXPECT_EQ(asked_by_a_run(), (Paths{"/base/health", "/base/ping"}));
    EXPECT_EQ(asked_by_a_run(), (Paths{"/base/health", "/base/api/health"}));
    EXPECT_EQ(last.note, "none of /health, /api/health, /status, /ping answers");
    answers({"404 Not Found", "404 Not Found", "200 OK"});
    asked_by_a_run();  // the last script of before served once more
    EXPECT_EQ(asked_by_a_run(), (Paths{"/base/health", "/base/ping"}));
    EXPECT_EQ(last.verdict, Verdict::passed);
    EXPECT_EQ(asked_by_a_run(), Paths{"/base/ping"});
}

TEST_F(HttpFallback, AsksNoFurtherWhereThereIsNoConnection) {
    server.then({step::read_request(), step::reset()});
    EXPECT_EQ(asked_by_a_run(), Paths{"/base/health"});
    EXPECT_EQ(last.error, "connection reset after 0 bytes");
    EXPECT_EQ(last.note, "at /health");
}

TEST_F(HttpFallback, SharesOneDeadline) {
    server.then({step::read_request(), step::drip("H", 300ms),
                 step::send("TTP/1.1 404 Not Found\r\nContent-Length: 0\r\n\r\n"), step::close()});
    server.then({step::read_request(), step::stay()});
    EXPECT_EQ(asked_by_a_run(600ms), (Paths{"/base/health", "/base/api/health"}));
    EXPECT_EQ(last.error, "timed out after 600 ms");
    EXPECT_EQ(last.note, "while waiting for the answer; at /api/health");
    EXPECT_LT(last.response_time, 850ms);
}

TEST_F(HttpFallback, TakesWhatIsExpectedForAnAnswer) {
    auto spec = spec_of("/");
    spec.fallback = true;
    spec.expect.status = {{401, 401}};
    probe = prepare(spec);
    answers({"200 OK", "401 Unauthorized", "401 Unauthorized"});
    EXPECT_EQ(asked_by_a_run(), (Paths{"/health", "/api/health"}));
    EXPECT_EQ(last.verdict, Verdict::passed);
    EXPECT_EQ(asked_by_a_run(), Paths{"/api/health"});
}

}  // namespace
}  // namespace muster
