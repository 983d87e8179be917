// The PostgreSQL store, with a server of its own that makes everything durable: batches through the
// port side by side with COPY of the same rows into a table with the same columns and index, on an
// empty table and beside many rows; then bytes a row, and the queries that pages ask.
//
//   bench_postgres [--rounds N] [--batches N] [--held N] [--kept N] [--days N] [--services N]
//                  [--only TEXT] [--json FILE]
//
// `held`: checks of the day that is written to; `kept`: of all days that are asked for.

#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <stdexcept>
#include <string>
#include <utility>
#include <vector>

#include <fmt/format.h>

#include <muster/postgres/connection.hpp>
#include <muster/postgres/connection_parameters.hpp>
#include <muster/postgres/history_reader.hpp>
#include <muster/postgres/result_store.hpp>
#include <muster/runtime/system_clock.hpp>
#include <muster/testing/postgres_server.hpp>

#include <support/cpu_time.hpp>
#include <support/program.hpp>
#include <support/race.hpp>

namespace muster::bench {
namespace {

constexpr std::size_t kBatch = 2'000;  // a follower's
constexpr double kBudget = 0.7;
constexpr double kQueryBudget = 50;                    // ms
constexpr WallTime kFirst{Millis(1'795'305'600'000)};  // 2026-11-22T00:00Z
constexpr std::int64_t kProject = 10;                  // services

template <class T>
T checked(Result<T> result, char const* what) {
    if (!result) {
        throw std::runtime_error(std::string(what) + ": " + result.error().message);
    }
    if constexpr (!std::is_void_v<T>) {
        return std::move(*result);
    }
}

/// Checks as a fleet makes them: every service in turn, one check a millisecond. Of a hundred
/// services one fails, each time.
class Checks {
public:
    explicit Checks(std::int64_t services) : services_(services) {}

    StoreBatch registry() {
        StoreBatch batch{"hub-main", cursor_, {"bench", 0}, {}};
        Project project;
        for (std::int64_t id = 1; id <= services_; ++id) {
            if (id % kProject == 1) {
                project.id = {id / kProject + 1};
                project.spec.name = "project-" + std::to_string(project.id.value);
                batch.records.push_back({{1, 0}, ProjectChanged{project, true}});
            }
            Service service;
            service.id = {id};
            service.project_id = project.id;
            service.created_at = kFirst - 40 * 24h;
            service.spec.project = project.spec.name;
            service.spec.name = "service-" + std::to_string(id);
            service.spec.probe = HttpProbeSpec{Url{"http", "127.0.0.1", 80, "/health", {}}};
            batch.records.push_back({{1, 0}, ServiceChanged{service, false}});
        }
        cursor_ = batch.next;
        return batch;
    }

    StoreBatch next() {
        StoreBatch batch{"hub-main", cursor_, {"bench", cursor_.seq + kBatch}, {}};
        for (std::size_t index = 0; index < kBatch; ++index) {
            batch.records.push_back({{1, ++cursor_.seq}, check()});
        }
        return batch;
    }

