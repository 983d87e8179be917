// Projects that serve Prometheus text, from the socket to the figures of the collector.

#include <deque>
#include <map>
#include <mutex>
#include <string>
#include <thread>
#include <utility>
#include <vector>

#include <gtest/gtest.h>
#include <httplib.h>
#include <boost/asio/io_context.hpp>

#include <muster/dns/dns_resolver.hpp>
#include <muster/http/http_client.hpp>
#include <muster/http/http_metrics_source.hpp>
#include <muster/monitoring/metrics_collector.hpp>
#include <muster/runtime/loop.hpp>
#include <muster/runtime/system_clock.hpp>

namespace muster {
namespace {

struct Page {
    std::string body;
    std::string type{"text/plain; version=0.0.4; charset=utf-8"};
};

/// A project as many are: cpp-httplib behind a free port, one page after the other at /metrics.
class WebProject {
public:
    WebProject() {
        server_.Get("/metrics", [this](httplib::Request const& request, httplib::Response& answer) {
            std::lock_guard const lock(mutex_);
            accepts_.push_back(request.get_header_value("Accept"));
            auto const page = pages_.front();
            if (pages_.size() > 1) {
                pages_.pop_front();
            }
            answer.set_content(page.body, page.type);
        });
        port_ = server_.bind_to_any_port("127.0.0.1");
        thread_ = std::thread([this] { server_.listen_after_bind(); });
    }
    ~WebProject() {
        server_.stop();
        thread_.join();
    }
    WebProject(WebProject const&) = delete;
    WebProject& operator=(WebProject const&) = delete;

    void serve(std::vector<Page> const& pages) { pages_.assign(pages.begin(), pages.end()); }
    [[nodiscard]] std::string url() const { return "http://127.0.0.1:" + std::to_string(port_); }
    [[nodiscard]] std::vector<std::string> accepts() {
        std::lock_guard const lock(mutex_);
        return accepts_;
    }

private:
    std::mutex mutex_;
    std::deque<Page> pages_;
    std::vector<std::string> accepts_;
    httplib::Server server_;
    int port_{0};
    std::thread thread_;
};

struct CollectedSeries : ::testing::Test {
    /// Collects each page once, 20 ms apart.
    void collect(std::map<std::string, std::string> map, std::vector<Page> const& pages) {
        web.serve(pages);
        Project project;
        project.id = ProjectId{1};
        project.spec = project_of("shop", parse_url(web.url()).value());
        project.spec.metrics->interval = 20ms;
        project.spec.metrics->map = std::move(map);
        collector.set(project);
        collector.passed(project.id);
        while (collected.size() + problems.size() < pages.size()) {
            loop.context().run_one();
        }
        collector.stop();
    }

