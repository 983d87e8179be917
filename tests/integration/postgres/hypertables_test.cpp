// TimescaleDB where it is installed; and what can be shown without it, by functions of its names
// that only write down how they were called.

#include <integration/postgres/postgres_test.hpp>
#include <muster/postgres/history_reader.hpp>
#include <muster/runtime/system_clock.hpp>

namespace muster::testing {
namespace {

constexpr Millis kDay{86'400'000};

/// A hypertable of the stand-in stays an ordinary table.
constexpr char const* kStandIn = R"(
CREATE SCHEMA "time scale";
CREATE TABLE public.called (what text);
CREATE FUNCTION "time scale".create_hypertable(relation regclass, time_column_name name,
    chunk_time_interval interval, create_default_indexes boolean) RETURNS text LANGUAGE sql AS
    $$ INSERT INTO public.called VALUES (format('create_hypertable %s %s %s %s', $1, $2, $3, $4))
       RETURNING what $$;
CREATE FUNCTION "time scale".drop_chunks(relation regclass, older_than timestamptz) RETURNS text
    LANGUAGE plpgsql AS
    $$ BEGIN EXECUTE format('DELETE FROM %s WHERE at < %L', relation, older_than);
             INSERT INTO public.called VALUES (format('drop_chunks %s %s', relation, older_than));
             RETURN 'chunk'; END $$;
INSERT INTO pg_extension (oid, extname, extowner, extnamespace, extrelocatable, extversion)
    SELECT 1, 'timescaledb', 10, oid, false, 'stand-in' FROM pg_namespace WHERE nspname = 'time scale';
)";

class PostgresHypertables : public PostgresTest {
public:
    void SetUp() override { (void)ask(kStandIn); }
    void TearDown() override {
        store.reset();
        (void)ask("DELETE FROM pg_extension WHERE extversion = 'stand-in'");
    }
    [[nodiscard]] std::string called() const { return ask("SELECT what FROM called"); }

    /// A check that passed and one that failed, `days` after the start.
    void store_checks(int days) {
        story.tell(passed_check(app, kStart + days * kDay));
        story.tell(failed_check(app, kStart + days * kDay + 1s, "timed out"));
        auto const taken = store->append(story.batch());
        ASSERT_TRUE(taken) << taken.error().message;
    }
    void forget(ResultStore::Retention const& retention) {
        bool more = true;
        for (int count = 0; more && count < 100; ++count) {
            auto const forgot = store->forget(retention);
            ASSERT_TRUE(forgot) << forgot.error().message;
            more = *forgot;
        }
        EXPECT_FALSE(more);
    }
    [[nodiscard]] std::string days_of(std::string const& table) const {
        return ask(
            "SELECT string_agg(DISTINCT at::date::text, ' ' ORDER BY at::date::text) FROM "
            "muster." +
            table);
    }

