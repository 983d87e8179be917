// Several programs on one database.

#include <array>
#include <atomic>
#include <thread>
#include <vector>

#include <integration/postgres/postgres_test.hpp>
#include <muster/postgres/advisory_lock.hpp>
#include <muster/postgres/connection.hpp>
#include <muster/postgres/connection_parameters.hpp>
#include <muster/postgres/schema.hpp>

namespace muster::testing {
namespace {

class PostgresSharing : public PostgresTest {
public:
    std::unique_ptr<PostgresConnection> connect() {
        auto connection = PostgresConnection::open(*connection_parameters(url(), {}));
        EXPECT_TRUE(connection) << connection.error().message;
        return connection ? std::move(*connection) : nullptr;
    }
};

TEST_F(PostgresSharing, IsRefusedToASecondHubOfTheSameId) {
    auto first = open({.url = url(), .hub_id = "hub-main"});
    auto const second = PostgresResultStore::open(
        {.url = url(), .hub_id = "hub-main", .claim_patience = Millis(100)});
    ASSERT_FALSE(second);
    EXPECT_EQ(second.error().code, Errc::conflict);
    EXPECT_NE(second.error().message.find("another hub writes to this database as 'hub-main', "
                                          "connected from 127."),
              std::string::npos)
        << second.error().message;
    auto const other = open({.url = url(), .hub_id = "hub-other"});
    EXPECT_TRUE(other);
    first.reset();
    EXPECT_TRUE(open({.url = url(), .hub_id = "hub-main"}));
}

TEST_F(PostgresSharing, KnowsAnEarlierSessionOfTheSameHubWhichNobodyUses) {
    PostgresResultStore::Options const options{
        .url = url(), .hub_id = "hub-main", .owner = "journal-1", .claim_patience = Millis(500)};
    auto first = open(options);
    auto const second = open(options);  // as after a crash of its host: no conflict
    auto const waiting = second->cursor("hub-main");
    ASSERT_FALSE(waiting);
    EXPECT_EQ(waiting.error().code, Errc::unavailable);
    EXPECT_NE(waiting.error().message.find("an earlier session of this hub's own"),
              std::string::npos)
        << waiting.error().message;
    first.reset();
    EXPECT_TRUE(second->cursor("hub-main"));
}

TEST_F(PostgresSharing, IsRefusedToACopyOfAHubThatRuns) {
    PostgresResultStore::Options const options{
        .url = url(), .hub_id = "hub-main", .owner = "journal-1", .claim_patience = Millis(10)};
    auto const first = open(options);
    auto const second = open(options);
    EXPECT_EQ(second->cursor("hub-main").error().code, Errc::unavailable);
    ASSERT_TRUE(first->cursor("hub-main"));
    EXPECT_EQ(second->cursor("hub-main").error().code, Errc::conflict);
}

TEST_F(PostgresSharing, TellsAHubThatConnectsLaterOnceThatItIsRefused) {
    server().stop();
    std::vector<Error> told;
    auto const store = open({.url = url(),
                             .hub_id = "hub-main",
                             .claim_patience = Millis(10),
                             .refused = [&told](Error const& error) { told.push_back(error); }});
    EXPECT_EQ(store->cursor("hub-main").error().code, Errc::unavailable);
    EXPECT_TRUE(told.empty());
    server().start();
    auto const other = open({.url = url(), .hub_id = "hub-main"});
    EXPECT_FALSE(store->forget({}));
    EXPECT_FALSE(store->cursor("hub-main"));
    ASSERT_EQ(told.size(), 1U);
    EXPECT_EQ(told[0].code, Errc::conflict);
    EXPECT_NE(told[0].message.find("another hub writes to this database as 'hub-main'"),
              std::string::npos)
        << told[0].message;
}

TEST_F(PostgresSharing, LetsNoHubWaitForTheAccountsThatAnotherHolds) {
    auto const store = open({.url = url(), .lock_timeout = Millis(100)});
    ASSERT_EQ(feed(*store, 400), 0);
    {
        auto const other = connect();  // a hub that stands still before its COMMIT
        auto const transaction =
            PostgresTransaction::begin(*other, PostgresTransaction::Kind::write);
        ASSERT_TRUE((*transaction)->script("UPDATE muster.part SET bytes = bytes"));
        EXPECT_EQ(feed(*store, 800), 0) << last_error.message;
    }
    EXPECT_EQ(feed(*store, 1'000), 0);
    EXPECT_EQ(ask("SELECT (SELECT sum(bytes) FROM muster.part) ="
                  " (SELECT count(*) * 103 + count(nullif(error_message, '')) * 4"
                  " + sum(coalesce(length(error_message), 0)) FROM health_checks)"),
              "t");
}

TEST_F(PostgresSharing, GivesTheIdToWhoeverWaitsForAHubThatEnds) {
    auto first = open({.url = url(), .hub_id = "hub-main"});
    std::thread successor([this] {
        EXPECT_TRUE(open({.url = url(), .hub_id = "hub-main", .claim_patience = Millis(20'000)}));
    });
    first.reset();
    successor.join();
}

TEST_F(PostgresSharing, KeepsTwoHubsThatWriteAtOnceApart) {
    constexpr std::uint64_t kRecords = 6'000;
    std::array<std::string, 2> const hubs{"hub-a", "hub-b"};
    std::vector<std::thread> threads;
    for (auto const& hub : hubs) {
        threads.emplace_back([this, hub] {
            auto const store = open({.url = url(), .hub_id = hub});
            Cursor cursor;
            while (store && cursor.seq < kRecords) {
                auto batch = checks_after(cursor, 300);
                batch.hub_id = hub;
                auto const taken = store->append(batch);
                ASSERT_TRUE(taken) << taken.error().message;
                cursor = batch.next;
            }
        });
    }
    for (auto& thread : threads) {
        thread.join();
    }
    EXPECT_EQ(ask("SELECT hub_id, count(*), count(DISTINCT recorded_at) FROM health_checks"
                  " GROUP BY 1 ORDER BY 1"),
              "hub-a|6000|6000\nhub-b|6000|6000");
    EXPECT_EQ(ask("SELECT count(*) = count(DISTINCT id) FROM health_checks"), "t");
}

TEST_F(PostgresSharing, LetsOneOfManyMigratorsDoTheWork) {
    std::atomic<std::size_t> applied{0};
    std::vector<std::thread> threads;
    for (int number = 0; number < 4; ++number) {
        threads.emplace_back([this, &applied] {
            auto const connection = connect();
            auto const done = migrate(*connection, postgres_migrations());
            ASSERT_TRUE(done) << done.error().message;
            applied += done->size();
        });
    }
    for (auto& thread : threads) {
        thread.join();
    }
    EXPECT_EQ(applied, postgres_migrations().size());
    EXPECT_EQ(ask("SELECT count(*) FROM muster.schema_version"),
              std::to_string(postgres_migrations().size()));
}

TEST_F(PostgresSharing, TellsWhatIsMissingAndChangesNothing) {
    auto const connection = connect();
    auto const missing = missing_in(*connection, postgres_migrations());
    ASSERT_TRUE(missing);
    EXPECT_EQ(missing->size(), postgres_migrations().size());
    EXPECT_EQ(ask("SELECT count(*) FROM pg_namespace WHERE nspname = 'muster'"), "0");
    EXPECT_EQ(check_schema(*connection).error().code, Errc::unavailable);
    ASSERT_TRUE(migrate(*connection, postgres_migrations()));
    EXPECT_TRUE(missing_in(*connection, postgres_migrations())->empty());
    EXPECT_TRUE(check_schema(*connection));
}

TEST_F(PostgresSharing, RefusesADatabaseOfANewerProgram) {
    (void)open();
    (void)ask("INSERT INTO muster.schema_version VALUES (900, 'future', 'x')");
    auto const refused = PostgresResultStore::open({.url = url()});
    ASSERT_FALSE(refused);
    EXPECT_EQ(refused.error().code, Errc::unsupported);
    EXPECT_NE(refused.error().message.find("the database's schema is version 900"),
              std::string::npos)
        << refused.error().message;
}

TEST_F(PostgresSharing, RefusesToWriteOnWhereANewerProgramMigrates) {
    auto const store = open();
    ASSERT_EQ(feed(*store, 400), 0);
    auto const cursor = *store->cursor("hub-main");
    (void)ask("INSERT INTO muster.schema_version VALUES (900, 'future', 'x')");
    auto const refused = store->append(checks_after(cursor, 200));
    ASSERT_FALSE(refused);
    EXPECT_EQ(refused.error().code, Errc::unsupported);
    EXPECT_FALSE(store->forget({.checks_before = kStart + 24h}));
    EXPECT_EQ(ask("SELECT count(*) FROM health_checks"), "400");
}

TEST_F(PostgresSharing, WaitsWhileAMigratorIsAtWork) {
    auto const store = open({.url = url(), .lock_timeout = Millis(100)});
    ASSERT_EQ(feed(*store, 400), 0);
    auto const cursor = *store->cursor("hub-main");
    {
        auto const migrator = connect();
        auto const transaction =
            PostgresTransaction::begin(*migrator, PostgresTransaction::Kind::write);
        ASSERT_TRUE((*transaction)
                        ->query("SELECT pg_advisory_xact_lock($1, $2)", postgres::kLockClass,
                                postgres::kMigrationLock));
        auto const waiting = store->append(checks_after(cursor, 200));
        ASSERT_FALSE(waiting);
        EXPECT_EQ(waiting.error().code, Errc::unavailable);
        EXPECT_NE(waiting.error().message.find("is changing the database's schema"),
                  std::string::npos)
            << waiting.error().message;
    }
    EXPECT_EQ(feed(*store, 600), 0);
}

TEST_F(PostgresSharing, RefusesAMigrationThatWasChanged) {
    (void)open();
    (void)ask("UPDATE muster.schema_version SET checksum = 'other' WHERE version = 1");
    auto const refused = PostgresResultStore::open({.url = url()});
    ASSERT_FALSE(refused);
    EXPECT_EQ(refused.error().code, Errc::unsupported);
}

TEST_F(PostgresSharing, LeavesTheTablesOfAnotherProgramAlone) {
    (void)ask("CREATE TABLE projects (mine int)");
    auto const refused = PostgresResultStore::open({.url = url()});
    ASSERT_FALSE(refused);
    EXPECT_EQ(refused.error().code, Errc::conflict);
    EXPECT_NE(refused.error().message.find("relation \"projects\" already exists"),
              std::string::npos)
        << refused.error().message;
    EXPECT_EQ(ask("SELECT count(*) FROM projects"), "0");
}

TEST_F(PostgresSharing, WaitsForSomebodyElseToMigrateWhereToldSo) {
    auto const store = open({.url = url(), .migrate = false});
    auto const waiting = store->cursor("hub-main");
    ASSERT_FALSE(waiting);
    EXPECT_EQ(waiting.error().code, Errc::unavailable);
    EXPECT_NE(waiting.error().message.find("not been prepared"), std::string::npos);
    ASSERT_TRUE(migrate(*connect(), postgres_migrations()));
    EXPECT_TRUE(store->cursor("hub-main"));
}

TEST_F(PostgresSharing, ShowsWhatTheContractNamesToWhoeverLooks) {
    auto const store = open();
    RecordStory story;
    auto const project = a_project(1, "shop");
    auto const app = a_service(7, project, "app");
    story.tell(ProjectChanged{project, true}).tell(ServiceChanged{app, true});
    story.tell(HubStarted{"hub-main", "1", kStart});
    story.tell(passed_check(app.id, kStart + 1s));
    story.tell(failed_check(app.id, kStart + 11s, "connection refused"));
    story.tell(went(app, HealthStatus::up, HealthStatus::down, kStart + 11s));
    story.tell(ProjectMetrics{project.id, kStart + 12s, {}});
    ASSERT_TRUE(store->append(story.batch()));
    EXPECT_EQ(ask("SELECT id, name, url, description, critical, hub_id FROM projects"),
              "1|shop|http://127.0.0.1:3010/|what shop is for|t|hub-main");
    EXPECT_EQ(ask("SELECT id, project_id, name, service_type, health_url, health_method,"
                  " health_interval, health_status, consecutive_failures, health_details, port"
                  " FROM services"),
              "7|1|app|api|http://127.0.0.1:3010/health|GET|30.0000000000000000|down|1|"
              "{\"error\": \"connection refused\"}|3010");
    EXPECT_EQ(ask("SELECT project_name, service_name, status, uptime_percentage,"
                  " response_time_ms, error_message, recorded_at FROM project_status_history"
                  " WHERE recorded_at > '2026-11-22' ORDER BY id"),
              "shop|app|healthy|100.0000|12||2026-11-22 05:55:01+00\n"
              "shop|app|down|99.5000|12|connection refused|2026-11-22 05:55:11+00");
    EXPECT_EQ(ask("SELECT status FROM health_checks ORDER BY id"), "up\ndown");
    EXPECT_EQ(ask("SELECT project_name, event_type, severity, metadata->>'cause' FROM"
                  " project_events ORDER BY id"),
              "shop|service_registered|info|\nshop|status_changed|critical|failures");
    EXPECT_EQ(ask("SELECT orchestration_hub_status, database_status FROM system_health"), "up|up");
    EXPECT_EQ(ask("SELECT project_name, api_usage FROM project_metrics"), "shop|{}");
}

TEST_F(PostgresSharing, HasTheNamesOfAlertsAndHealing) {
    auto const store = open();
    RecordStory story;
    auto const project = a_project(1, "shop");
    story.tell(ProjectChanged{project, true})
        .tell(ServiceChanged{a_service(7, project, "app"), true});
    ASSERT_TRUE(store->append(story.batch()));
    (void)ask(
        "INSERT INTO muster.alert_rule (hub, name, severity, condition, channels) SELECT key,"
        " 'db-down', 2, '{\"measure\": \"service.status\"}', '{ops}' FROM muster.hub");
    (void)ask(
        "INSERT INTO muster.alert (rule, project, service, triggered_at) SELECT r.id,"
        " s.project, s.key, '2026-11-22 06:00+00' FROM muster.alert_rule r, muster.service s");
    (void)ask(
        "INSERT INTO muster.healing (hub, service, cause, tier, attempt, outcome,"
        " detected_at) SELECT hub, key, 'probe', 1, 1, 'ready', '2026-11-22 06:00+00'"
        " FROM muster.service");
    EXPECT_EQ(ask("SELECT name, severity, condition, channels, enabled, created_at = updated_at,"
                  " hub_id FROM alert_rules"),
              "db-down|critical|{\"measure\": \"service.status\"}|{ops}|t|t|hub-main");
    EXPECT_EQ(ask("SELECT rule_id = (SELECT id FROM alert_rules), rule, severity, status,"
                  " project_name, service_name, data, triggered_at, acknowledged_at, resolved_at,"
                  " created_at > triggered_at, hub_id FROM alerts"),
              "t|db-down|critical|triggered|shop|app|{}|2026-11-22 06:00:00+00|||t|hub-main");
    EXPECT_EQ(ask("SELECT project_name, service_name, cause, tier, attempt, outcome, detected_at,"
                  " hub_id FROM healing_history"),
              "shop|app|probe|1|1|ready|2026-11-22 06:00:00+00|hub-main");
    (void)ask("DELETE FROM muster.alert_rule");
    EXPECT_EQ(ask("SELECT count(*) FROM alerts"), "0");
}

}  // namespace
}  // namespace muster::testing
