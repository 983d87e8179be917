#include <algorithm>
#include <chrono>
#include <future>
#include <string>
#include <thread>
#include <vector>

#include <gtest/gtest.h>
#include <httplib.h>
#include <nlohmann/json.hpp>

#include <demo/project.hpp>
#include <demo/server.hpp>
#include <muster/base/time.hpp>

namespace muster::demo {
namespace {

using Json = nlohmann::json;

Instant real_time() {
    return {.steady = std::chrono::steady_clock::now(),
            .wall = std::chrono::floor<Millis>(std::chrono::system_clock::now())};
}

/// A demo project on a free port. Clients use a fresh connection for every request.
class DemoServer : public ::testing::Test {
protected:
    DemoServer() {
        auto const bound = server_.start({});
        port_ = bound ? *bound : 0;
    }

    void SetUp() override { ASSERT_NE(port_, 0); }

    [[nodiscard]] httplib::Client client(Millis patience = 5s) const {
        auto client = httplib::Client{"127.0.0.1", port_};
        client.set_read_timeout(patience);
        return client;
    }

    [[nodiscard]] Json get(std::string const& path, int expected_status = 200) const {
        auto const answer = client().Get(path);
        if (!answer) {
            ADD_FAILURE() << path << ": " << httplib::to_string(answer.error());
            return {};
        }
        EXPECT_EQ(answer->status, expected_status) << path;
        EXPECT_EQ(answer->get_header_value("Content-Type"), "application/json") << path;
        return Json::parse(answer->body, nullptr, false);
    }

    [[nodiscard]] Json order(std::string const& body, int expected_status = 200) const {
        auto const answer = client().Post("/chaos", body, "application/json");
        if (!answer) {
            ADD_FAILURE() << body << ": " << httplib::to_string(answer.error());
            return {};
        }
        EXPECT_EQ(answer->status, expected_status) << body;
        return Json::parse(answer->body, nullptr, false);
    }

