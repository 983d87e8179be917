// The reading routes of the built hub over a demo project, as a person or a program asks them.

#include <csignal>
#include <filesystem>
#include <fstream>
#include <string>

#include <gtest/gtest.h>
#include <httplib.h>

#include <muster/testing/holds.hpp>
#include <muster/testing/temporary_folder.hpp>

#include "answer_log.hpp"
#include "hub_process.hpp"

namespace muster::e2e {
namespace {

class Routes : public ::testing::Test {
protected:
    [[nodiscard]] httplib::Result ask(std::string const& path,
                                      httplib::Headers const& headers = {}) {
        httplib::Client client("127.0.0.1", hub_.port());
        log_answers(client);
        return client.Get(path, headers);
    }
    std::string text_of(std::string const& path, int status = 200) {
        auto const answer = ask(path);
        EXPECT_TRUE(answer) << path;
        EXPECT_EQ(answer ? answer->status : 0, status)
            << path << ": " << (answer ? answer->body : "");
        return answer ? answer->body : std::string();
    }

    std::filesystem::path const& with_file() {
        std::ofstream(folder_.path() / "muster.yaml")
            << "projects: [{ name: shop, url: \"" << shop_.url()
            << "\", healthCheckInterval: 200ms }]";
        return folder_.path();
    }

