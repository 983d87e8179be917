#pragma once

#include <string>

#include <muster/base/result.hpp>
#include <muster/postgres/connection.hpp>

namespace muster::postgres {

/// What cuts the tables of checks by the day, as the migrations chose: decision 0223.
struct CheckLayout {
    /// TimescaleDB, with its functions in this schema, as SQL writes it. Empty: partitions of ours.
    std::string timescale;

    [[nodiscard]] bool hypertables() const noexcept { return !timescale.empty(); }
};

[[nodiscard]] Result<CheckLayout> read_layout(PostgresConnection& connection);

}  // namespace muster::postgres
