#include "stored_history.hpp"

#include <memory>
#include <sstream>
#include <stdexcept>
#include <variant>

#include <sqlite3.h>

#include <muster/journal/file_journal.hpp>
#include <muster/recording/journal_record.hpp>
#include <muster/testing/postgres_server.hpp>

namespace muster::e2e {
namespace {

struct CloseDatabase {
    void operator()(sqlite3* database) const { sqlite3_close(database); }
};
struct EndStatement {
    void operator()(sqlite3_stmt* statement) const { sqlite3_finalize(statement); }
};

std::string column(sqlite3_stmt* statement, int index) {
    auto const* const text = sqlite3_column_text(statement, index);
    return text == nullptr ? std::string() : reinterpret_cast<char const*>(text);
}

/// Calls `row` for each row of the answer.
template <class Row>
void query(std::filesystem::path const& data, std::string const& sql, Row row) {
    sqlite3* opened = nullptr;
    sqlite3_open_v2((data / "muster.db").c_str(), &opened, SQLITE_OPEN_READWRITE, nullptr);
    std::unique_ptr<sqlite3, CloseDatabase> const database(opened);
    sqlite3_busy_timeout(opened, 5'000);
    sqlite3_stmt* prepared = nullptr;
    if (sqlite3_prepare_v2(opened, sql.c_str(), -1, &prepared, nullptr) != SQLITE_OK) {
        throw std::runtime_error(sql + ": " + sqlite3_errmsg(opened));
    }
    std::unique_ptr<sqlite3_stmt, EndStatement> const statement(prepared);
    while (sqlite3_step(prepared) == SQLITE_ROW) {
        row(prepared);
    }
}

/// Registry and results as the journal tells them.
struct Reading {
    StoredHistory history;
    std::map<ServiceId, std::string> names;

    void operator()(ServiceChanged const& changed) {
        names[changed.service.id] = changed.service.spec.project + "/" + changed.service.spec.name;
    }
    void operator()(CheckResult const& result) {
        if (result.outcome.verdict != Verdict::not_counted) {
            history[names[result.service]].push_back(
                {to_rfc3339(result.started_at), std::string(to_string(result.after.status))});
        }
    }
    template <class Body>
    void operator()(Body const&) {}
};

}  // namespace

StoredHistory history_in_journal(std::filesystem::path const& data) {
    FileJournal::Options options;
    options.folder = data / "journal";
    auto const journal = FileJournal::open(options, WallTime{});
    if (!journal) {
        throw std::runtime_error(journal.error().message);
    }
    auto const state = (*journal)->state();
    auto const reader = (*journal)->reader();
    Reading reading;
    for (std::uint64_t after = 0; after < state.last_seq;) {
        auto const chunk = reader->read(after, state.last_seq, 1U << 20U);
        if (!chunk || chunk->first_seq != after + 1) {
            throw std::runtime_error("the journal has a hole behind " + std::to_string(after));
        }
        auto const records = decode_frames(chunk->frames);
        if (!records) {
            throw std::runtime_error(records.error().message);
        }
        for (auto const& record : *records) {
            std::visit(reading, record.body);
        }
        after = chunk->last_seq;
    }
    return reading.history;
}

StoredHistory history_in_database(std::filesystem::path const& data) {
    StoredHistory history;
    query(data,
          "SELECT project_name, service_name, last_check, status FROM health_checks "
          "ORDER BY recorded_at, id",
          [&history](sqlite3_stmt* row) {
              history[column(row, 0) + "/" + column(row, 1)].push_back(
                  {column(row, 2), column(row, 3)});
          });
    return history;
}

std::string ask_database(std::filesystem::path const& data, std::string const& sql) {
    std::string answer;
    bool first = true;
    query(data, sql, [&](sqlite3_stmt* row) {
        if (std::exchange(first, false)) {
            answer = column(row, 0);
        }
    });
    return answer;
}

StoredHistory history_in_postgres(testing::PostgresServer const& server,
                                  std::string const& database) {
    std::istringstream lines(server.ask(
        database,
        "SELECT project_name || '/' || service_name, to_char(last_check AT TIME ZONE 'UTC',"
        " 'YYYY-MM-DD\"T\"HH24:MI:SS.MS\"Z\"'), status FROM health_checks ORDER BY id"));
    StoredHistory history;
    std::string service;
    std::string at;
    std::string status;
    while (std::getline(lines, service, '|') && std::getline(lines, at, '|') &&
           std::getline(lines, status)) {
        history[service].push_back({at, status});
    }
    return history;
}

std::string integrity_of_database(std::filesystem::path const& data) {
    return ask_database(data, "PRAGMA integrity_check");
}

}  // namespace muster::e2e
