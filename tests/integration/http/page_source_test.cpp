#include <optional>
#include <string>
#include <utility>

#include <muster/api/project_pages.hpp>
#include <muster/http/http_page_source.hpp>

#include "probing_test.hpp"

namespace muster {
namespace {

using step::drip;
using step::read_request;
using step::send;
using step::stay;

struct HttpPages : ProbingTest {
    Result<std::string> fetch(std::string const& url, Millis timeout = 10s) {
        std::optional<Result<std::string>> result;
        auto const under_way = source.fetch(parse_url(url).value(), timeout,
                                            [&result](auto page) { result = std::move(page); });
        EXPECT_FALSE(result.has_value()) << "told inside fetch()";
        run_until([&result] { return result.has_value(); });
        return std::move(*result);
    }
    Result<std::string> fetch_answer(std::string const& answer) {
        server.then({read_request(), send(answer), stay()});
        return fetch(server.url("/logs?limit=3"));
    }
    static std::string answer_with(std::string const& body, std::string const& status = "200 OK") {
        return "HTTP/1.1 " + status + "\r\nContent-Length: " + std::to_string(body.size()) +
               "\r\n\r\n" + body;
    }

    HttpPageSource source{loop, client};
};

TEST_F(HttpPages, AreGivenAsTheyCame) {
    EXPECT_EQ(fetch_answer(answer_with(R"({"logs":[]})")).value(), R"({"logs":[]})");
    EXPECT_TRUE(server.requests()[0].starts_with("GET /logs?limit=3 HTTP/1.1\r\n"));
}

TEST_F(HttpPages, TellWhatWentWrong) {
    server.then({read_request(), send(answer_with("", "503 Away")), stay()});
    server.then({read_request(), send(answer_with("", "302 Found")), stay()});
    auto const broken = fetch(server.url("/status"));
    EXPECT_EQ(broken.error().code, Errc::unavailable);
    EXPECT_EQ(broken.error().message, "HTTP error: 503");
    EXPECT_EQ(fetch(server.url("/status")).error().message, "HTTP error: 302");
    EXPECT_EQ(fetch("http://127.0.0.77:" + std::to_string(server.port())).error().code,
              Errc::unavailable);
}

TEST_F(HttpPages, EndAtTheirDeadlineHoweverTheyDrip) {
    server.then({read_request(), drip(answer_with(std::string(100, 'x')), 20ms), stay()});
    auto const late = fetch(server.url("/"), 100ms);
    ASSERT_FALSE(late);
    EXPECT_EQ(late.error().code, Errc::timed_out);
}

TEST_F(HttpPages, AreBounded) {
    auto const long_one = fetch_answer(answer_with(std::string(HttpPageSource::kMaxBody + 1, 'x')));
    ASSERT_FALSE(long_one);
    EXPECT_EQ(long_one.error().code, Errc::invalid);
    EXPECT_EQ(long_one.error().message, "the answer is longer than 1024 KiB");
}

TEST_F(HttpPages, ShowNoSecretThatAProjectEchoes) {
    server.then({read_request(), send(answer_with(R"({"asked":"token=t0ken-value"})")), stay()});
    auto const page = fetch(server.url("/logs?token=t0ken-value"));
    EXPECT_EQ(page.value(), R"({"asked":"token=***"})");
}

TEST_F(HttpPages, OfAProjectThatHangsLeaveRoomForTheOthers) {
    ScriptedServer hanging(loop.context());
    hanging.then({read_request(), stay()});
    server.then({read_request(), send(answer_with("{}")), stay()});
    ProjectPages pages(source, clock, {.timeout = 10s, .at_once = 5, .of_one_project = 4});
    std::size_t refused = 0;
    for (int offset = 0; offset < 6; ++offset) {
        auto const url = parse_url(hanging.url("/logs?offset=" + std::to_string(offset))).value();
        pages.ask(ProjectId{1}, url, [&refused](Result<SharedText> const& page) {
            refused += !page && page.error().code == Errc::full ? 1 : 0;
        });
    }
    EXPECT_EQ(refused, 2U);
    std::optional<Result<SharedText>> other;
    pages.ask(ProjectId{2}, parse_url(server.url("/status")).value(),
              [&other](Result<SharedText> page) { other = std::move(page); });
    run_until([&other] { return other.has_value(); });
    ASSERT_TRUE(*other) << other->error().message;
    EXPECT_EQ(***other, "{}");
    run_until([&hanging] { return hanging.requests().size() == 4; });
    EXPECT_EQ(hanging.accepted(), 4U);
}

TEST_F(HttpPages, EndWhenNobodyWaitsAnyMore) {
    server.then({read_request(), stay()});
    auto under_way = source.fetch(parse_url(server.url("/")).value(), 10s,
                                  [](auto const&) { ADD_FAILURE() << "nobody waits"; });
    run_until([this] { return !server.requests().empty(); });
    under_way.reset();
    run_for(20ms);
}

}  // namespace
}  // namespace muster