    std::promise<void> died_;
    Project project_{email_blast(), 7, real_time};
    Server server_{project_, [this] { died_.set_value(); }};
    int port_{0};
};

/// RFC 3339 in UTC with milliseconds, exactly as we write it.
bool is_time(Json const& value) {
    auto const text = value.is_string() ? value.get<std::string>() : std::string{};
    auto const time = parse_rfc3339(text);
    return time && to_rfc3339(*time) == text;
}

TEST_F(DemoServer, HealthHasTheContractsFields) {
    auto const health = get("/health");
    EXPECT_EQ(health["status"], "healthy");
    EXPECT_TRUE(is_time(health["lastCheck"]));
    EXPECT_GT(health["uptime"], 90.0);
    EXPECT_EQ(health["isRunning"], true);
    EXPECT_TRUE(health["responseTime"].is_number());
    EXPECT_EQ(health.size(), 5U);
}

TEST_F(DemoServer, MetricsHaveTheContractsFields) {
    auto const metrics = get("/metrics");
    for (auto const* field : {"requestsPerSecond", "errorRate", "errorCount", "memoryUsagePercent",
                              "cpuUsagePercent", "databaseQueryTime"}) {
        EXPECT_TRUE(metrics[field].is_number()) << field;
    }
    EXPECT_TRUE(metrics["apiUsage"]["sendgrid_emails"].is_number_integer());
    EXPECT_EQ(metrics.size(), 7U);
}

TEST_F(DemoServer, StatusHasTheContractsFields) {
    auto const status = get("/status");
    EXPECT_EQ(status["isRunning"], true);
    EXPECT_TRUE(status["currentTasks"].is_number_integer());
    EXPECT_TRUE(status["activeUsers"].is_number_integer());
    EXPECT_TRUE(is_time(status["lastUpdate"]));
    EXPECT_TRUE(is_time(status["nextScheduledTask"]));
    EXPECT_EQ(status.size(), 5U);
}

TEST_F(DemoServer, LogsArePaged) {
    auto const first = get("/logs?limit=5");
    auto const all = get("/logs?limit=1000");
    ASSERT_EQ(first["logs"].size(), 5U);
    EXPECT_GE(first["total"], 5U);
    EXPECT_TRUE(is_time(first["logs"][0]["timestamp"]));
    EXPECT_TRUE(first["logs"][0]["level"].is_string());
    EXPECT_TRUE(first["logs"][0]["message"].is_string());
    EXPECT_GE(first["logs"][0]["timestamp"], first["logs"][4]["timestamp"]) << "newest first";
    EXPECT_LE(get("/logs")["logs"].size(), 100U);
    EXPECT_EQ(get("/logs?offset=999999999")["logs"].size(), 0U);
    EXPECT_GE(all["logs"].size(), first["logs"].size());
}

TEST_F(DemoServer, BadPagingIsRefusedByName) {
    for (auto const* query : {"limit=0", "limit=-1", "limit=abc", "limit=", "limit=1001",
                              "limit=1.5", "limit=99999999999999999999", "limit=%2010"}) {
        auto const error = get(std::string{"/logs?"} + query, 400)["error"].get<std::string>();
        EXPECT_TRUE(error.starts_with("limit: must be a whole number")) << error;
    }
    auto const error = get("/logs?offset=-1", 400)["error"].get<std::string>();
    EXPECT_TRUE(error.starts_with("offset: ")) << error;
}

TEST_F(DemoServer, WhatIsNotThereIs404) {
    EXPECT_EQ(get("/nothing", 404)["error"], "nothing at /nothing");
    EXPECT_EQ(get("/")["name"], "email-blast");
}

TEST_F(DemoServer, AKeptConnectionEndsAfterFiveRequests) {
    auto kept = client();
    kept.set_keep_alive(true);
    for (auto request = 1; request <= 5; ++request) {
        auto const answer = kept.Get("/health");
        ASSERT_TRUE(answer);
        EXPECT_EQ(answer->get_header_value("Connection") == "close", request == 5) << request;
    }
}

TEST_F(DemoServer, SlowAnswersLate) {
    EXPECT_EQ(order(R"({"mode":"slow","delayMs":150})")["delayMs"], 150);
    EXPECT_EQ(get("/chaos")["mode"], "slow");
    auto const before = std::chrono::steady_clock::now();
    EXPECT_EQ(get("/health")["status"], "healthy");
    EXPECT_GE(std::chrono::steady_clock::now() - before, 150ms);
}

TEST_F(DemoServer, FailAnswers500) {
    EXPECT_EQ(order(R"({"mode":"fail","forSeconds":60})")["mode"], "fail");
    for (auto const* path : {"/health", "/metrics", "/status", "/logs"}) {
        EXPECT_TRUE(get(path, 500)["error"].is_string());
    }
    EXPECT_GT(get("/chaos")["secondsLeft"], 0.0);
    EXPECT_EQ(order(R"({"mode":"recover"})")["mode"], "none");
    EXPECT_EQ(get("/health")["status"], "healthy");
}

TEST_F(DemoServer, UnhealthySaysSoWith200) {
    EXPECT_EQ(order(R"({"mode":"unhealthy"})")["mode"], "unhealthy");
    auto const health = get("/health");
    EXPECT_EQ(health["status"], "down");
    EXPECT_EQ(health["isRunning"], false);
    EXPECT_EQ(get("/status")["isRunning"], false);
    EXPECT_TRUE(get("/metrics")["cpuUsagePercent"].is_number());
}

TEST_F(DemoServer, ChaosEndsByItself) {
    EXPECT_EQ(order(R"({"mode":"hang","forSeconds":0.2})")["mode"], "hang");
    EXPECT_EQ(get("/health")["status"], "healthy") << "answered when the time was up";
    EXPECT_EQ(get("/chaos")["mode"], "none");
}

TEST_F(DemoServer, HangTakesRequestsAndNeverAnswers) {
    EXPECT_EQ(order(R"({"mode":"hang"})")["mode"], "hang");
    auto const answer = client(200ms).Get("/health");
    EXPECT_EQ(answer.error(), httplib::Error::Read);
}

TEST_F(DemoServer, RecoverWorksWhileManyRequestsHang) {
    EXPECT_EQ(order(R"({"mode":"hang"})")["mode"], "hang");
    auto waiting = std::vector<std::future<int>>{};
    for (auto i = 0; i < 80; ++i) {
        waiting.push_back(std::async(std::launch::async, [this] {
            auto const answer = client(20s).Get("/health");
            return answer ? answer->status : 0;
        }));
    }
    // More come than may wait, so some are sent away.
    auto const done = [](auto const& answer) {
        return answer.wait_for(0s) == std::future_status::ready;
    };
    while (std::none_of(waiting.begin(), waiting.end(), done)) {
        std::this_thread::yield();
    }
    EXPECT_EQ(get("/chaos")["mode"], "hang");
    EXPECT_EQ(order(R"({"mode":"recover"})")["mode"], "none");
    auto answered = 0;
    auto sent_away = 0;
    for (auto& answer : waiting) {
        auto const status = answer.get();
        answered += status == 200 ? 1 : 0;
        sent_away += status == 503 ? 1 : 0;
    }
    EXPECT_EQ(answered + sent_away, 80);
    EXPECT_GE(answered, 1);
    EXPECT_EQ(get("/health")["status"], "healthy");
}

TEST_F(DemoServer, StopLetsHangingRequestsGo) {
    EXPECT_EQ(order(R"({"mode":"hang"})")["mode"], "hang");
    auto hanging = std::async(std::launch::async, [this] {
        auto const answer = client(20s).Get("/health");
        return answer ? answer->status : 0;
    });
    EXPECT_EQ(hanging.wait_for(100ms), std::future_status::timeout);
    server_.stop();
    EXPECT_EQ(hanging.get(), 503);
}

TEST_F(DemoServer, DieEndsTheProgram) {
    EXPECT_EQ(order(R"({"mode":"die"})", 202)["mode"], "die");
    EXPECT_EQ(died_.get_future().wait_for(0s), std::future_status::ready);
}

TEST_F(DemoServer, ABadOrderIsRefusedAndChangesNothing) {
    auto const error = order(R"({"mode":"fail","forSeconds":"long"})", 400)["error"];
    EXPECT_TRUE(error.get<std::string>().starts_with("forSeconds: ")) << error;
    EXPECT_EQ(get("/chaos")["mode"], "none");
    auto const huge = client().Post("/chaos", std::string(100'000, 'x'), "application/json");
    EXPECT_TRUE(!huge || huge->status == 413);
}

TEST_F(DemoServer, TwoProgramsNeverShareAPort) {
    auto second = Server{project_, [] {}};
    auto const port =
        second.start({.host = "127.0.0.1", .port = static_cast<std::uint16_t>(port_)});
    ASSERT_FALSE(port);
    EXPECT_EQ(port.error().code, Errc::unavailable);
    EXPECT_NE(port.error().message.find(std::to_string(port_)), std::string::npos);
}

}  // namespace
}  // namespace muster::demo
