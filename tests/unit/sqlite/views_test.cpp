#include <string>
#include <vector>

#include <gtest/gtest.h>

#include <muster/sqlite/result_store.hpp>
#include <muster/testing/record_story.hpp>
#include <muster/testing/temporary_folder.hpp>
#include <unit/sqlite/rows.hpp>

namespace muster {
namespace {

using testing::failed_check;
using testing::kStart;
using testing::passed_check;
using testing::rows_of;
using testing::went;
using Texts = std::vector<std::string>;

/// The names and columns that people with a SQL prompt rely on (contract, section 9).
class Views : public ::testing::Test {
public:
    void SetUp() override {
        auto opened = SqliteResultStore::open(path);
        ASSERT_TRUE(opened) << opened.error().message;
        store = std::move(*opened);
        story.tell(ProjectChanged{shop, true}).tell(ServiceChanged{app, true});
        append();
    }

    void append() {
        auto const appended = store->append(story.batch());
        ASSERT_TRUE(appended) << appended.error().message;
    }

    Texts rows(std::string const& sql, int columns = 1) {
        auto database = testing::open_database(path);
        return rows_of(database, sql, columns);
    }

    std::string columns_of(std::string const& view) {
        return rows("SELECT group_concat(name, ' ') FROM pragma_table_info('" + view + "')")
            .front();
    }

