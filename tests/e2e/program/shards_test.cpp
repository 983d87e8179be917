// A hub that probes with two shards, as people run it: everything that a hub does reaches across.

#include <csignal>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <string>

#include <gtest/gtest.h>
#include <httplib.h>

#include <muster/testing/holds.hpp>
#include <muster/testing/strict_exposition.hpp>
#include <muster/testing/temporary_folder.hpp>

#include "answer_log.hpp"
#include "hub_process.hpp"

namespace muster::e2e {
namespace {

class Shards : public ::testing::Test {
protected:
    /// Eight services; `web-0` is at `first`, the others by turns at both.
    void write_file(std::string const& first, std::string const& shards = "2") const {
        std::ofstream file(folder_.path() / "muster.yaml");
        file << "hub: { shards: " << shards
             << " }\nprojects:\n  - name: shop\n    url: " << chat_.url()
             << "\n    healthCheckInterval: 200ms\n    services:\n";
        for (int number = 0; number < 8; ++number) {
            auto const& url = number == 0 ? first : number % 2 == 0 ? chat_.url() : mail_.url();
            file << "      - { name: web-" << number << ", interval: 200ms, probe: { http: \""
                 << url << "/health\" } }\n";
        }
    }

    static std::string send(HubProcess const& hub, std::string const& method,
                            std::string const& path) {
        httplib::Client client("127.0.0.1", hub.port());
        log_answers(client);
        httplib::Request request;
        request.method = method;
        request.path = path;
        request.set_header("Content-Type", "application/json");
        auto const answer = client.send(request);
        return answer ? std::to_string(answer->status) + " " + answer->body : std::string();
    }

    /// What `/metrics` shows once the shards, which tell once a second, have begun `checks`.
    static testing::StrictExposition after(HubProcess& hub, double checks) {
        for (auto left = 400; left > 0; --left) {
            testing::StrictExposition shown(hub.get("/metrics"));
            if (shown.at(R"(muster_shard_lateness_seconds_count{shard="1"})") +
                    shown.at(R"(muster_shard_lateness_seconds_count{shard="2"})") >=
                checks) {
                return shown;
            }
            hub.process().listen_for(50);
        }
        ADD_FAILURE() << "the shards do not probe";
        return testing::StrictExposition(hub.get("/metrics"));
    }

