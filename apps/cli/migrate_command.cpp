#include <cli/migrate_command.hpp>

#include <ostream>
#include <string_view>
#include <utility>
#include <vector>

#include <hub/settings.hpp>
#include <muster/config/document.hpp>
#include <muster/postgres/connection.hpp>
#include <muster/postgres/connection_parameters.hpp>
#include <muster/postgres/schema.hpp>

namespace muster {
namespace {

using config::Document;

Result<std::vector<Migration>> steps_of(MigrateCommand const& command, std::string const& url) {
    PostgresSession session;
    session.name = "muster migrate";
    auto const parameters = connection_parameters(url, session);
    if (!parameters) {
        return tl::unexpected(parameters.error());
    }
    auto const connection = PostgresConnection::open(*parameters);
    if (!connection) {
        return tl::unexpected(connection.error());
    }
    return command.dry_run ? missing_in(**connection, postgres_migrations())
                           : migrate(**connection, postgres_migrations());
}

void tell(MigrateCommand const& command, std::vector<Migration> const& steps, std::ostream& out) {
    if (command.json) {
        Document::List names;
        for (auto const& step : steps) {
            names.emplace_back(file_name_of(step));
        }
        out << to_json(Document::Map{{"engine", "postgresql"},
                                     {command.dry_run ? "missing" : "applied", std::move(names)}})
            << '\n';
        return;
    }
    for (auto const& step : steps) {
        out << (command.dry_run ? "would apply " : "applied ") << file_name_of(step) << '\n';
    }
    if (steps.empty()) {
        out << "the database is up to date\n";
    }
}

}  // namespace

int run_migrate(MigrateCommand const& command, config::Configuration const& configuration,
                std::ostream& out, std::ostream& err) {
    auto const& address = configuration.database.address;
    if (!address) {
        if (command.json) {
            out << to_json(
                       Document::Map{{"engine", "sqlite"},
                                     {command.dry_run ? "missing" : "applied", Document::List{}}})
                << '\n';
        } else {
            out << "no PostgreSQL is configured (database.url, DATABASE_URL, DB_HOST): the history "
                   "is an SQLite file, which the hub brings up to date when it starts\n";
        }
        return 0;
    }
    auto const steps = steps_of(command, secret_text(*address));
    if (!steps) {
        err << "muster: " << to_text(*address) << ": " << steps.error().message << '\n';
        return kExitFailed;
    }
    tell(command, *steps, out);
    return 0;
}

}  // namespace muster
