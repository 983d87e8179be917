// The built `muster up` with its history in a real PostgreSQL that goes and comes.

#include <chrono>
#include <csignal>
#include <fstream>
#include <random>
#include <string>

#include <gtest/gtest.h>

#include <muster/testing/postgres_server.hpp>
#include <muster/testing/temporary_folder.hpp>

#include "hub_process.hpp"
#include "stored_history.hpp"

namespace muster::e2e {
namespace {

class PostgresHub : public ::testing::Test {
public:
    PostgresHub() {
        std::ofstream(folder.path() / "muster.yaml") << R"(
defaults: { interval: 200ms, timeout: 150ms, retries: 2 }
projects:
  - name: alive
    url: )" << alive.url() << R"(
    healthCheckInterval: 100ms
  - name: dead
    url: http://127.0.0.1:9
    healthCheckInterval: 150ms
    metrics: off
)";
    }

    [[nodiscard]] std::map<std::string, std::string> environment() const {
        return {{"DATABASE_URL", server.url(database)}};
    }

    /// What the view that the contract names holds.
    [[nodiscard]] StoredHistory history_in_postgres() const {
        return e2e::history_in_postgres(server, database);
    }

    /// Whether `/ready` is 503 before long: a store that is away for two seconds says so.
    static bool becomes_unready(HubProcess& hub) {
        auto const deadline = std::chrono::steady_clock::now() + ChildProcess::kPatience;
        while (!hub.get("/ready").empty() && std::chrono::steady_clock::now() < deadline) {
            hub.process().listen_for(50);
        }
        return hub.get("/ready").empty();
    }

    /// Ends the hub as an operator would: it stores what it has.
    static void end(HubProcess& hub) {
        hub.process().signal(SIGTERM);
        ASSERT_EQ(hub.process().wait_for_end(), 0) << hub.process().output();
    }

