#pragma once

#include <cstdint>
#include <map>
#include <set>
#include <string>
#include <string_view>
#include <utility>

#include <muster/base/result.hpp>
#include <muster/base/time.hpp>
#include <muster/postgres/connection.hpp>
#include <muster/postgres/layout.hpp>

namespace muster::postgres {

/// The partitioned tables.
enum class Facts : std::uint8_t { passed, failed, minutes, hours };

[[nodiscard]] std::string_view table_of(Facts facts) noexcept;

/// Whether the table is TimescaleDB's to cut: then its days have rows in `part` and no partitions.
[[nodiscard]] bool is_hypertable(CheckLayout const& layout, Facts facts) noexcept;

/// Which partitions there are, as far as this session knows, and those that are missing made. Half
/// of their names is their first day: `check_passed_20261122`. Hours go by 28 days, all else by the
/// day, UTC.
class Partitions {
public:
    explicit Partitions(CheckLayout layout) : layout_(std::move(layout)) {}

    /// Where rows lie, or will.
    struct Place {
        Facts facts;
        std::int64_t number;  ///< Spans since 1970.

        auto operator<=>(Place const&) const = default;
    };
    [[nodiscard]] static Place place_of(Facts facts, WallTime at) noexcept;
    [[nodiscard]] static std::string name_of(Place place);
    [[nodiscard]] static WallTime start_of(Place place) noexcept;
    [[nodiscard]] static WallTime end_of(Place place) noexcept;

    /// Makes what is missing of the places, and of those behind them: the next day is there before
    /// its first row. In a transaction of its own; nothing to do costs nothing.
    [[nodiscard]] Result<void> make_ready(PostgresConnection& connection,
                                          std::set<Place> const& places);

    /// Drops what is remembered: somebody else may have dropped partitions.
    void forget() { ready_.clear(); }

private:
    CheckLayout const layout_;
    std::set<Place> ready_;
};

/// Adds bytes to the accounts of partitions, within the transaction that writes their rows. Hubs
/// share the accounts and wait for nobody: what another one's transaction holds is added with a
/// later batch. So an account says about how much there is.
class PartAccount {
public:
    [[nodiscard]] Result<void> add(PostgresTransaction& transaction,
                                   std::map<Partitions::Place, std::int64_t> const& bytes);
    /// The transaction has committed.
    void committed() { owed_as_committed_ = owed_; }
    /// It has not: what was owed before is.
    void forget() { owed_ = owed_as_committed_; }

private:
    std::map<Partitions::Place, std::int64_t> owed_;
    std::map<Partitions::Place, std::int64_t> owed_as_committed_;
};

}  // namespace muster::postgres