    WebProject web;
    Loop loop;
    SystemClock clock;
    DnsResolver resolver{loop, clock};
    HttpClient client{loop, clock, resolver};
    HttpMetricsSource source{loop, client};
    std::vector<MetricsSample> collected;
    std::vector<std::string> problems;
    MetricsCollector collector{
        clock,
        loop,
        source,
        [this](ProjectMetrics metrics) { collected.push_back(std::move(metrics.sample)); },
        [this](std::string_view project, Error const& error) {
            problems.push_back(std::string(project) + ": " + error.message);
        },
        {}};
};

TEST_F(CollectedSeries, BecomeFiguresByTheMap) {
    collect({{"requestsPerSecond", "rate(http_requests_total)"},
             {"errorRate", "ratio(http_requests_total{code=~\"5..\"} , http_requests_total)"},
             {"memoryUsagePercent", "process_memory_percent"},
             {"databaseQueryTime", "avg(db_query_seconds) * 1000"},
             {"apiUsage.sendgrid_emails", "sendgrid_emails_total"}},
            {Page{"# HELP http_requests_total Requests.\n"
                  "# TYPE http_requests_total counter\n"
                  "http_requests_total{code=\"200\"} 900\n"
                  "http_requests_total{code=\"503\"} 100\n"
                  "process_memory_percent 45.2\n"
                  "db_query_seconds_sum 10\ndb_query_seconds_count 100\n"
                  "sendgrid_emails_total 449\n"},
             // As Windows and hurried scripts write it: CR LF, no end of the last line.
             Page{"http_requests_total{code=\"200\"} 998\r\n"
                  "http_requests_total{code=\"503\"} 102\r\n\r\n"
                  "process_memory_percent 46\r\n"
                  "db_query_seconds_sum 10.5\r\ndb_query_seconds_count 120\r\n"
                  "sendgrid_emails_total 450"}});
    ASSERT_EQ(collected.size(), 2U) << (problems.empty() ? "" : problems[0]);
    EXPECT_EQ(collected[0].requests_per_second, 0);
    EXPECT_EQ(collected[0].memory_usage_percent, 45.2);
    EXPECT_EQ(collected[0].api_usage.at("sendgrid_emails"), 449);
    EXPECT_GT(collected[1].requests_per_second, 1) << "100 requests in less than a minute";
    EXPECT_DOUBLE_EQ(collected[1].error_rate, 0.02);
    EXPECT_DOUBLE_EQ(collected[1].database_query_time_ms, 25);
    EXPECT_EQ(collected[1].memory_usage_percent, 46);
    EXPECT_EQ(collected[1].error_count, 0) << "no expression gives it";
    EXPECT_TRUE(web.accepts().at(0).starts_with("text/plain;version=0.0.4,"));
}

TEST_F(CollectedSeries, MayBeOpenMetrics) {
    collect({{"errorCount", "errors_total{kind!=\"client\"}"}},
            {Page{"# TYPE errors counter\n"
                  "errors_total{kind=\"server\"} 5 1520879607.789 # {trace=\"1\"} 1\n"
                  "errors_total{kind=\"client\"} 7\n# EOF\n",
                  "application/openmetrics-text; version=1.0.0; charset=utf-8"}});
    ASSERT_EQ(collected.size(), 1U) << (problems.empty() ? "" : problems[0]);
    EXPECT_EQ(collected[0].error_count, 5);
}

TEST_F(CollectedSeries, MayStillBeJson) {
    collect({{"errorCount", "errors_total"}}, {Page{"{\"errorCount\": 5}", "application/json"},
                                               Page{" \n{\"errorCount\": 6}", "text/plain"}});
    ASSERT_EQ(collected.size(), 2U) << (problems.empty() ? "" : problems[0]);
    EXPECT_EQ(collected[0].error_count, 5);
    EXPECT_EQ(collected[1].error_count, 6);
}

TEST_F(CollectedSeries, AreRefusedWithTheirLine) {
    collect({{"errorCount", "errors_total"}}, {Page{"errors_total 5\n<html>502</html>\n"}});
    EXPECT_EQ(problems, std::vector<std::string>{
                            "shop: line 2: the line does not begin with the name of a metric"});
}

TEST_F(CollectedSeries, NeedAMap) {
    collect({}, {Page{"errors_total 5\n"}});
    EXPECT_EQ(problems,
              std::vector<std::string>{
                  "shop: they are Prometheus text: say in metricsMap which series are meant"});
    EXPECT_EQ(web.accepts().at(0), "application/json");
}

TEST_F(CollectedSeries, OfAWholeMegabyteAreRead) {
    std::string body;
    while (body.size() < 1'000'000) {
        body += "http_requests_total{code=\"200\",path=\"/some/longer/path/" +
                std::to_string(body.size()) + "\"} 17\n";
    }
    body += "errors_total 3\n";
    collect({{"errorCount", "errors_total"}, {"apiUsage.ok", "http_requests_total{code=~\"2..\"}"}},
            {Page{body}});
    ASSERT_EQ(collected.size(), 1U) << (problems.empty() ? "" : problems[0]);
    EXPECT_EQ(collected[0].error_count, 3);
    EXPECT_GT(collected[0].api_usage.at("ok"), 10'000 * 17);
}

}  // namespace
}  // namespace muster