    testing::TemporaryFolder folder;
    testing::PostgresServer server;
    std::string const database = server.make_database();
    DemoProcess alive{"chatbot"};
};

TEST_F(PostgresHub, HoldsEachJournalledResultOnceAfterKillsAndOutagesInAnyOrder) {
    std::mt19937 random(20'261'127);  // NOLINT: the same moments in every run
    bool runs = true;
    for (int round = 0; round < 12; ++round) {
        HubProcess hub(folder.path(), "", environment());
        hub.process().listen_for(static_cast<int>(random() % 500));
        switch (random() % 3) {
            case 0:
                runs ? server.stop() : server.start();
                runs = !runs;
                break;
            case 1:
                runs ? server.crash() : server.start();
                runs = !runs;
                break;
            default:
                break;
        }
        hub.process().listen_for(static_cast<int>(random() % 500));
        hub.process().signal(SIGKILL);
        ASSERT_EQ(hub.process().wait_for_end(), 128 + SIGKILL);
    }
    if (!runs) {
        server.start();
    }
    {
        HubProcess hub(folder.path(), "", environment());
        ASSERT_TRUE(hub.shows("/ready", R"("ready":true)")) << hub.process().output();
        end(hub);
    }
    auto const in_journal = history_in_journal(folder.path() / "data");
    ASSERT_GT(in_journal.at("alive/app").size(), 20U);
    ASSERT_GT(in_journal.at("dead/app").size(), 20U);
    EXPECT_EQ(history_in_postgres(), in_journal);
    EXPECT_EQ(server.ask(database,
                         "SELECT count(*) = count(DISTINCT id) AND count(*) = (SELECT count(*)"
                         " FROM project_status_history) FROM health_checks"),
              "t");
}

TEST_F(PostgresHub, GoesOnWatchingWhileItsDatabaseIsAwayAndSaysSo) {
    HubProcess hub(folder.path(), "", environment());
    ASSERT_TRUE(hub.shows("/ready", R"("ready":true)"));
    ASSERT_TRUE(hub.shows("/api/history/alive?hours=1", R"("serviceName":"app")"));
    server.stop();
    ASSERT_TRUE(hub.process().wait_for_line("is away")) << hub.process().output();
    ASSERT_TRUE(hub.shows("/api/system/health", R"("database":"down")"));
    EXPECT_TRUE(becomes_unready(hub));
    EXPECT_NE(hub.get("/api/projects/status").find(R"("status":"healthy")"), std::string::npos);
    server.start();
    ASSERT_TRUE(hub.shows("/ready", R"("ready":true)")) << hub.process().output();
    ASSERT_TRUE(hub.shows("/api/events", "store works again")) << hub.process().output();
    end(hub);
    EXPECT_EQ(history_in_postgres(), history_in_journal(folder.path() / "data"));
    EXPECT_EQ(server.ask(database,
                         "SELECT count(*) > 0 FROM system_health WHERE database_status = 'down'"),
              "t");
}

TEST_F(PostgresHub, WaitsForADatabaseThatIsAwayAtItsStart) {
    server.stop();
    HubProcess hub(folder.path(), "", environment());
    ASSERT_TRUE(hub.shows("/api/projects/status", R"("status":"healthy")"));
    ASSERT_TRUE(hub.shows("/api/system/health", R"("database":"down")"));
    EXPECT_TRUE(becomes_unready(hub));
    server.start();
    ASSERT_TRUE(hub.shows("/ready", R"("ready":true)")) << hub.process().output();
    end(hub);
    EXPECT_EQ(history_in_postgres(), history_in_journal(folder.path() / "data"));
}

TEST_F(PostgresHub, StopsInOrderWhileItsDatabaseStandsStill) {
    HubProcess hub(folder.path(), "", environment());
    ASSERT_TRUE(hub.shows("/ready", R"("ready":true)"));
    server.pause();
    hub.process().listen_for(300);  // lanes wait for an answer
    EXPECT_NE(hub.get("/api/projects/status").find(R"("status":"healthy")"), std::string::npos);
    end(hub);
}

TEST_F(PostgresHub, WatchesWhileItWaitsForAConnection) {
    server.pause();
    auto patient = environment();
    patient["DATABASE_URL"] += "?connect_timeout=300";
    {
        HubProcess hub(folder.path(), "", patient);
        ASSERT_TRUE(hub.shows("/api/projects/status", R"("status":"healthy")"));
        server.resume();
        ASSERT_TRUE(hub.shows("/ready", R"("ready":true)")) << hub.process().output();
        end(hub);
    }
    EXPECT_EQ(history_in_postgres(), history_in_journal(folder.path() / "data"));
}

TEST_F(PostgresHub, RefusesASecondHubOfTheSameId) {
    HubProcess hub(folder.path(), "", environment());
    ASSERT_TRUE(hub.shows("/ready", R"("ready":true)"));
    testing::TemporaryFolder const other;
    ChildProcess::Options options;
    options.folder = other.path();
    options.environment = environment();
    options.environment["MUSTER_DATA_DIR"] = (other.path() / "data").string();
    ChildProcess second(program("muster"), {"up", "--port", "0"}, options);
    EXPECT_EQ(second.wait_for_end(), 1);
    EXPECT_NE(second.output().find("another hub writes to this database as 'hub-main'"),
              std::string::npos)
        << second.output();
    end(hub);
}

TEST_F(PostgresHub, IsToldWhatMigrateWouldDoAndDoes) {
    auto const run = [this](std::vector<std::string> const& words) {
        ChildProcess::Options options;
        options.folder = folder.path();
        options.environment = environment();
        ChildProcess process(program("muster"), words, options);
        auto const code = process.wait_for_end();
        return std::to_string(code) + ": " + process.output();
    };
    EXPECT_EQ(run({"migrate", "--dry-run"}),
              "0: would apply V001__history\nwould apply V002__hypertables\n"
              "would apply V003__views\nwould apply V004__alerts_and_healing\n");
    EXPECT_EQ(server.ask(database, "SELECT count(*) FROM pg_namespace WHERE nspname = 'muster'"),
              "0");
    EXPECT_NE(run({"doctor"}).find("4 steps of its schema are missing"), std::string::npos);
    EXPECT_EQ(run({"migrate"}),
              "0: applied V001__history\napplied V002__hypertables\n"
              "applied V003__views\napplied V004__alerts_and_healing\n");
    EXPECT_EQ(run({"migrate"}), "0: the database is up to date\n");
    EXPECT_EQ(run({"migrate", "--json"}), "0: {\"engine\":\"postgresql\",\"applied\":[]}\n");
    EXPECT_NE(run({"doctor"}).find("schema version 4, as this program"), std::string::npos);
    EXPECT_NE(run({"config", "show"}).find("postgresql://***@"), std::string::npos);
    (void)server.ask(database, "INSERT INTO muster.schema_version VALUES (900, 'future', 'x')");
    auto const newer = run({"migrate"});
    EXPECT_EQ(newer.rfind("1: muster: postgresql://", 0), 0U) << newer;
    EXPECT_NE(newer.find("the database's schema is version 900"), std::string::npos) << newer;
    server.stop();
    EXPECT_EQ(run({"migrate"}).rfind("1: muster: ", 0), 0U);
    EXPECT_NE(run({"doctor"}).find("start PostgreSQL, or correct database.url"), std::string::npos);
}

}  // namespace
}  // namespace muster::e2e