    testing::TemporaryFolder folder;
    std::string path = folder / "muster.db";
    std::unique_ptr<SqliteResultStore> store;
    testing::RecordStory story;
    Project shop = testing::a_project(3, "shop");
    Service app = testing::a_service(17, shop, "app");
};

TEST_F(Views, HaveTheColumnsOfTheContract) {
    auto const has = [this](std::string const& view, Texts const& columns) {
        auto const all = " " + columns_of(view) + " ";
        for (auto const& column : columns) {
            EXPECT_NE(all.find(" " + column + " "), std::string::npos) << view << "." << column;
        }
    };
    has("projects",
        {"id", "name", "url", "description", "critical", "created_at", "updated_at", "hub_id"});
    has("services", {"id", "project_id", "name", "service_type", "health_url", "health_method",
                     "health_interval", "health_timeout", "health_retries", "health_status",
                     "last_health_check", "consecutive_failures", "health_details", "version",
                     "port", "container_id", "created_at", "updated_at", "hub_id"});
    for (auto const* const view : {"project_status_history", "health_checks"}) {
        has(view,
            {"id", "project_name", "service_name", "status", "last_check", "uptime_percentage",
             "response_time_ms", "error_message", "recorded_at", "hub_id"});
    }
    has("project_metrics", {"id", "project_name", "requests_per_second", "error_rate",
                            "error_count", "api_usage", "memory_usage_percent", "cpu_usage_percent",
                            "database_query_time_ms", "recorded_at", "hub_id"});
    has("project_events", {"id", "project_name", "event_type", "description", "severity",
                           "metadata", "occurred_at", "hub_id"});
    has("system_health", {"id", "orchestration_hub_status", "database_status", "last_check",
                          "error_message", "recorded_at", "hub_id"});
}

TEST_F(Views, ShowProjectsAndServicesAsTheyWereTold) {
    EXPECT_EQ(rows("SELECT id, name, url, critical, created_at, removed_at IS NULL, hub_id"
                   " FROM projects",
                   7),
              Texts{"3|shop|http://127.0.0.1:3010/|1|2026-11-22T05:55:00.000Z|1|hub-main"});
    EXPECT_EQ(rows("SELECT id, project_id, name, service_type, health_url, health_method,"
                   " health_interval, health_timeout, health_retries, port FROM services",
                   10),
              Texts{"17|3|app|api|http://127.0.0.1:3010/health|GET|30.0|5.0|3|3010"});
    EXPECT_EQ(rows("SELECT health_status, last_health_check IS NULL, consecutive_failures,"
                   " health_details FROM services",
                   4),
              Texts{"unknown|1|0|{}"});
}

TEST_F(Views, ShowNoUrlOfAProjectThatHasNone) {
    shop.spec.url = Url{};
    story.tell(ProjectChanged{shop, false});
    append();
    EXPECT_EQ(rows("SELECT name, url IS NULL FROM projects", 2), Texts{"shop|1"});
}

TEST_F(Views, ShowWhatPeopleToldOfAService) {
    EXPECT_EQ(rows("SELECT version IS NULL, container_id IS NULL FROM services", 2), Texts{"1|1"});
    app.spec.version = "1.4.2";
    app.spec.port = 9090;
    app.spec.container_id = "3f2a";
    story.tell(ServiceChanged{app, false});
    append();
    EXPECT_EQ(rows("SELECT version, port, container_id FROM services", 3),
              Texts{"1.4.2|9090|3f2a"});
}

TEST_F(Views, ShowWhatTheNewestCheckSaw) {
    app.spec.probe = HttpProbeSpec{.url = Url{"https", "127.0.0.1", 8443, "/health", {}},
                                   .method = HttpMethod::head};
    auto seen = passed_check(app.id, kStart);
    seen.outcome.certificate_expires = kStart + 24h;
    seen.outcome.endpoints_healthy = 2;
    seen.outcome.endpoints_total = 3;
    story.tell(ServiceChanged{app, false}).tell(seen);
    append();
    EXPECT_EQ(rows("SELECT health_method, health_details FROM services", 2),
              Texts{R"(HEAD|{"httpStatus":200,"certificateExpires":"2026-11-23T05:55:00.000Z",)"
                    R"("endpointsHealthy":2,"endpointsTotal":3})"});
}

TEST_F(Views, KeepARemovedServiceWithTheTimeOfItsRemoval) {
    story.tell(ServiceRemoved{app.id, "shop", "app", kStart + 1s});
    story.tell(ProjectRemoved{shop.id, "shop", kStart + 2s});
    append();
    EXPECT_EQ(rows("SELECT name, removed_at FROM services", 2),
              Texts{"app|2026-11-22T05:55:01.000Z"});
    EXPECT_EQ(rows("SELECT name, removed_at FROM projects", 2),
              Texts{"shop|2026-11-22T05:55:02.000Z"});
}

TEST_F(Views, ShowHowServicesStandAfterTheirNewestCheck) {
    auto slow = passed_check(app.id, kStart + 1'234ms);
    slow.after.status = HealthStatus::degraded;
    slow.outcome.note = "body is not readable JSON";
    story.tell(passed_check(app.id, kStart)).tell(slow);
    append();
    EXPECT_EQ(rows("SELECT health_status, last_health_check, consecutive_failures, health_details"
                   " FROM services",
                   4),
              Texts{"degraded|2026-11-22T05:55:01.222Z|0|"
                    R"({"httpStatus":200,"note":"body is not readable JSON"})"});
    auto failed = failed_check(app.id, kStart + 2s, "connection refused");
    failed.after.failures = 5;
    story.tell(failed);
    append();
    EXPECT_EQ(rows("SELECT health_status, consecutive_failures, health_details FROM services", 3),
              Texts{R"(down|5|{"error":"connection refused"})"});
}

TEST_F(Views, ShowChecksInTheWordsOfServicesAndOfProjects) {
    auto failed = failed_check(app.id, kStart + 9ms, "timed out after 5000 ms");
    failed.started_at = kStart - 5s;
    failed.outcome.response_time = Micros(5'000'600);
    failed.uptime_percent = 99.1234;
    story.tell(passed_check(app.id, kStart)).tell(failed);
    append();
    std::string const columns =
        "SELECT project_name, service_name, status, last_check, uptime_percentage,"
        " response_time_ms, coalesce(error_message, 'none'), recorded_at, hub_id FROM ";
    EXPECT_EQ(rows(columns + "project_status_history ORDER BY id", 9),
              (Texts{"shop|app|healthy|2026-11-22T05:54:59.988Z|100.0|12|none|"
                     "2026-11-22T05:55:00.000Z|hub-main",
                     "shop|app|down|2026-11-22T05:54:55.000Z|99.1234|5001|"
                     "timed out after 5000 ms|2026-11-22T05:55:00.009Z|hub-main"}));
    EXPECT_EQ(rows("SELECT status FROM health_checks ORDER BY id"), (Texts{"up", "down"}));
}

TEST_F(Views, WriteEveryMillisecondAsItIs) {
    for (int index = 0; index < 1'000; ++index) {
        story.tell(passed_check(app.id, kStart + Millis(index)));
    }
    append();
    auto const shown = rows("SELECT recorded_at FROM health_checks ORDER BY id");
    ASSERT_EQ(shown.size(), 1'000U);
    for (int index = 0; index < 1'000; ++index) {
        EXPECT_EQ(shown[static_cast<std::size_t>(index)], to_rfc3339(kStart + Millis(index)));
    }
}

TEST_F(Views, ShowChecksOfServicesThatNobodyKnows) {
    story.tell(passed_check(ServiceId{99}, kStart));
    append();
    EXPECT_EQ(rows("SELECT project_name IS NULL, service_name FROM health_checks", 2),
              Texts{"1|#99"});
}

TEST_F(Views, ShowMetrics) {
    ProjectMetrics metrics{shop.id, kStart, {}};
    metrics.sample.requests_per_second = 125.3;
    metrics.sample.error_count = 5;
    metrics.sample.api_usage = {{"sendgrid_emails", 450}};
    story.tell(metrics).tell(ProjectMetrics{ProjectId{99}, kStart, {}});
    append();
    EXPECT_EQ(rows("SELECT project_name, requests_per_second, error_count, api_usage, recorded_at"
                   " FROM project_metrics ORDER BY id",
                   5),
              (Texts{R"(shop|125.3|5.0|{"sendgrid_emails":450}|2026-11-22T05:55:00.000Z)",
                     "#99|0.0|0.0|{}|2026-11-22T05:55:00.000Z"}));
}

TEST_F(Views, ShowEvents) {
    story.tell(went(app, HealthStatus::up, HealthStatus::down, kStart + 5ms));
    append();
    EXPECT_EQ(rows("SELECT project_name, event_type, severity, description, occurred_at,"
                   " json_extract(metadata, '$.cause') FROM project_events"
                   " WHERE event_type = 'status_changed'",
                   6),
              Texts{"shop|status_changed|critical|"
                    "down after 1 failed check: connection refused|2026-11-22T05:55:00.005Z|"
                    "failures"});
}

TEST_F(Views, TellThatTheHubLives) {
    story.tell(HubStarted{"hub-main", "0.1.0", kStart});
    story.tell(HubProblem{"network", "no route", false, kStart + 1s});
    append();
    ASSERT_TRUE(store->note_alive("hub-main", kStart + 60s));
    story.tell(HubProblem{"network", "network works again", true, kStart + 70s});
    append();
    ASSERT_TRUE(store->note_alive("hub-main", kStart + 120s));
    EXPECT_EQ(
        rows("SELECT orchestration_hub_status, database_status,"
             " coalesce(error_message, 'none'), recorded_at FROM system_health ORDER BY id",
             4),
        (Texts{"up|up|none|2026-11-22T05:55:00.000Z",
               "degraded|up|no route|2026-11-22T05:55:01.000Z",
               "degraded|up|no route|2026-11-22T05:56:00.000Z",
               "up|up|none|2026-11-22T05:56:10.000Z", "up|up|none|2026-11-22T05:57:00.000Z"}));
}

TEST_F(Views, ShowRecordsThatCouldNotBeStored) {
    story.tell(passed_check(ServiceId{0}, kStart));
    ASSERT_TRUE(store->bury(story.batch(), "service id 0 is not a positive number"));
    EXPECT_EQ(rows("SELECT seq, reason, json_valid(record), hub_id FROM dead_records", 4),
              Texts{"3|service id 0 is not a positive number|1|hub-main"});
}

TEST_F(Views, NameEveryKindOfEvent) {
    story.tell(ConfigReloaded{1, 2, 3, kStart});
    append();
    EXPECT_EQ(rows("SELECT count(*) FROM project_events WHERE event_type = 'config_reloaded'"),
              Texts{"1"});
}

TEST_F(Views, TellTheHubsOwnStory) {
    story.tell(HubStarted{"hub-main", "0.1.0", kStart});
    story.tell(HubProblem{"store", "disk is full", false, kStart + 1s});
    story.tell(HubProblem{"network", "no route", false, kStart + 2s});
    story.tell(HubProblem{"store", "store works again", true, kStart + 3s});
    story.tell(HubProblem{"network", "network works again", true, kStart + 4s});
    story.tell(HubProblem{"store", "disk is full", false, kStart + 5s});
    story.tell(HubStopped{kStart + 6s});
    story.tell(HubStarted{"hub-main", "0.1.0", kStart + 7s});
    append();
    EXPECT_EQ(
        rows("SELECT orchestration_hub_status, database_status,"
             " coalesce(error_message, '-'), recorded_at FROM system_health ORDER BY id",
             4),
        (Texts{"up|up|-|2026-11-22T05:55:00.000Z",
               "degraded|down|disk is full|2026-11-22T05:55:01.000Z",
               "degraded|down|disk is full; no route|2026-11-22T05:55:02.000Z",
               "degraded|up|no route|2026-11-22T05:55:03.000Z", "up|up|-|2026-11-22T05:55:04.000Z",
               "degraded|down|disk is full|2026-11-22T05:55:05.000Z",
               "off|up|-|2026-11-22T05:55:06.000Z", "up|up|-|2026-11-22T05:55:07.000Z"}));
}

TEST_F(Views, KeepGapsForCoverage) {
    story.tell(Gap{5, 9, "store", "trimmed", kStart});
    append();
    EXPECT_EQ(rows("SELECT from_seq, to_seq, follower, why FROM gap", 4),
              Texts{"5|9|store|trimmed"});
}

}  // namespace
}  // namespace muster
