#include <string>
#include <vector>

#include <gtest/gtest.h>

#include <muster/sqlite/check_reader.hpp>
#include <muster/sqlite/event_reader.hpp>
#include <muster/sqlite/metrics_reader.hpp>
#include <muster/sqlite/schema.hpp>
#include <muster/testing/temporary_folder.hpp>
#include <unit/sqlite/rows.hpp>

namespace muster {
namespace {

/// How SQLite means to answer: no statistics, as in a store's life.
class QueryPlan : public ::testing::Test {
public:
    void SetUp() override { ASSERT_TRUE(migrate(database, sqlite_migrations())); }

    std::string plan_of(std::string const& sql) {
        std::string plan;
        auto const read = database.compile("EXPLAIN QUERY PLAN " + sql)
                              ->bind()
                              .each([&plan](SqliteStatement const& row) {
                                  plan += (plan.empty() ? "" : "\n") + std::string(row.text(3));
                              });
        EXPECT_TRUE(read) << read.error().message;
        return plan;
    }

    std::string plan_of(EventFilter const& filter) {
        auto const names =
            "\nSEARCH p USING INTEGER PRIMARY KEY (rowid=?) LEFT-JOIN"
            "\nSEARCH s USING INTEGER PRIMARY KEY (rowid=?) LEFT-JOIN";
        auto plan = plan_of(select_events_sql(filter, 100, 0));
        EXPECT_TRUE(plan.size() > std::string_view(names).size() &&
                    plan.substr(plan.size() - std::string_view(names).size()) == names)
            << plan;
        return plan.substr(0, plan.find('\n'));
    }

    testing::TemporaryFolder folder;
    SqliteDatabase database = testing::open_database(folder / "test.db");
};

TEST_F(QueryPlan, OfChecksIsOneSeekAndAScanInOrder) {
    EXPECT_EQ(plan_of(kChecksOfSlotSql),
              "SEARCH check_result USING PRIMARY KEY (slot=? AND service=? AND at>? AND at<?)");
}

TEST_F(QueryPlan, OfMetricsIsOneSeekAndAScanInOrder) {
    EXPECT_EQ(plan_of(kMetricsSql),
              "SEARCH project_metric USING INDEX project_metric_by_project (project=? AND at>? AND "
              "at<?)");
}

TEST_F(QueryPlan, OfEventsReadsThemNewestFirstWithoutSorting) {
    EXPECT_EQ(plan_of(EventFilter{}), "SCAN e");
    EventFilter project;
    project.projects = {{5}};
    EXPECT_EQ(plan_of(project), "SEARCH e USING INDEX event_by_project (project=?)");
    EventFilter service;
    service.services = {{5}};
    EXPECT_EQ(plan_of(service), "SEARCH e USING INDEX event_by_service (service=?)");
    EventFilter severity;
    severity.severity = Severity::critical;
    EXPECT_EQ(plan_of(severity), "SEARCH e USING INDEX event_by_severity (severity=?)");
    EventFilter type;
    type.type = EventType::hub_problem;
    EXPECT_EQ(plan_of(type), "SEARCH e USING INDEX event_by_type (type=?)");
}

TEST_F(QueryPlan, OfCountingEventsReadsAnIndexOnly) {
    EventFilter project;
    project.projects = {{5}};
    EXPECT_EQ(plan_of(count_events_sql(project)),
              "SEARCH e USING COVERING INDEX event_by_project (project=?)");
    EXPECT_NE(plan_of(count_events_sql({})).find("USING COVERING INDEX"), std::string::npos);
}

TEST_F(QueryPlan, OfCountingChecksInAViewReadsTheFactsOnly) {
    EXPECT_EQ(plan_of("SELECT count(*) FROM project_status_history"), "SCAN check_result");
    EXPECT_EQ(plan_of("SELECT count(*) FROM health_checks"), "SCAN check_result");
}

TEST_F(QueryPlan, OfRetentionFindsTheOldestByTime) {
    EXPECT_EQ(plan_of("DELETE FROM event WHERE id IN"
                      " (SELECT id FROM event WHERE at < ?1 ORDER BY at LIMIT ?2)"),
              "SEARCH event USING INTEGER PRIMARY KEY (rowid=?)\nLIST SUBQUERY 1\n"
              "SEARCH event USING COVERING INDEX event_by_time (at<?)");
}

}  // namespace
}  // namespace muster