    testing::TemporaryFolder const folder_;
    DemoProcess chat_{"chatbot"};
    DemoProcess const mail_{"email-blast"};
};

TEST_F(Shards, ProbeJudgeAndTellLikeAHubWithoutThem) {
    write_file(chat_.url());
    HubProcess hub(folder_.path(), "");
    for (auto const* name : {"app", "web-0", "web-1", "web-7"}) {
        ASSERT_TRUE(hub.shows("/api/services/shop%2F" + std::string(name), R"("status":"up")"))
            << name;
    }
    auto const shown = after(hub, 30);
    EXPECT_TRUE(shown.complaints().empty()) << shown.complaints().front();
    EXPECT_GE(shown.at(R"(muster_loop_lag_seconds{loop="shard-2"})"), 0);
    for (auto const* shard : {"1", "2"}) {
        auto const labels = std::string("{shard=\"") + shard + "\"";
        EXPECT_LT(shown.at("muster_shard_figures_age_seconds" + labels + "}"), 20);
        EXPECT_LE(shown.at("muster_shard_probes_in_flight" + labels + "}"), 9);
        EXPECT_LE(shown.at("muster_shard_messages_waiting" + labels + ",what=\"orders\"}"), 18);
        EXPECT_LE(shown.at("muster_shard_messages_waiting" + labels + ",what=\"reports\"}"), 9);
    }
    EXPECT_EQ(shown.at("muster_services"), 9);
    EXPECT_GE(shown.at(R"(muster_probes_total{kind="http",outcome="passed"})"), 9);
    std::ifstream reference(std::filesystem::path(MUSTER_SOURCE_DIR) / "docs" / "metrics.md");
    std::string const text{std::istreambuf_iterator<char>(reference), {}};
    for (auto const& [name, type] : shown.types()) {
        EXPECT_TRUE(testing::holds(text, "`" + name)) << name << " is not in docs/metrics.md";
    }
    hub.process().signal(SIGTERM);
    EXPECT_EQ(hub.process().wait_for_end(), 0) << hub.process().output();
}

/// Where it is probed changes, its id and its history stay; who is removed is gone with its shard.
TEST_F(Shards, ReloadsRemovalsAndQuestionsReachAcross) {
    write_file(chat_.url());
    HubProcess hub(folder_.path(), "");
    ASSERT_TRUE(hub.shows("/api/history/shop?service=web-0", R"("serviceName":"web-0")"));
    auto const id_of = [&hub] {
        auto const body = hub.get("/api/services/shop%2Fweb-0");
        return body.substr(body.find("\"id\":"), 8);
    };
    auto const id = id_of();
    write_file(mail_.url());
    auto const reloaded = send(hub, "POST", "/api/reload");
    EXPECT_TRUE(testing::holds(reloaded, R"("name":"shop/web-0","fields":["probe"])")) << reloaded;
    ASSERT_TRUE(hub.shows("/api/services/shop%2Fweb-0", mail_.url()));
    ASSERT_TRUE(hub.shows("/api/services/shop%2Fweb-0", R"("status":"up")"));
    EXPECT_EQ(id_of(), id);

    auto const checked = send(hub, "POST", "/api/services/shop%2Fweb-0/check?wait=1");
    EXPECT_TRUE(testing::holds(checked, "200 ")) << checked;

    write_file(mail_.url(), "3");
    EXPECT_TRUE(testing::holds(hub.get("/api/config/plan"),
                               "\"needsRestart\":[\"hub.shards: 2 -> 3 (restart the hub"))
        << hub.get("/api/config/plan");

    std::ofstream(folder_.path() / "muster.yaml")
        << "hub: { shards: 2 }\nprojects: [{ name: shop, url: \"" << chat_.url()
        << "\", healthCheckInterval: 200ms }]\n";
    hub.process().signal(SIGHUP);
    ASSERT_TRUE(hub.process().wait_for_line("configuration reloaded"));
    ASSERT_TRUE(hub.shows("/metrics", "\nmuster_services 1\n"));
    EXPECT_TRUE(testing::holds(send(hub, "GET", "/api/services/shop%2Fweb-1"), "404 "));
    ASSERT_TRUE(hub.shows("/api/services/shop%2Fapp", R"("status":"up")"));
}

TEST_F(Shards, AFailureIsSeenAndARestartKeepsWhatIsKnown) {
    write_file(chat_.url());
    {
        HubProcess hub(folder_.path(), "");
        ASSERT_TRUE(hub.shows("/api/services/shop%2Fapp", R"("status":"up")"));
        chat_.process().signal(SIGKILL);
        ASSERT_TRUE(hub.shows("/api/services/shop%2Fapp", R"("status":"down")"));
        ASSERT_TRUE(hub.shows("/api/services/shop%2Fweb-1", R"("status":"up")"));
        hub.process().signal(SIGKILL);
        hub.process().wait_for_end();
    }
    write_file(chat_.url(), "4");  // shards are where probes run, and nothing that is kept
    HubProcess hub(folder_.path(), "");
    EXPECT_TRUE(testing::holds(hub.get("/api/services/shop%2Fapp"), R"("status":"down")"));
    ASSERT_TRUE(hub.shows("/metrics", R"(muster_loop_lag_seconds{loop="shard-4"})"));
    ASSERT_TRUE(hub.shows("/api/services/shop%2Fweb-1", R"("status":"up")"));
}

}  // namespace
}  // namespace muster::e2e
