#pragma once

#include <filesystem>
#include <functional>
#include <memory>
#include <string>
#include <vector>

#include <muster/base/result.hpp>
#include <muster/config/model.hpp>
#include <muster/ports/clock.hpp>
#include <muster/ports/store.hpp>
#include <muster/postgres/session_watch.hpp>

namespace muster {

/// What a history that is a database needs of the hub beside its configuration.
struct HistorySessions {
    std::shared_ptr<SessionWatch> watch;  ///< Of all its sessions.
    std::string journal_id;
    /// Told, on the store lane, that the hub is refused: another one of its id writes to the
    /// database (conflict), or a newer program has prepared it (unsupported).
    std::function<void(Error const&)> refused;
};

/// Where the hub's history lies: the PostgreSQL database of the configuration, else an SQLite file
/// in the data folder. A database is connected to by the first call: one that is away, or slow, is
/// waited for without holding up the start. Errors: invalid, corrupt, unsupported (of the file).
[[nodiscard]] Result<std::unique_ptr<ResultStore>> open_history_store(
    config::Configuration const& configuration, std::filesystem::path const& data_folder,
    HistorySessions sessions);

/// A reader for each read lane. PostgreSQL: as many as connections may be open besides the one that
/// writes; each connects by its first call. SQLite: two. `clock` must outlive them.
[[nodiscard]] Result<std::vector<std::unique_ptr<HistoryReader>>> open_history_readers(
    config::Configuration const& configuration, std::filesystem::path const& data_folder,
    Clock const& clock, std::shared_ptr<SessionWatch> const& watch);

/// How many of these shall connect from the start: none of a file.
[[nodiscard]] std::size_t readers_at_once(config::Configuration const& configuration);

/// For people, without secrets: `PostgreSQL (postgresql://db:5432/orchestration)`.
[[nodiscard]] std::string name_of_store(config::Configuration const& configuration);

}  // namespace muster
