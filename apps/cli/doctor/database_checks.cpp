#include <cli/doctor/database_checks.hpp>

#include <string>
#include <utility>

#include <fmt/format.h>

#include <muster/postgres/connection.hpp>
#include <muster/postgres/connection_parameters.hpp>
#include <muster/postgres/schema.hpp>

namespace muster {
namespace {

constexpr char const* kDatabase = "database";
constexpr int kOldest = 150'000;  ///< PostgreSQL 15

void check_steps(PostgresConnection& connection, bool migrate, Report const& report) {
    auto const missing = missing_in(connection, postgres_migrations());
    if (!missing) {
        report({kDatabase, Finding::failure, missing.error().message,
                "use the Muster that prepared it, or a newer one"});
    } else if (!missing->empty()) {
        report({kDatabase, Finding::warning,
                fmt::format("{} steps of its schema are missing", missing->size()),
                migrate ? "start the hub, or muster migrate: both bring it up to date"
                        : "muster migrate brings it up to date; until then the hub waits "
                          "(database.migrate is off)"});
    } else {
        report({kDatabase,
                Finding::ok,
                fmt::format("schema version {}, as this program",
                            postgres_migrations().back().version),
                {}});
    }
}

}  // namespace

void check_database(config::DatabaseSettings const& database, Report const& report) {
    if (!database.address) {
        return;
    }
    PostgresSession session;
    session.name = "muster doctor";
    auto const parameters = connection_parameters(secret_text(*database.address), session);
    auto const connection =
        parameters ? PostgresConnection::open(*parameters) : tl::unexpected(parameters.error());
    auto const place = to_text(*database.address);
    if (!connection) {
        report({kDatabase, Finding::failure, place + ": " + connection.error().message,
                "start PostgreSQL, or correct database.url (DATABASE_URL, DB_*); a hub waits for "
                "it and keeps its journal meanwhile"});
        return;
    }
    auto const version = (*connection)->server_version();
    if (version < kOldest) {
        report({kDatabase, Finding::failure,
                fmt::format("{} is PostgreSQL {}", place, version / 10'000),
                "PostgreSQL 15 or newer is needed"});
        return;
    }
    report(
        {kDatabase,
         Finding::ok,
         fmt::format("{} is reached, PostgreSQL {}.{}", place, version / 10'000, version % 10'000),
         {}});
    check_steps(**connection, database.migrate, report);
}

}  // namespace muster