    std::unique_ptr<PostgresResultStore> store;
    RecordStory story;
    ServiceId const app{7};
};

TEST_F(PostgresHypertables, AreMadeOfTheTablesOfChecksByTheDay) {
    store = open();
    EXPECT_EQ(called(),
              "create_hypertable check_passed at 1 day f\n"
              "create_hypertable check_failed at 1 day f");
    EXPECT_EQ(
        ask("SELECT relname, relkind FROM pg_class WHERE relname LIKE 'check\\_%ed' OR relname"
            " IN ('rollup_minute', 'rollup_hour') ORDER BY 1"),
        "check_failed|r\ncheck_passed|r\nrollup_hour|p\nrollup_minute|p");
    // Ordinary tables know no compression: that is told, and harms nothing.
    EXPECT_EQ(ask("SELECT timescale, compressed, why FROM muster.check_layout"),
              "time scale|f|compression: unrecognized parameter namespace \"timescaledb\"");
}

TEST_F(PostgresHypertables, HoldWhatAFollowerFeedsOnce) {
    store = open();
    EXPECT_EQ(feed(*store, 2'000), 0);
    expect_each_once_up_to(2'000);
    EXPECT_EQ(ask("SELECT count(*) FROM pg_class WHERE relname LIKE 'check\\_%\\_2026%'"), "0");
    EXPECT_EQ(ask("SELECT count(*) FROM muster.part WHERE parent LIKE 'check%' AND bytes > 0"),
              "2");
}

TEST_F(PostgresHypertables, AnswerReaders) {
    store = open();
    auto const project = a_project(1, "shop");
    story.tell(ProjectChanged{project, true})
        .tell(ServiceChanged{a_service(7, project, "app"), true});
    store_checks(0);
    store_checks(3);
    SystemClock const clock;
    auto const reader = PostgresHistoryReader::open({.url = url()}, clock);
    ASSERT_TRUE(reader);
    std::vector<std::string> seen;
    auto const visited = (*reader)->checks({project.id, {}, kStart, kStart + 4 * kDay},
                                           [&seen](CheckRow const& check) {
                                               seen.push_back(check.service + " " + check.error);
                                               return true;
                                           });
    ASSERT_TRUE(visited) << visited.error().message;
    EXPECT_EQ(seen, (std::vector<std::string>{"app ", "app timed out", "app ", "app timed out"}));
}

TEST_F(PostgresHypertables, LoseWholeDays) {
    store = open();
    for (int day = 0; day < 4; ++day) {
        store_checks(day);
    }
    ResultStore::Retention retention;
    retention.checks_before = kStart + 2 * kDay;
    retention.failures_before = kStart + kDay;
    forget(retention);
    EXPECT_EQ(days_of("check_passed"), "2026-11-24 2026-11-25") << "a day that is not over stays";
    EXPECT_EQ(days_of("check_failed"), "2026-11-23 2026-11-24 2026-11-25");
    EXPECT_EQ(ask("SELECT what FROM called OFFSET 2"),
              "drop_chunks check_passed 2026-11-23 00:00:00+00\n"
              "drop_chunks check_passed 2026-11-24 00:00:00+00\n"
              "drop_chunks check_failed 2026-11-23 00:00:00+00");
    EXPECT_EQ(ask("SELECT min(starts) FROM muster.part WHERE parent = 'check_passed'"),
              "2026-11-24 00:00:00+00");
}

TEST_F(PostgresHypertables, LoseTheOldestDaysBeyondTheirSize) {
    store = open();
    for (int day = 0; day < 4; ++day) {
        store_checks(day);
    }
    ResultStore::Retention retention;
    retention.checks_bytes = 670;  // of 4 x 103 and 4 x 116: two days less
    forget(retention);
    EXPECT_EQ(days_of("check_passed"), "2026-11-24 2026-11-25");
    EXPECT_EQ(days_of("check_failed"), "2026-11-22 2026-11-23 2026-11-24 2026-11-25");
    story.tell(passed_check(app, kStart + 2 * kDay)).tell(passed_check(app, kStart + 2 * kDay));
    ASSERT_TRUE(store->append(story.batch()));
    retention.checks_bytes = 700;  // 876 now: 24 November alone is 309, a day of failures 116
    forget(retention);
    EXPECT_EQ(days_of("check_passed"), "2026-11-24 2026-11-25");
    EXPECT_EQ(days_of("check_failed"), "2026-11-22 2026-11-23 2026-11-24 2026-11-25")
        << "failures do not go before checks that passed";
}

class PostgresHypertablesThatFail : public PostgresTest {};

TEST_F(PostgresHypertablesThatFail, LeavePartitions) {
    (void)ask(
        "INSERT INTO pg_extension (oid, extname, extowner, extnamespace, extrelocatable,"
        " extversion) SELECT 1, 'timescaledb', 10, oid, false, 'stand-in' FROM pg_namespace"
        " WHERE nspname = 'public'");
    auto const store = open();
    EXPECT_EQ(feed(*store, 400), 0);
    expect_each_once_up_to(400);
    EXPECT_EQ(ask("SELECT timescale IS NULL, split_part(why, '(', 1) FROM muster.check_layout"),
              "t|create_hypertable: function public.create_hypertable");
    EXPECT_EQ(ask("SELECT relkind FROM pg_class WHERE relname = 'check_passed'"), "p");
    (void)ask("DELETE FROM pg_extension WHERE extversion = 'stand-in'");
}

/// The extension itself, on a server that has loaded it.
TEST(PostgresTimescale, HoldsChecksInCompressedHypertables) {
    if (server().ask("postgres",
                     "SELECT count(*) FROM pg_available_extensions WHERE name ="
                     " 'timescaledb'") == "0") {
        GTEST_SKIP() << "TimescaleDB is not installed beside this PostgreSQL";
    }
    auto settings = PostgresServer::forgetful();
    settings.emplace_back("shared_preload_libraries=timescaledb");
    settings.emplace_back("timescaledb.telemetry_level=off");
    PostgresServer const loaded(settings);
    auto const url = loaded.url();
    auto const ask = [&loaded](std::string const& sql) { return loaded.ask("postgres", sql); };
    auto const opened = PostgresResultStore::open({.url = url});
    ASSERT_TRUE(opened) << opened.error().message;
    auto& store = **opened;
    EXPECT_EQ(ask("SELECT timescale, compressed FROM muster.check_layout"), "public|t");
    EXPECT_EQ(ask("SELECT hypertable_name FROM timescaledb_information.hypertables ORDER BY 1"),
              "check_failed\ncheck_passed");
    auto const feed = [&store](std::uint64_t batches) {
        for (std::uint64_t count = 0; count < batches; ++count) {
            auto const cursor = store.cursor("hub-main");
            ASSERT_TRUE(cursor) << cursor.error().message;
            auto const taken = store.append(checks_after(*cursor, 2'000));
            ASSERT_TRUE(taken) << taken.error().message;
        }
    };
    feed(3);
    EXPECT_EQ(ask("SELECT count(*), count(DISTINCT recorded_at) FROM health_checks"), "6000|6000");
    (void)ask("SELECT compress_chunk(c) FROM show_chunks('muster.check_passed') c");
    EXPECT_EQ(ask("SELECT count(*), count(DISTINCT recorded_at) FROM health_checks"), "6000|6000");
    feed(1);  // into what is compressed
    EXPECT_EQ(ask("SELECT count(*), count(DISTINCT recorded_at) FROM health_checks"), "8000|8000");
    ResultStore::Retention retention;
    retention.checks_before = retention.failures_before = kStart + 10 * kDay;
    while (store.forget(retention).value_or(false)) {}
    EXPECT_EQ(ask("SELECT count(*) FROM health_checks"), "0");
    EXPECT_EQ(ask("SELECT count(*) FROM show_chunks('muster.check_passed')"), "0");
}

}  // namespace
}  // namespace muster::testing
