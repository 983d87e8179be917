// The built `muster up`, killed with -9 at random moments.

#include <csignal>
#include <fstream>
#include <random>
#include <string>

#include <gtest/gtest.h>

#include <muster/testing/temporary_folder.hpp>

#include "hub_process.hpp"
#include "stored_history.hpp"

namespace muster::e2e {
namespace {

/// Everything in `earlier` is still in `later`, at the same place.
void expect_kept(StoredHistory const& earlier, StoredHistory const& later) {
    for (auto const& [service, checks] : earlier) {
        auto const found = later.find(service);
        ASSERT_NE(found, later.end()) << service;
        ASSERT_GE(found->second.size(), checks.size()) << service;
        for (std::size_t index = 0; index < checks.size(); ++index) {
            ASSERT_EQ(found->second[index], checks[index]) << service << ", check " << index;
        }
    }
}

void write_config(std::filesystem::path const& folder, std::string const& alive_url) {
    std::ofstream(folder / "muster.yaml") << R"(
defaults: { interval: 200ms, timeout: 150ms, retries: 2 }
projects:
  - name: alive
    url: )" << alive_url << R"(
    healthCheckInterval: 100ms
    metricsCheckInterval: 300ms
    services:
      - { name: port, probe: { tcp: ")" << alive_url.substr(7)
                                          << R"(" } }
  - name: dead
    url: http://127.0.0.1:9
    healthCheckInterval: 150ms
    metrics: off
)";
}

TEST(KillNine, TwentyTimesAtRandomMomentsLosesNothingAndStoresNothingTwice) {
    testing::TemporaryFolder const folder;
    auto const data = folder.path() / "data";
    DemoProcess const alive("chatbot");
    write_config(folder.path(), alive.url());

    std::mt19937 random(20'261'123);  // NOLINT: the same moments in every run
    StoredHistory written;
    for (int kill = 0; kill < 20; ++kill) {
        HubProcess hub(folder.path(), "");
        hub.process().listen_for(static_cast<int>(random() % 700));
        hub.process().signal(SIGKILL);
        ASSERT_EQ(hub.process().wait_for_end(), 128 + SIGKILL);
        auto const now = history_in_journal(data);
        expect_kept(written, now);
        written = now;
    }
    ASSERT_GT(written["alive/app"].size(), 20U);
    ASSERT_GT(written["dead/app"].size(), 20U);

    {
        HubProcess hub(folder.path(), "");
        hub.process().signal(SIGTERM);
        ASSERT_EQ(hub.process().wait_for_end(), 0) << hub.process().output();
    }
    auto const in_journal = history_in_journal(data);
    expect_kept(written, in_journal);
    EXPECT_EQ(history_in_database(data), in_journal);
    EXPECT_EQ(integrity_of_database(data), "ok");
}

TEST(KillNine, AServiceAtFailureThreeOfFourGoesDownOnTheNext) {
    testing::TemporaryFolder const folder;
    auto const data = folder.path() / "data";
    std::ofstream(folder.path() / "muster.yaml") << R"(
projects:
  - name: shop
    url: http://127.0.0.1:9
    metrics: off
    services:
      - { name: db, probe: { tcp: "127.0.0.1:9" }, retries: 3, interval: 30s }
)";
    {
        HubProcess hub(folder.path(), "");
        // Failures at 0, 1 and 3 s; the fourth would come at 7 s.
        ASSERT_TRUE(hub.shows("/api/history/shop?service=db&hours=1", R"("total":3)"));
        hub.process().signal(SIGKILL);
        ASSERT_EQ(hub.process().wait_for_end(), 128 + SIGKILL);
    }
    {
        HubProcess hub(folder.path(), "");
        ASSERT_TRUE(hub.shows("/api/history/shop?service=db&hours=1", R"("total":4)"));
        hub.process().signal(SIGTERM);
        ASSERT_EQ(hub.process().wait_for_end(), 0);
    }
    auto const checks = history_in_database(data).at("shop/db");
    ASSERT_GE(checks.size(), 4U);
    EXPECT_EQ(checks[2].status, "unknown");
    EXPECT_EQ(checks[3].status, "down");
}

}  // namespace
}  // namespace muster::e2e
