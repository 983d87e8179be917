// The hub's own `/metrics`, as a Prometheus would scrape it.

#include <filesystem>
#include <fstream>
#include <iterator>
#include <map>
#include <string>
#include <vector>

#include <gtest/gtest.h>
#include <httplib.h>

#include <muster/testing/strict_exposition.hpp>
#include <muster/testing/temporary_folder.hpp>

#include "answer_log.hpp"
#include "hub_process.hpp"

namespace muster::e2e {
namespace {

std::string text_in_file(std::filesystem::path const& path) {
    std::ifstream file(path);
    return {std::istreambuf_iterator<char>(file), {}};
}

TEST(Metrics, AreWhatTheContractAndOurReferenceSay) {
    testing::TemporaryFolder const folder;
    DemoProcess const alive("chatbot");
    HubProcess hub(folder.path(), "chat:" + alive.url());
    ASSERT_TRUE(hub.shows("/metrics", "muster_service_status{project=\"chat\",service=\"app\"} 1"));
    ASSERT_TRUE(hub.counts(R"(muster_probes_total{kind="http",outcome="passed"})"));

    httplib::Client client("127.0.0.1", hub.port());
    log_answers(client);
    auto const answer = client.Get("/metrics");
    ASSERT_TRUE(answer);
    EXPECT_EQ(answer->get_header_value("Content-Type"), "text/plain; version=0.0.4; charset=utf-8");
    testing::StrictExposition const shown(answer->body);
    EXPECT_EQ(shown.complaints(), std::vector<std::string>{});

    for (auto const& [name, type] :
         std::map<std::string, std::string>{{"muster_service_status", "gauge"},
                                            {"muster_service_uptime_percent", "gauge"},
                                            {"muster_probe_duration_seconds", "histogram"},
                                            {"muster_probes_total", "counter"},
                                            {"muster_schedule_lateness_seconds", "histogram"},
                                            {"muster_journal_lag_seconds", "gauge"},
                                            {"muster_websocket_clients", "gauge"},
                                            {"muster_build_info", "gauge"}}) {
        ASSERT_TRUE(shown.types().contains(name)) << name;
        EXPECT_EQ(shown.types().at(name), type) << name;
    }
    EXPECT_EQ(shown.at(R"(muster_service_uptime_percent{project="chat",service="app"})"), 100);
    EXPECT_GE(shown.at(R"(muster_probe_duration_seconds_count{kind="http"})"), 1);
    EXPECT_GE(shown.at("muster_schedule_lateness_seconds_count"), 1);
    EXPECT_LT(shown.at(R"(muster_journal_lag_seconds{follower="disk"})"), 10);
    for (auto const* lane : {"sync", "checkpoint", "store", "bus", "read-1", "read-2"}) {
        EXPECT_EQ(shown.at("muster_lane_refused_total{lane=\"" + std::string(lane) + "\"}"), 0);
    }
    for (auto const* loop : {"hub", "edge"}) {
        EXPECT_GE(shown.at("muster_loop_lag_seconds{loop=\"" + std::string(loop) + "\"}"), 0);
    }

    auto const reference =
        text_in_file(std::filesystem::path(MUSTER_SOURCE_DIR) / "docs" / "metrics.md");
    for (auto const& [name, type] : shown.types()) {
        EXPECT_NE(reference.find("`" + name), std::string::npos)
            << name << " is not in docs/metrics.md";
    }

    auto const head = client.Head("/metrics");
    ASSERT_TRUE(head);
    EXPECT_EQ(head->status, 200);
    EXPECT_TRUE(head->body.empty());
}

TEST(Metrics, TellOfOtherHubsWhatTheirMapSays) {
    testing::TemporaryFolder const first_folder;
    testing::TemporaryFolder const second_folder;
    HubProcess watched(first_folder.path(), "");
    HubProcess hub(second_folder.path(), "self:" + watched.url());
    // A hub serves Prometheus text; without a map that is told, and is no worse status.
    ASSERT_TRUE(hub.shows("/api/projects/status", R"("status":"healthy")"));
    ASSERT_TRUE(hub.counts(R"(muster_collections_total{outcome="failed"})"));
}

}  // namespace
}  // namespace muster::e2e
