// Sessions that break, in the middle of what they do, and come back.

#include <atomic>
#include <thread>

#include <integration/moved_clock.hpp>
#include <integration/postgres/postgres_test.hpp>
#include <muster/postgres/connection_parameters.hpp>
#include <muster/postgres/history_reader.hpp>
#include <muster/postgres/session_watch.hpp>
#include <muster/runtime/system_clock.hpp>
#include <muster/testing/cutting_proxy.hpp>
#include <muster/testing/record_story.hpp>

namespace muster::testing {
namespace {

using Cut = CuttingProxy::Cut;

class PostgresSessions : public PostgresTest {
public:
    std::unique_ptr<PostgresResultStore> open_by(Place const& place) {
        return open({.url = PostgresServer::url_by(place, database)});
    }

    void expect_events_are_read(HistoryReader& reader) {
        auto const events = reader.events({});
        EXPECT_TRUE(events) << events.error().message;
    }

    SystemClock clock;
};

TEST_F(PostgresSessions, ThatAreTerminatedAreMadeAnew) {
    auto const store = open();
    EXPECT_EQ(feed(*store, 2'000), 0);
    ASSERT_EQ(ask("SELECT count(pg_terminate_backend(pid)) FROM pg_stat_activity"
                  " WHERE application_name = 'muster'"),
              "1");
    EXPECT_EQ(feed(*store, 4'000), 1) << "one call notices, the next goes on";
    EXPECT_EQ(last_error.code, Errc::unavailable) << last_error.message;
    expect_each_once_up_to(4'000);
}

TEST_F(PostgresSessions, ThatAreTerminatedAgainAndAgainWhileWritingStoreEverythingOnce) {
    auto const store = open();
    std::atomic<bool> done{false};
    std::thread enemy([this, &done] {
        while (!done) {
            (void)ask(
                "SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
                " WHERE application_name = 'muster'");
        }
    });
    auto const failures = feed(*store, 8'000, 100);
    done = true;
    enemy.join();
    EXPECT_GT(failures, 3);
    expect_each_once_up_to(8'000);
}

TEST_F(PostgresSessions, CutBeforeTheCommitArrivesHaveStoredNothing) {
    CuttingProxy proxy(server().place());
    auto const store = open_by(proxy.place());
    ASSERT_EQ(feed(*store, 600), 0);
    auto const cursor = store->cursor("hub-main");
    proxy.cut_at(Cut::before);
    // Partitions and hub are there: this batch has one COMMIT.
    auto const appended = store->append(checks_after(*cursor, 200));
    ASSERT_FALSE(appended);
    EXPECT_EQ(appended.error().code, Errc::in_doubt) << appended.error().message;
    EXPECT_EQ(proxy.cuts(), 1);
    EXPECT_EQ(store->cursor("hub-main")->seq, 600U);
    EXPECT_EQ(feed(*store, 1'000), 0);
    expect_each_once_up_to(1'000);
}

TEST_F(PostgresSessions, CutBeforeTheAnswerToTheCommitHaveStoredAllOnce) {
    CuttingProxy proxy(server().place());
    auto const store = open_by(proxy.place());
    ASSERT_EQ(feed(*store, 600), 0);
    auto const cursor = store->cursor("hub-main");
    proxy.cut_at(Cut::after);
    auto const appended = store->append(checks_after(*cursor, 200));
    ASSERT_FALSE(appended);
    EXPECT_EQ(appended.error().code, Errc::in_doubt) << appended.error().message;
    EXPECT_EQ(proxy.cuts(), 1);
    EXPECT_EQ(store->cursor("hub-main")->seq, 800U);
    auto const again = store->append(checks_after(*cursor, 200));
    ASSERT_FALSE(again);
    EXPECT_EQ(again.error().code, Errc::conflict);
    EXPECT_EQ(feed(*store, 1'000), 0);
    expect_each_once_up_to(1'000);
}

TEST_F(PostgresSessions, OutliveAServerThatCrashesAndRecovers) {
    auto const store = open();
    auto const reader = PostgresHistoryReader::open({.url = url()}, clock);
    ASSERT_TRUE(reader);
    ASSERT_EQ(feed(*store, 2'000), 0);
    expect_events_are_read(**reader);
    server().crash();
    auto const away = store->cursor("hub-main");
    ASSERT_FALSE(away);
    EXPECT_EQ(away.error().code, Errc::unavailable);
    EXPECT_EQ((*reader)->events({}).error().code, Errc::unavailable);
    server().start();
    EXPECT_EQ(feed(*store, 4'000), 0);
    expect_events_are_read(**reader);
    expect_each_once_up_to(4'000);
}

TEST_F(PostgresSessions, OfReadersThatBrokeUnseenAreMadeAnewAtOnce) {
    auto const store = open();
    auto const reader = PostgresHistoryReader::open({.url = url()}, clock);
    ASSERT_TRUE(reader);
    expect_events_are_read(**reader);
    server().stop();
    server().start();
    expect_events_are_read(**reader);
}

TEST_F(PostgresSessions, WaitForAServerThatIsAwayFromTheStart) {
    server().stop();
    auto const store = open({.url = url(), .hub_id = "hub-main"});
    ASSERT_TRUE(store);
    auto const away = store->append(checks_after({}, 10));
    ASSERT_FALSE(away);
    EXPECT_EQ(away.error().code, Errc::unavailable);
    EXPECT_NE(away.error().message.find("PostgreSQL at " + server().place().address),
              std::string::npos)
        << away.error().message;
    server().start();
    EXPECT_EQ(feed(*store, 400), 0);
    expect_each_once_up_to(400);
}

/// A session that sits on a table.
class Blocker {
public:
    Blocker(std::string const& database, std::string const& table)
        : process_(find_program("psql"),
                   {"-X", "-q", "-d", server().url(database), "-c",
                    "BEGIN; LOCK TABLE " + table +
                        "; DO $$ BEGIN RAISE WARNING 'locked'; END $$; SELECT pg_sleep(60)"},
                   {{}, "/", true}) {
        EXPECT_TRUE(process_.wait_for_line("locked"));
    }
    void end() {
        process_.signal(2);
        (void)process_.wait_for_end();
    }

private:
    ChildProcess process_;
};

TEST_F(PostgresSessions, ThatWaitForALockForTooLongTryAgain) {
    auto const store = open({.url = url(), .lock_timeout = Millis(100)});
    ASSERT_EQ(feed(*store, 400), 0);
    Blocker blocker(database, "muster.part");
    auto const appended = store->append(checks_after(*store->cursor("hub-main"), 200));
    ASSERT_FALSE(appended);
    EXPECT_EQ(appended.error().code, Errc::unavailable) << appended.error().message;
    blocker.end();
    EXPECT_EQ(feed(*store, 1'000), 0);
    expect_each_once_up_to(1'000);
}

TEST_F(PostgresSessions, WhoseStatementTakesTooLongTryAgain) {
    auto const store =
        open({.url = url(), .statement_timeout = Millis(150), .lock_timeout = Millis(0)});
    ASSERT_EQ(feed(*store, 400), 0);
    Blocker blocker(database, "muster.part");
    auto const appended = store->append(checks_after(*store->cursor("hub-main"), 200));
    ASSERT_FALSE(appended);
    EXPECT_EQ(appended.error().code, Errc::unavailable) << appended.error().message;
    blocker.end();
    EXPECT_EQ(feed(*store, 1'000), 0);
    expect_each_once_up_to(1'000);
}

TEST_F(PostgresSessions, OfReadersEndAtTheirDeadline) {
    auto const store = open();
    auto const reader = PostgresHistoryReader::open({.url = url(), .deadline = Millis(200)}, clock);
    ASSERT_TRUE(reader);
    expect_events_are_read(**reader);
    Blocker blocker(database, "muster.event");
    auto const late = (*reader)->events({});
    ASSERT_FALSE(late);
    EXPECT_EQ(late.error().code, Errc::timed_out);
    EXPECT_EQ(late.error().message, "reading the history took longer than 200ms");
    blocker.end();
    expect_events_are_read(**reader);
}

/// The server stands still for as long as this lives.
class Pause {
public:
    Pause() { server().pause(); }
    ~Pause() { server().resume(); }
    Pause(Pause const&) = delete;
    Pause& operator=(Pause const&) = delete;
};

TEST_F(PostgresSessions, OfAWriterToAServerThatStandsStillEnd) {
    auto const store = open({.url = url(), .statement_timeout = Millis(100)});
    ASSERT_EQ(feed(*store, 600), 0);
    auto const cursor = store->cursor("hub-main");
    {
        Pause const pause;
        auto const appended = store->append(checks_after(*cursor, 200));
        ASSERT_FALSE(appended);
        EXPECT_EQ(appended.error().code, Errc::unavailable) << appended.error().message;
        EXPECT_NE(appended.error().message.find("the server did not answer in time"),
                  std::string::npos)
            << appended.error().message;
    }
    EXPECT_EQ(feed(*store, 1'000), 0);
    expect_each_once_up_to(1'000);
}

TEST_F(PostgresSessions, OfReadersOfAServerThatStandsStillEndAtTheirDeadline) {
    auto const store = open();
    auto const reader = PostgresHistoryReader::open({.url = url(), .deadline = Millis(200)}, clock);
    ASSERT_TRUE(reader);
    expect_events_are_read(**reader);
    {
        Pause const pause;
        auto const late = (*reader)->events({});
        ASSERT_FALSE(late);
        EXPECT_EQ(late.error().code, Errc::timed_out);
        EXPECT_EQ(late.error().message, "reading the history took longer than 200ms");
    }
    expect_events_are_read(**reader);
}

TEST_F(PostgresSessions, OfAProgramThatEndsAreCutAtOnce) {
    auto const watch = SessionWatch::start();
    ASSERT_TRUE(watch);
    auto const store = open({.url = url(), .watch = *watch});
    ASSERT_EQ(feed(*store, 600), 0);
    Pause const pause;
    std::thread ending([&watch] { (*watch)->interrupt(); });
    auto const cut = store->cursor("hub-main");
    ending.join();
    EXPECT_EQ(cut.error().code, Errc::unavailable) << cut.error().message;
    EXPECT_EQ(store->cursor("hub-main").error().message,
              "PostgreSQL at " + place_of(url()) + ": this program is ending");
}

TEST_F(PostgresSessions, ToAServerThatTakesNoWritesAnyMoreAreMadeAnew) {
    auto const store = open();
    ASSERT_EQ(feed(*store, 600), 0);
    (void)ask("ALTER SYSTEM SET default_transaction_read_only = on");
    (void)ask("SELECT pg_reload_conf()");
    Result<void> appended;
    for (int tries = 0; appended && tries < 1'000; ++tries) {  // the session hears of it in time
        auto const cursor = store->cursor("hub-main");
        ASSERT_TRUE(cursor) << cursor.error().message;
        appended = store->append(checks_after(*cursor, 1));
    }
    ASSERT_FALSE(appended);
    EXPECT_EQ(appended.error().code, Errc::unavailable) << appended.error().message;
    auto const refused = store->cursor("hub-main");
    ASSERT_FALSE(refused) << "the session was kept";
    EXPECT_EQ(refused.error().code, Errc::unavailable);
    EXPECT_NE(refused.error().message.find("read-only"), std::string::npos)
        << refused.error().message;
    (void)ask("ALTER SYSTEM RESET default_transaction_read_only");
    (void)ask("SELECT pg_reload_conf()");
    (void)feed(*store, 4'000);
    EXPECT_EQ(ask("SELECT count(*) >= 4000 FROM health_checks"), "t");
}

TEST_F(PostgresSessions, OfReadersOfAProjectsFiguresEndAtTheirDeadline) {
    auto const store = open();
    RecordStory story;
    story.tell(ProjectChanged{a_project(1, "shop"), true});
    ASSERT_TRUE(store->append(story.batch()));
    (void)ask(
        "INSERT INTO muster.project_metric (project, at, requests_per_second, error_rate,"
        " error_count, memory_usage_percent, cpu_usage_percent, database_query_time_ms, api_usage)"
        " SELECT p.key, timestamptz '2026-11-22' + n * interval '1 s', 0, 0, 0, 0, 0, 0, '{}'"
        " FROM muster.project p, generate_series(1, 11000) n");
    MovedClock moved;
    auto const reader = PostgresHistoryReader::open({.url = url()}, moved);
    std::size_t visited = 0;
    auto const late =
        (*reader)->metrics({.project = {1}, .until = kStart + 24h}, [&](ProjectMetrics const&) {
            moved.by = ++visited == 1 ? Millis(5'000) : moved.by;
            return true;
        });
    ASSERT_FALSE(late);
    EXPECT_EQ(late.error().code, Errc::timed_out);
    EXPECT_EQ(visited, 5'000U) << "a page";
}

}  // namespace
}  // namespace muster::testing
