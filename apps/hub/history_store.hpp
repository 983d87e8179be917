#pragma once

#include <filesystem>
#include <memory>
#include <string>
#include <vector>

#include <muster/base/result.hpp>
#include <muster/config/model.hpp>
#include <muster/ports/clock.hpp>
#include <muster/ports/store.hpp>

namespace muster {

/// Where the hub's history lies: the PostgreSQL database of the configuration, else an SQLite file
/// in the data folder. A database that is away is no error: it is waited for. Errors: conflict
/// (another hub of this id writes to it), unsupported (a newer program's), invalid, corrupt.
[[nodiscard]] Result<std::unique_ptr<ResultStore>> open_history_store(
    config::Configuration const& configuration, std::filesystem::path const& data_folder);

/// A reader for each read lane. PostgreSQL: as many as connections may be open besides the one that
/// writes; so many as there shall be from the start connect at once, the others when they are
/// needed. SQLite: two. `clock` must outlive them.
[[nodiscard]] Result<std::vector<std::unique_ptr<HistoryReader>>> open_history_readers(
    config::Configuration const& configuration, std::filesystem::path const& data_folder,
    Clock const& clock);

/// For people, without secrets: `PostgreSQL (postgresql://db:5432/orchestration)`.
[[nodiscard]] std::string name_of_store(config::Configuration const& configuration);

}  // namespace muster