    /// The moment from which on checks come.
    void go_to(WallTime at) { at_ = at; }

private:
    CheckResult check() {
        random_ = random_ * 6364136223846793005ULL + 1442695040888963407ULL;
        auto const draw = random_ >> 33U;
        service_ = (service_ + 7'919) % services_;  // no order that a table could like
        at_ += Millis(1);
        CheckResult result;
        result.service = {service_ + 1};
        result.accepted_at = at_;
        result.outcome.response_time = Micros(1'000 + draw % 40'000);
        result.started_at =
            at_ - Millis(2) - std::chrono::ceil<Millis>(result.outcome.response_time);
        if (service_ % 100 == 0) {
            result.outcome.verdict = Verdict::failed;
            result.outcome.error = "connection refused";
            result.after = {HealthStatus::down, static_cast<std::uint32_t>(draw % 1'000) + 1, 0};
        } else {
            result.outcome.http_status = 200;
            result.outcome.verdict = Verdict::passed;
            result.after = {HealthStatus::up, 0, 1};
        }
        result.uptime_percent = draw % 10 == 0 ? 99.9871 : 100;
        return result;
    }

    std::int64_t const services_;
    std::int64_t service_{0};
    std::uint64_t random_{42};
    WallTime at_{kFirst};
    Cursor cursor_;
};

constexpr char const* kRawName = "raw copy";

/// The same rows by hand: a transaction with one COPY a batch, and nothing else.
class RawCopy {
public:
    explicit RawCopy(std::string const& url)
        : connection_(checked(
              PostgresConnection::open(*connection_parameters(url, {.name = kRawName})), "raw")) {}

    void run(std::string const& sql) {
        auto const transaction = begin();
        (void)checked(transaction->script(sql), "raw");
        checked(transaction->commit(), "raw");
    }
    void append(StoreBatch const& batch) {
        auto const transaction = begin();
        std::int64_t id = static_cast<std::int64_t>(batch.expected.seq);
        checked(transaction->copy("raw", {"id", "at", "service", "took", "response_us", "state"},
                                  batch.records.size(),
                                  [&](std::size_t index, PostgresLine& line) {
                                      auto const& result =
                                          std::get<CheckResult>(batch.records[index].body);
                                      line.add(++id);
                                      line.add(result.accepted_at);
                                      line.add(result.service.value);
                                      line.add((result.accepted_at - result.started_at).count());
                                      line.add(result.outcome.response_time.count());
                                      line.add(std::int64_t{1});
                                  }),
                "raw");
        checked(transaction->commit(), "raw");
    }

private:
    std::unique_ptr<PostgresTransaction> begin() {
        return checked(PostgresTransaction::begin(*connection_, PostgresTransaction::Kind::write),
                       "raw");
    }

    std::unique_ptr<PostgresConnection> connection_;
};

class Bench {
public:
    Bench(Request const& request, Report& report) : request_(request), report_(report) {}

    void run() {
        write_beside(0);
        write_beside(request_.count("held"));
        query();
    }

private:
    std::unique_ptr<PostgresResultStore> open(std::string const& database) {
        return checked(PostgresResultStore::open({.url = server_.url(database)}), "store");
    }

    void write_beside(std::size_t held) {
        auto const services = static_cast<std::int64_t>(request_.count("services"));
        auto const title = fmt::format("postgres, {} rows held, {} services", held, services);
        if (!request_.wants(title)) {
            return;
        }
        auto const database = server_.make_database();
        auto const store = open(database);
        Checks checks(services);
        checked(store->append(checks.registry()), "store");
        checked(store->append(checks.next()), "store");  // makes the partitions of the day
        RawCopy raw(server_.url(database));
        raw.run("CREATE TABLE muster.raw (LIKE muster.check_passed INCLUDING ALL)");
        fill(database, held, services);
        checks.go_to(kFirst + 20h);
        race_writes(database, *store, checks, raw, title);
        if (held != 0) {
            size_of(database, "bytes a check, table and index", "check_passed");
        }
    }

    /// The store and a bare COPY take the same batches in turn.
    void race_writes(std::string const& database, ResultStore& store, Checks& checks, RawCopy& raw,
                     std::string const& title) {
        std::vector<StoreBatch> batches;
        auto const operations = static_cast<double>(request_.count("batches") * kBatch);
        std::vector<Contender> contenders{{"store",
                                           [&] {
                                               for (auto const& batch : batches) {
                                                   checked(store.append(batch), "store");
                                               }
                                           },
                                           cpu_with(session_of(database, "muster")), operations},
                                          {"raw COPY, one index",
                                           [&] {
                                               for (auto const& batch : batches) {
                                                   raw.append(batch);
                                               }
                                           },
                                           cpu_with(session_of(database, kRawName)), operations}};
        race(contenders, request_.count("rounds"), [&] {
            batches.clear();
            for (std::size_t index = 0; index < request_.count("batches"); ++index) {
                batches.push_back(checks.next());
            }
        });
        report_.add(
            rate_row(title, "rows/s", contenders[0], contenders[1], ratio_at_least(kBudget)));
        report_.add(cpu_row(title + ", of both processes", contenders[0], contenders[1], {}));
        batches.clear();
        for (std::size_t index = 0; index < request_.count("batches"); ++index) {
            batches.push_back(checks.next());
        }
        report_.add({.name = title + ", write-ahead log",
                     .unit = "bytes a row",
                     .ours = {wal_of(database, contenders[0])},
                     .floor_name = contenders[1].name,
                     .floor = {wal_of(database, contenders[1])}});
    }

    /// The process that serves a session.
    pid_t session_of(std::string const& database, std::string const& name) {
        return std::stoi(server_.ask(database,
                                     "SELECT pid FROM pg_stat_activity WHERE datname ="
                                     " current_database() AND application_name = '" +
                                         name + "'"));
    }
    /// Of this thread and the process that serves it.
    static std::function<double()> cpu_with(pid_t session) {
        return [session] { return cpu_seconds_of_thread() + cpu_seconds_of(session); };
    }

    /// Bytes of the log an operation, of one more round that begins at a checkpoint: with the
    /// pages that it is the first to touch.
    double wal_of(std::string const& database, Contender const& contender) {
        (void)server_.ask(database, "CHECKPOINT");
        auto const before = server_.ask(database, "SELECT pg_current_wal_insert_lsn()");
        contender.run();
        return std::stod(server_.ask(
                   database,
                   "SELECT pg_wal_lsn_diff(pg_current_wal_insert_lsn(), '" + before + "')")) /
               contender.operations;
    }

    /// Rows of the day so far, in the order of time, as batches would have left them.
    void fill(std::string const& database, std::size_t held, std::int64_t services) {
        if (held == 0) {
            return;
        }
        for (auto const* table : {"raw", "check_passed"}) {
            (void)server_.ask(
                database,
                fmt::format("INSERT INTO muster.{} SELECT -n, timestamptz '2026-11-22 00:00+00' +"
                            " n * 70000 / {} * interval '1 s', (n * 7919) % {} + 1, 14,"
                            " 1000 + (n * 7877) % 40000, 1 FROM generate_series(1, {}::bigint) n",
                            table, held, services, held));
            (void)server_.ask(database, fmt::format("VACUUM ANALYZE muster.{}", table));
        }
    }

    /// Its partitions, with what belongs to them.
    void size_of(std::string const& database, std::string name, std::string const& table) {
        auto const bytes = server_.ask(
            database, fmt::format("SELECT sum(pg_total_relation_size(inhrelid)) / (SELECT count(*)"
                                  " FROM muster.{0}) FROM pg_inherits WHERE inhparent ="
                                  " 'muster.{0}'::regclass",
                                  table));
        report_.add({.name = std::move(name), .unit = "bytes", .ours = {std::stod(bytes)}});
    }

    /// Rollups of every service, hours for some days and minutes for the last of them.
    void query() {
        auto const days = static_cast<int>(request_.count("days"));
        auto const services = static_cast<std::int64_t>(request_.count("services"));
        auto const kept = request_.count("kept");
        auto const title = fmt::format("{} services, {} days, {} checks", services, days, kept);
        if (!request_.wants("postgres, p95, " + title)) {
            return;
        }
        auto const database = server_.make_database();
        auto const store = open(database);
        Checks checks(services);
        checked(store->append(checks.registry()), "store");
        keep(database, *store, checks, kept, days);
        roll_up(*store, days);
        for (auto const* table : {"rollup_minute", "rollup_hour"}) {
            (void)server_.ask(
                database, fmt::format("INSERT INTO muster.{0} SELECT at, s.key, checks, unknown,"
                                      " degraded, down, missed_ms, down_ms, total_us, shortest_us,"
                                      " longest_us, sketch FROM muster.{0} r, muster.service s"
                                      " WHERE r.service = 1 AND s.key > {1} ORDER BY at, s.key",
                                      table, kProject));
            (void)server_.ask(database, fmt::format("VACUUM ANALYZE muster.{}", table));
        }
        size_of(database, "bytes a minute of a service", "rollup_minute");
        size_of(database, "bytes an hour of a service", "rollup_hour");
        SystemClock const clock;
        auto const reader = checked(
            PostgresHistoryReader::open({.url = server_.url(database), .deadline = 60s}, clock),
            "reader");
        time_of(
            database, "postgres, p95 of each minute of 24 h, a project of 10, " + title,
            [&](int round) {
                (void)round;
                return BucketsQuery{ProjectId{1}, {}, kFirst - 24h, kFirst, 60s};
            },
            *reader);
        time_of(
            database, "postgres, p95 of each hour of all days, one service, " + title,
            [&](int round) {
                ServiceId const service{1 + round * 37 % services};
                return BucketsQuery{ProjectId{(service.value - 1) / kProject + 1}, service,
                                    kFirst - days * 24h, kFirst, 1h};
            },
            *reader);
        time_of_checks(database, title, kept, days);
        RawCopy raw(server_.url(database));
        raw.run("CREATE TABLE muster.raw (LIKE muster.check_passed INCLUDING ALL)");
        checks.go_to(kFirst + 1h);
        checked(store->append(checks.next()), "store");  // makes the partitions of the day
        race_writes(database, *store, checks, raw, "postgres, a new day beside " + title);
    }

    /// Checks of all days, evenly. The index is made afterwards, which is faster.
    void keep(std::string const& database, ResultStore& store, Checks& checks, std::size_t kept,
              int days) {
        auto const services = request_.count("services");
        for (int day = days; day > 0; --day) {
            checks.go_to(kFirst - day * 24h);
            checked(store.append(checks.next()), "store");  // makes the day's partition
        }
        (void)server_.ask(database, "DROP INDEX muster.check_passed_by_service");
        for (int day = days; day > 0; --day) {
            (void)server_.ask(
                database,
                fmt::format("INSERT INTO muster.check_passed SELECT -n, timestamptz '2026-11-22"
                            " 00:00+00' - interval '{0} days' + n * interval '86400 s' / ({1} + 1),"
                            " (n * 7919) % {2} + 1, 14, 1000 + (n * 7877) % 40000, 1"
                            " FROM generate_series(1, {1}::bigint) n",
                            day, kept / static_cast<std::size_t>(days), services));
        }
        (void)server_.ask(database,
                          "CREATE INDEX check_passed_by_service ON muster.check_passed"
                          " (service, at)");
        (void)server_.ask(database, "VACUUM ANALYZE muster.check_passed");
    }

    /// The same questions to single checks, by SQL: to the store's table and, in turn, to one that
    /// is not parted by days.
    void time_of_checks(std::string const& database, std::string const& title, std::size_t kept,
                        int days) {
        if (kept == 0) {
            return;
        }
        for (auto const* sql : {"CREATE TABLE muster.plain AS TABLE muster.check_passed",
                                "CREATE INDEX plain_by_service ON muster.plain (service, at)",
                                "VACUUM ANALYZE muster.plain"}) {
            (void)server_.ask(database, sql);
        }
        auto const layout =
            server_.ask(database,
                        "SELECT coalesce('hypertable of ' || timescale, 'partitions') FROM"
                        " muster.check_layout");
        auto const connection =
            checked(PostgresConnection::open(*connection_parameters(
                        server_.url(database), {.statement_timeout = Millis(0)})),
                    "connection");
        auto const ask = [&](std::string const& sql) {
            auto const transaction = checked(
                PostgresTransaction::begin(*connection, PostgresTransaction::Kind::one_moment),
                "connection");
            return checked(transaction->script("SET LOCAL effective_io_concurrency = 64;" + sql),
                           "question")
                .size();
        };
        using Question = std::function<std::string(std::string_view, int)>;  // of a table, a round
        auto const timed = [&](std::string name, Question const& question) {
            std::vector<double> parted;
            std::vector<double> plain;
            std::size_t rows = 0;
            auto const time = [&](std::string_view table, int round, std::vector<double>& millis) {
                auto const begun = steady_seconds();
                rows = ask(question(table, round));
                if (round > 1) {  // the first ones read what all others need
                    millis.push_back((steady_seconds() - begun) * 1e3);
                }
            };
            for (int round = 0; round < 12; ++round) {
                if (round % 2 == 0) {
                    time("muster.check_passed", round, parted);
                    time("muster.plain", round, plain);
                } else {
                    time("muster.plain", round, plain);
                    time("muster.check_passed", round, parted);
                }
            }
            report_.add({.name = std::move(name),
                         .unit = "ms",
                         .ours = std::move(parted),
                         .floor_name = "one plain table",
                         .floor = std::move(plain),
                         .note = fmt::format("{}, {} rows", layout, rows)});
        };
        constexpr std::string_view kPercentile =
            "percentile_disc(0.95) WITHIN GROUP (ORDER BY response_us)";
        timed("postgres, single checks, p95 of each minute of 24 h, a project of 10, " + title,
              [&](std::string_view table, int round) {
                  auto const first = 1 + round * 370 % (request_.count("services") - kProject);
                  return fmt::format(
                      "SELECT date_trunc('minute', at), {} FROM {} WHERE service BETWEEN {} AND {}"
                      " AND at >= '2026-11-21 00:00+00' AND at < '2026-11-22 00:00+00' GROUP BY 1",
                      kPercentile, table, first, first + kProject - 1);
              });
        timed("postgres, single checks, p95 of all days, one service, " + title,
              [&](std::string_view table, int round) {
                  return fmt::format(
                      "SELECT {} FROM {} WHERE service = {} AND at >= timestamptz"
                      " '2026-11-22 00:00+00' - interval '{} days' AND at < '2026-11-22 00:00+00'",
                      kPercentile, table, 1 + round * 37 % request_.count("services"), days);
              });
        (void)server_.ask(database, "DROP TABLE muster.plain");
    }

    void roll_up(ResultStore& store, int days) {
        Cursor cursor;
        std::uint64_t seq = 0;
        for (auto minute = kFirst - days * 24h; minute < kFirst;) {
            RollupBatch batch;
            batch.hub_id = "hub-main";
            batch.expected = cursor;
            for (int count = 0; count < 60 && minute < kFirst; ++count) {
                // Minutes of the last day; of the others what makes their hours.
                auto const step = minute < kFirst - 24h ? Millis(3'600'000) : Millis(60'000);
                for (std::int64_t service = 1; service <= kProject; ++service) {
                    batch.rows.push_back({{service}, minute, seen(minute, service, step)});
                }
                minute += step;
            }
            batch.next = {"bench", ++seq};
            batch.known_until = minute;
            checked(store.roll_up(batch), "store");
            cursor = batch.next;
        }
    }

    /// A check every thirty seconds.
    static Rollup seen(WallTime minute, std::int64_t service, Millis span) {
        Rollup rollup;
        auto const checks = span / Millis(30'000);
        for (std::int64_t number = 0; number < checks; ++number) {
            auto const draw =
                (minute.time_since_epoch().count() / 1'000 + service * 7'919 + number * 104'729) %
                40'000;
            add_check(rollup, HealthStatus::up, Micros(1'000 + draw));
        }
        rollup.observed = Millis(60'000);
        return rollup;
    }

    void time_of(std::string const& database, std::string name,
                 std::function<BucketsQuery(int)> const& query_of, HistoryReader& reader) {
        std::vector<double> millis;
        std::vector<double> cpu_millis;
        std::size_t buckets = 0;
        checked(reader.kept(), "reader");  // opens the session
        auto const cpu_seconds = cpu_with(session_of(database, "muster reader"));
        for (int round = 0; round < 21; ++round) {
            auto const begun = steady_seconds();
            auto const cpu = cpu_seconds();
            auto const rows = checked(reader.buckets(query_of(round)), "reader");
            std::int64_t sum = 0;
            for (auto const& row : rows) {
                sum += quantile_of(row.bucket.seen, 0.95).count();
            }
            if (round > 0 && sum > 0) {  // the first one reads what all others need
                millis.push_back((steady_seconds() - begun) * 1e3);
                cpu_millis.push_back((cpu_seconds() - cpu) * 1e3);
            }
            buckets = rows.size();
        }
        report_.add({.name = std::move(name),
                     .unit = "ms",
                     .ours = std::move(millis),
                     .budget = at_most(kQueryBudget),
                     .note = fmt::format("{} buckets, {:.1f} ms CPU of both processes", buckets,
                                         median(std::move(cpu_millis)))});
    }

    Request const& request_;
    Report& report_;
    testing::PostgresServer server_{{"shared_buffers=512MB", "max_wal_size=4GB"}};
};

}  // namespace
}  // namespace muster::bench

int main(int count, char** arguments) {
    using namespace muster::bench;
    return run_program(
        count, arguments,
        {{"rounds", 5},
         {"batches", 10},
         {"held", 10'000'000},
         {"kept", 10'000'000},
         {"days", 30},
         {"services", 2'000}},
        [](Request const& request, Report& report) { Bench(request, report).run(); });
}
