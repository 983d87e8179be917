#pragma once

#include <cstdint>
#include <filesystem>
#include <map>
#include <string>
#include <vector>

namespace muster::testing {
class PostgresServer;
}

namespace muster::e2e {

/// One check as journal and database both tell it.
struct StoredCheck {
    std::string started_at;
    std::string status;

    auto operator<=>(StoredCheck const&) const = default;
};

/// `project/service` -> its checks, oldest first.
using StoredHistory = std::map<std::string, std::vector<StoredCheck>>;

/// What the journal in a data folder that nobody uses holds.
[[nodiscard]] StoredHistory history_in_journal(std::filesystem::path const& data);

/// What the view health_checks of its database holds.
[[nodiscard]] StoredHistory history_in_database(std::filesystem::path const& data);

/// What the view health_checks of a PostgreSQL database holds.
[[nodiscard]] StoredHistory history_in_postgres(testing::PostgresServer const& server,
                                                std::string const& database);

/// What SQLite says of the whole file: `ok`.
[[nodiscard]] std::string integrity_of_database(std::filesystem::path const& data);

/// The first column of the first row; empty where there is none.
[[nodiscard]] std::string ask_database(std::filesystem::path const& data, std::string const& sql);

}  // namespace muster::e2e
