#include "raw_store.hpp"

#include <cstdio>
#include <cstdlib>
#include <string_view>
#include <variant>

#include <sqlite3.h>

namespace muster::bench {
namespace {

void must(sqlite3* database, int code) {
    if (code != SQLITE_OK && code != SQLITE_DONE) {
        std::fprintf(stderr, "raw store: %s\n", sqlite3_errmsg(database));
        std::abort();
    }
}

void bind(sqlite3_stmt* statement, int index, std::string const& text) {
    sqlite3_bind_text(statement, index, text.data(), static_cast<int>(text.size()), SQLITE_STATIC);
}

}  // namespace

RawStore::RawStore(std::string const& path, Kind kind) : kind_(kind) {
    must(database_, sqlite3_open_v2(
                        path.c_str(), &database_,
                        SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE | SQLITE_OPEN_NOMUTEX, nullptr));
    execute(
        "PRAGMA journal_mode=WAL; PRAGMA synchronous=NORMAL; PRAGMA secure_delete=OFF;"
        "PRAGMA cache_size=-16000; PRAGMA wal_autocheckpoint=4000");
    if (kind_ == Kind::wide) {
        execute(
            "CREATE TABLE checks (id INTEGER PRIMARY KEY, project_name TEXT, service_name TEXT,"
            " status TEXT, last_check TEXT, uptime_percentage REAL, response_time_ms INTEGER,"
            " error_message TEXT, recorded_at TEXT);"
            "CREATE INDEX by_project ON checks (project_name, recorded_at);"
            "CREATE INDEX by_time ON checks (recorded_at)");
    } else {
        execute(
            "CREATE TABLE checks (id INTEGER PRIMARY KEY, service INTEGER, at INTEGER,"
            " took INTEGER, status INTEGER, uptime INTEGER, response INTEGER, error TEXT)");
        if (kind_ == Kind::indexed) {
            execute("CREATE INDEX by_service ON checks (service, at)");
        }
    }
    auto const* const sql = "INSERT INTO checks VALUES (NULL, ?1, ?2, ?3, ?4, ?5, ?6, ?7)";
    auto const* const wide = "INSERT INTO checks VALUES (NULL, ?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8)";
    must(database_,
         sqlite3_prepare_v2(database_, kind_ == Kind::wide ? wide : sql, -1, &insert_, nullptr));
}

RawStore::~RawStore() {
    sqlite3_finalize(insert_);
    sqlite3_close_v2(database_);
}

void RawStore::prefill(std::int64_t rows, std::int64_t services, std::int64_t first_at) {
    if (kind_ == Kind::indexed) {
        execute("DROP INDEX by_service");
    }
    execute("WITH RECURSIVE n(i) AS (SELECT 0 UNION ALL SELECT i + 1 FROM n WHERE i < " +
            std::to_string(rows - 1) + ") INSERT INTO checks SELECT NULL, i % " +
            std::to_string(services) + " + 1, " + std::to_string(first_at) +
            " + i, 14, 1, 1000000, 12345 + i % 997, NULL FROM n");
    if (kind_ == Kind::indexed) {
        execute("CREATE INDEX by_service ON checks (service, at)");
    }
    execute("PRAGMA wal_checkpoint(TRUNCATE)");
}

void RawStore::append(StoreBatch const& batch) {
    execute("BEGIN IMMEDIATE");
    for (auto const& record : batch.records) {
        insert(std::get<CheckResult>(record.body));
    }
    execute("COMMIT");
}

void RawStore::insert(CheckResult const& result) {
    auto const& outcome = result.outcome;
    sqlite3_reset(insert_);
    int const error_at = 7;
    std::string project;
    std::string service;
    std::string last_check;
    std::string recorded_at;
    if (kind_ == Kind::wide) {
        project = "project-" + std::to_string(result.service.value / 10);
        service = "service-" + std::to_string(result.service.value);
        last_check = to_rfc3339(result.started_at);
        recorded_at = to_rfc3339(result.accepted_at);
        bind(insert_, 1, project);
        bind(insert_, 2, service);
        sqlite3_bind_text(insert_, 3, "healthy", -1, SQLITE_STATIC);
        bind(insert_, 4, last_check);
        sqlite3_bind_double(insert_, 5, result.uptime_percent);
        sqlite3_bind_int64(insert_, 6, outcome.response_time.count() / 1'000);
        bind(insert_, 8, recorded_at);
    } else {
        sqlite3_bind_int64(insert_, 1, result.service.value);
        sqlite3_bind_int64(insert_, 2, result.accepted_at.time_since_epoch().count());
        sqlite3_bind_int64(insert_, 3, (result.accepted_at - result.started_at).count());
        sqlite3_bind_int64(insert_, 4, static_cast<std::int64_t>(result.after.status));
        sqlite3_bind_int64(insert_, 5, static_cast<std::int64_t>(result.uptime_percent * 10'000));
        sqlite3_bind_int64(insert_, 6, outcome.response_time.count());
    }
    if (outcome.error.empty()) {
        sqlite3_bind_null(insert_, error_at);
    } else {
        bind(insert_, error_at, outcome.error);
    }
    must(database_, sqlite3_step(insert_));
}

void RawStore::execute(std::string const& sql) {
    must(database_, sqlite3_exec(database_, sql.c_str(), nullptr, nullptr, nullptr));
}

}  // namespace muster::bench