    testing::TemporaryFolder const folder_;
    DemoProcess shop_{"chatbot"};
    HubProcess hub_{with_file(), ""};
};

TEST_F(Routes, TellOfAProjectAndOfWhatItSaysItself) {
    ASSERT_TRUE(hub_.shows("/api/projects/status", "\"healthy\""));
    EXPECT_TRUE(testing::holds(text_of("/api/projects"), "\"projectName\":\"shop\",\"settings\""));
    EXPECT_TRUE(
        testing::holds(text_of("/api/projects/shop"), "\"health\":{\"projectName\":\"shop\""));
    ASSERT_TRUE(hub_.shows("/api/projects/shop/health", "\"up\":1"));
    EXPECT_TRUE(testing::holds(text_of("/api/projects/shop/health"), "\"worstOffender\":null"));
    EXPECT_TRUE(
        testing::holds(text_of("/api/projects/shop/status"), "\"data\":{\"isRunning\":true"));
    EXPECT_TRUE(testing::holds(text_of("/api/projects/shop/logs?limit=2"), "\"data\":{\"logs\":["));
    EXPECT_TRUE(testing::holds(text_of("/api/projects/shop/logs?level=none"), "\"logs\":[]"));
    shop_.process().signal(SIGKILL);
    ASSERT_GE(shop_.process().wait_for_end(), 0);
    ASSERT_TRUE(hub_.shows("/api/projects/status", "\"down\""));
    EXPECT_TRUE(testing::holds(text_of("/api/projects/shop/logs?limit=3", 502), "BAD_GATEWAY"))
        << "a page that was not kept from before";
    ASSERT_TRUE(hub_.shows("/api/services/shop%2Fapp/health", "\"cause\":\"failures\""));
    EXPECT_TRUE(
        testing::holds(text_of("/api/services/shop%2Fapp/health?limit=1"), "connection refused"));
}

TEST_F(Routes, GiveHistoryFiguresAndTheHubsOwnHealth) {
    ASSERT_TRUE(hub_.shows("/api/history/shop", "\"serviceName\":\"app\""));
    EXPECT_TRUE(testing::holds(text_of("/api/history/shop?format=csv"), "\r\nshop,app,healthy,"));
    EXPECT_TRUE(testing::holds(text_of("/api/history/shop?format=ndjson"), "\"}\n"));
    ASSERT_TRUE(hub_.shows("/api/metrics/shop/history", "\"requestsPerSecond\""));
    ASSERT_TRUE(hub_.shows("/api/system/health", "\"hub\":\"up\""));
    EXPECT_TRUE(
        testing::holds(text_of("/api/system/health"), "\"database\":\"up\",\"bus\":\"up\""));
}

TEST_F(Routes, FeedOtherProgramsWithoutAHole) {
    ASSERT_TRUE(hub_.shows("/api/projects/status", "\"healthy\""));
    auto const snapshot = text_of("/api/feed");
    ASSERT_TRUE(testing::holds(snapshot, "\"snapshot\":{\"projects\":[{")) << snapshot;
    auto const at = snapshot.find("\"next\":\"") + 8;
    auto const next = snapshot.substr(at, snapshot.find('"', at) - at);
    EXPECT_TRUE(hub_.shows("/api/feed?after=" + next, "\"kind\":\"result\""));
    EXPECT_TRUE(testing::holds(text_of("/api/feed?after=1:1"), "\"gap\":true"));
}

TEST_F(Routes, ShowPagesAndBadgesToEverybody) {
    ASSERT_TRUE(hub_.shows("/badge/shop", "shop: healthy"));
    EXPECT_TRUE(testing::holds(text_of("/badge/shop/app.svg?metric=uptime&range=24h"),
                               "uptime 24h: 100 %"));
    auto const page = text_of("/status");
    EXPECT_TRUE(testing::holds(page, "<h1>Everything works</h1>")) << page;
    EXPECT_FALSE(testing::holds(page, shop_.url())) << "addresses are nobody's business there";
    EXPECT_TRUE(testing::holds(text_of("/status.css"), "prefers-color-scheme: dark"));
    EXPECT_TRUE(testing::holds(text_of("/report?project=shop"), "<h2>Incidents</h2>"));
    ASSERT_TRUE(hub_.shows("/report?project=shop&format=json", "\"p95Ms\""));
}

TEST_F(Routes, TakeHeadAndRefuseWhatTheyCannotDo) {
    ASSERT_TRUE(hub_.shows("/api/projects", "\"shop\""));
    httplib::Client client("127.0.0.1", hub_.port());
    log_answers(client);
    for (std::string const path :
         {"/api/projects", "/api/projects/shop", "/api/projects/shop/health",
          "/api/projects/shop/status", "/api/projects/shop/logs", "/api/metrics/shop/history",
          "/api/history/shop", "/api/services/shop%2Fapp/health", "/api/system/health", "/api/feed",
          "/badge/shop", "/status", "/status.css", "/report?project=shop"}) {
        auto const head = client.Head(path);
        ASSERT_TRUE(head) << path;
        EXPECT_EQ(head->status, 200) << path;
        EXPECT_TRUE(head->body.empty()) << path;
        auto const post = client.Post(path, "{}", "application/json");
        ASSERT_TRUE(post) << path;
        EXPECT_EQ(post->status, 405) << path;
        EXPECT_EQ(post->get_header_value("Allow"), "GET, HEAD, OPTIONS") << path;
    }
}

TEST_F(Routes, SendNothingTwiceThatDidNotChange) {
    ASSERT_TRUE(hub_.shows("/api/projects", "\"shop\""));
    for (int attempt = 0; attempt < 100; ++attempt) {
        auto const tag = ask("/api/projects/status")->get_header_value("ETag");
        ASSERT_FALSE(tag.empty());
        if (ask("/api/projects/status", {{"If-None-Match", tag}})->status == 304) {
            return;
        }
    }
    ADD_FAILURE() << "a check came between every two requests";
}

TEST_F(Routes, ComeInGzipToWhoAsksForIt) {
    auto const curl = testing::find_program("curl");
    for (std::string const path : {"/api/openapi.json", "/", "/status.css", "/metrics"}) {
        auto const plain = text_of(path);
        ASSERT_GT(plain.size(), 1400U) << path;
        ChildProcess packed(curl, {"-sS", "--compressed", "-D", "-", hub_.url() + path}, {});
        ASSERT_TRUE(packed.wait_for_line("Content-Encoding: gzip")) << packed.output();
        EXPECT_FALSE(packed.wait_for_line("nothing says this: all is read"));
        EXPECT_EQ(packed.wait_for_end(), 0);
        EXPECT_TRUE(testing::holds(packed.output(), "Vary: Accept-Encoding")) << path;
        EXPECT_TRUE(testing::holds(packed.output(), "\r\n\r\n" + plain.substr(0, 40))) << path;
    }
    EXPECT_FALSE(testing::holds(text_of("/metrics"), "muster_http_answers_packed_total 0"));
}

}  // namespace
}  // namespace muster::e2e
