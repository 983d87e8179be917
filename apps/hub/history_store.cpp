#include <hub/history_store.hpp>

#include <algorithm>
#include <utility>

#include <muster/postgres/history_reader.hpp>
#include <muster/postgres/result_store.hpp>
#include <muster/sqlite/history_reader.hpp>
#include <muster/sqlite/result_store.hpp>

namespace muster {
namespace {

constexpr std::size_t kSqliteReaders = 2;

using Readers = std::vector<std::unique_ptr<HistoryReader>>;

std::string file_in(std::filesystem::path const& data_folder) {
    return (data_folder / "muster.db").string();
}

Result<Readers> open_postgres_readers(config::Configuration const& configuration,
                                      Clock const& clock,
                                      std::shared_ptr<SessionWatch> const& watch) {
    auto const& database = configuration.database;
    PostgresHistoryReader::Options options;
    options.url = secret_text(*database.address);
    options.hub_id = configuration.hub.id;
    options.watch = watch;
    Readers readers;
    auto const count = std::max<std::size_t>(database.pool_max - 1, 1);
    while (readers.size() < count) {
        auto reader = PostgresHistoryReader::open(options, clock);
        if (!reader) {
            return tl::unexpected(std::move(reader.error()));
        }
        readers.push_back(std::move(*reader));
    }
    return readers;
}

Result<Readers> open_sqlite_readers(config::Configuration const& configuration,
                                    std::filesystem::path const& data_folder, Clock const& clock) {
    SqliteHistoryReader::Options options;
    options.hub_id = configuration.hub.id;
    Readers readers;
    while (readers.size() < kSqliteReaders) {
        auto reader = SqliteHistoryReader::open(file_in(data_folder), clock, options);
        if (!reader) {
            return tl::unexpected(std::move(reader.error()));
        }
        readers.push_back(std::move(*reader));
    }
    return readers;
}

}  // namespace

Result<std::unique_ptr<ResultStore>> open_history_store(config::Configuration const& configuration,
                                                        std::filesystem::path const& data_folder,
                                                        HistorySessions sessions) {
    auto const& database = configuration.database;
    if (!database.address) {
        return SqliteResultStore::open(file_in(data_folder));
    }
    PostgresResultStore::Options options;
    options.url = secret_text(*database.address);
    options.hub_id = configuration.hub.id;
    options.owner = std::move(sessions.journal_id);
    options.migrate = database.migrate;
    options.watch = std::move(sessions.watch);
    options.refused = std::move(sessions.refused);
    return PostgresResultStore::open(std::move(options));
}

Result<Readers> open_history_readers(config::Configuration const& configuration,
                                     std::filesystem::path const& data_folder, Clock const& clock,
                                     std::shared_ptr<SessionWatch> const& watch) {
    return configuration.database.address ? open_postgres_readers(configuration, clock, watch)
                                          : open_sqlite_readers(configuration, data_folder, clock);
}

std::size_t readers_at_once(config::Configuration const& configuration) {
    auto const& database = configuration.database;
    return database.address ? std::max<std::size_t>(database.pool_min, 1) - 1 : 0;
}

std::string name_of_store(config::Configuration const& configuration) {
    auto const& address = configuration.database.address;
    return address ? "PostgreSQL (" + to_text(*address) + ")" : "SQLite";
}

}  // namespace muster
