#include <memory>
#include <optional>
#include <string>

#include <muster/http/http_metrics_source.hpp>

#include "probing_test.hpp"

namespace muster {
namespace {

using step::read_request;
using step::send;
using step::stay;

struct HttpMetrics : ProbingTest {
    Result<MetricsSample> fetch(std::string const& url, Millis timeout = 10s) {
        std::optional<Result<MetricsAnswer>> result;
        auto const parsed = parse_url(url).value();
        auto const under_way = source.fetch({parsed, timeout, no_map},
                                            [&result](auto given) { result = std::move(given); });
        EXPECT_FALSE(result.has_value()) << "told inside fetch()";
        run_until([&result] { return result.has_value(); });
        if (!*result) {
            return tl::unexpected(result->error());
        }
        return std::get<MetricsSample>(**result);
    }

    Result<MetricsSample> fetch_answer(std::string const& answer) {
        server.then({read_request(), send(answer), stay()});
        return fetch(server.url("/metrics"));
    }

    static std::string json_answer(std::string const& body) {
        return "HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: " +
               std::to_string(body.size()) + "\r\n\r\n" + body;
    }

    MetricsMap const no_map;
    HttpMetricsSource source{loop, client};
};

TEST_F(HttpMetrics, ReadsAProjectsFigures) {
    auto const sample = fetch_answer(
        json_answer(R"({"requestsPerSecond":125.3,"apiUsage":{"sendgrid_emails":450}})"));
    ASSERT_TRUE(sample.has_value()) << sample.error().message;
    EXPECT_DOUBLE_EQ(sample->requests_per_second, 125.3);
    EXPECT_DOUBLE_EQ(sample->api_usage.at("sendgrid_emails"), 450);
    EXPECT_TRUE(server.requests()[0].starts_with("GET /metrics HTTP/1.1\r\n"));
}

TEST_F(HttpMetrics, ReadsMoreThanOneReadBrings) {
    auto const sample = fetch_answer(
        json_answer("{\"ignored\":\"" + std::string(500'000, 'x') + "\",\"errorCount\":5}"));
    ASSERT_TRUE(sample.has_value()) << sample.error().message;
    EXPECT_DOUBLE_EQ(sample->error_count, 5);
}

TEST_F(HttpMetrics, TellsThatThereAreNone) {
    auto const none = fetch_answer("HTTP/1.1 404 Not Found\r\nContent-Length: 0\r\n\r\n");
    ASSERT_FALSE(none.has_value());
    EXPECT_EQ(none.error().code, Errc::not_found);
}

TEST_F(HttpMetrics, TellsWhatWentWrong) {
    auto const broken = fetch_answer("HTTP/1.1 500 Oops\r\nContent-Length: 0\r\n\r\n");
    EXPECT_EQ(broken.error().code, Errc::unavailable);
    EXPECT_EQ(broken.error().message, "HTTP error: 500");
    EXPECT_EQ(fetch("http://127.0.0.77:" + std::to_string(server.port())).error().code,
              Errc::unavailable);
    EXPECT_EQ(fetch("http://silent.example/", 50ms).error().code, Errc::unavailable);
    EXPECT_EQ(fetch("https://127.0.0.77:" + std::to_string(server.port())).error().code,
              Errc::unavailable);
}

TEST_F(HttpMetrics, TellsNoSecretThatATargetEchoes) {
    server.then({read_request(), send("GET /m?token=t0ken-value user:p4ssword\r\n\r\n"), stay()});
    auto const echo = fetch("http://user:p4ssword@127.0.0.1:" + std::to_string(server.port()) +
                            "/m?token=t0ken-value");
    EXPECT_TRUE(server.requests().at(0).starts_with("GET /m?token=t0ken-value HTTP/1.1\r\n"));
    ASSERT_FALSE(echo.has_value());
    EXPECT_EQ(echo.error().message, "not HTTP: GET /m?token=*** ***");
}

TEST_F(HttpMetrics, RefusesWhatIsNoMetrics) {
    EXPECT_EQ(fetch_answer(json_answer("[]")).error().code, Errc::invalid);
}

TEST_F(HttpMetrics, RefusesMoreThanItReads) {
    auto const body = "{\"x\":\"" + std::string(2 * 1024 * 1024, 'x') + "\"}";
    auto const result = fetch_answer(json_answer(body));
    ASSERT_FALSE(result.has_value());
    EXPECT_EQ(result.error().code, Errc::invalid);
    EXPECT_EQ(result.error().message, "metrics are longer than 1024 KiB");
}

TEST_F(HttpMetrics, DestroyingTheFetchTellsNobody) {
    server.then({read_request(), stay()});
    auto told = false;
    auto const url = parse_url(server.url()).value();
    auto asking = source.fetch({url, 10s, no_map}, [&told](auto) { told = true; });
    run_until([this] { return !server.requests().empty(); });
    asking.reset();
    Url const nowhere{};
    auto refused = source.fetch({nowhere, 10s, no_map}, [&told](auto) { told = true; });
    refused.reset();
    run_until([this] { return server.ended() == 1; });
    EXPECT_FALSE(told);
}

}  // namespace
}  // namespace muster
